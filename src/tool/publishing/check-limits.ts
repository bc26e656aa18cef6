// The limits a definition declares, one by one and against its cost.
import type { ConcurrencyLimit, Limit, LimitScope } from "../limit.ts";
import type { FieldReader, NumberRule } from "./field-reader.ts";

const SCOPES: readonly LimitScope[] = ["principal", "role", "tenant", "tool", "ip"];
const ALGORITHMS = ["token-bucket", "fixed-window"] as const;
const LIMIT_FIELDS = ["name", "per", "capacity", "windowMs", "algorithm", "burst", "roles"];
const CONCURRENCY_FIELDS = ["name", "per", "max", "roles"];
const MAX_LIMITS = 32;
const MAX_NAME = 128;
const MAX_ROLES = 64;

const POSITIVE: NumberRule = { accepts: (value) => value > 0, expected: "a number over 0" };
const ONE_OR_MORE: NumberRule = { accepts: (value) => value >= 1, expected: "a number of 1 or more" };
const COUNT: NumberRule = { accepts: (value) => Number.isSafeInteger(value) && value >= 1, expected: "an integer of 1 or more" };

/** `limits` of a definition. */
export function readLimits(reader: FieldReader): readonly Limit[] {
  const limits = reader.records("limits", MAX_LIMITS, readLimit) ?? [];
  refuseSameNames(reader, "limits", limits);
  return limits;
}

function readLimit(reader: FieldReader): Limit | null {
  reader.refuseUnknown(LIMIT_FIELDS);
  requireFields(reader, ["per", "capacity", "windowMs"]);
  const { name, per, roles } = readCommon(reader);
  const capacity = reader.number("capacity", POSITIVE);
  const windowMs = reader.number("windowMs", POSITIVE);
  const algorithm = reader.choice("algorithm", ALGORITHMS);
  const burst = reader.number("burst", ONE_OR_MORE);
  if (algorithm === "fixed-window" && reader.has("burst")) {
    reader.report("burst", "has no meaning with a fixed window, which gives everything at once; leave it out");
  }
  if (per === undefined || capacity === undefined || windowMs === undefined) return null;
  return {
    ...(name === undefined ? {} : { name }),
    per,
    capacity,
    windowMs,
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(burst === undefined ? {} : { burst }),
    ...(roles === undefined ? {} : { roles }),
  };
}

/** `concurrency` of a definition. */
export function readConcurrency(reader: FieldReader): readonly ConcurrencyLimit[] {
  const limits = reader.records("concurrency", MAX_LIMITS, readConcurrencyLimit) ?? [];
  refuseSameNames(reader, "concurrency", limits);
  return limits;
}

function readConcurrencyLimit(reader: FieldReader): ConcurrencyLimit | null {
  reader.refuseUnknown(CONCURRENCY_FIELDS);
  requireFields(reader, ["per", "max"]);
  const { name, per, roles } = readCommon(reader);
  const max = reader.number("max", COUNT);
  if (per === undefined || max === undefined) return null;
  return { ...(name === undefined ? {} : { name }), per, max, ...(roles === undefined ? {} : { roles }) };
}

interface Common {
  readonly name: string | undefined;
  readonly per: readonly LimitScope[] | undefined;
  readonly roles: readonly string[] | undefined;
}

function readCommon(reader: FieldReader): Common {
  const roles = reader.texts("roles", MAX_ROLES, MAX_NAME);
  if (roles?.length === 0) reader.report("roles", "is empty, so the limit applies to nobody; name roles or leave it out");
  return { name: reader.text("name", { maxLength: MAX_NAME }), per: reader.choices("per", SCOPES), roles };
}

function requireFields(reader: FieldReader, fields: readonly string[]): void {
  for (const field of fields) if (!reader.has(field)) reader.report(field, "is missing");
}

function refuseSameNames(reader: FieldReader, field: string, limits: readonly { readonly name?: string }[]): void {
  const names = new Set<string>();
  for (const { name } of limits) {
    if (name === undefined) continue;
    if (names.has(name)) reader.report(field, `has two limits of the name ${JSON.stringify(name)}; names are unique within a tool`);
    names.add(name);
  }
}

/** A cost that a limit can never grant would refuse every call. */
export function checkCostFits(reader: FieldReader, cost: number, limits: readonly Limit[]): void {
  for (const [index, { capacity, burst }] of limits.entries()) {
    const most = burst ?? capacity;
    if (cost > most) reader.report("cost", `is ${cost}, more than limits[${index}] ever grants at once (${most}); no call would be admitted`);
  }
}
