// Checks what is asked for when a key is made, rotated or revoked: every problem at once.
import { createPrincipal } from "../call/principal.ts";
import { formatReceived, type OptionReader, readOptions } from "../errors/option-problems.ts";
import { isKeyEnv } from "./key-format.ts";
import type { KeyInput, RevokeOptions, RotateOptions } from "./keys.ts";

const DAY = 86_400_000;
const DEFAULT_LIFETIME_MS = 90 * DAY;
const DEFAULT_OVERLAP_MS = DAY;
const MIN_LIFETIME_MS = 1_000;
const MAX_LIFETIME_MS = 3_650 * DAY;
const MAX_OVERLAP_MS = 90 * DAY;
const MAX_NAME = 128;
const MAX_REASON = 1_024;
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

export interface CheckedKeyInput {
  readonly principal: string;
  readonly tenant: string;
  readonly name: string;
  readonly env: string;
  readonly roles: readonly string[] | null;
  readonly scopes: readonly string[];
  readonly lifetimeMs: number | null;
  readonly by: string | null;
}

const INPUT_KEYS = ["principal", "tenant", "name", "env", "roles", "scopes", "lifetimeMs", "by"];

/** What `create` was given, with the defaults. Throws INVALID_OPTION. */
export function readKeyInput(input: KeyInput): CheckedKeyInput {
  const reader = readOptions("key", input, INPUT_KEYS);
  // Whatever it is: the type says only what it should be.
  const given: KeyInput = input ?? {};
  const whose = readPrincipal(reader, given);
  const { name = whose.principal.slice(0, MAX_NAME), env = "live" } = given;
  if (!isText(name, MAX_NAME)) reader.refuse("name", `received ${formatReceived(name)}, expected ${EXPECTED_NAME}`);
  if (!isKeyEnv(env))
    reader.refuse(
      "env",
      `received ${formatReceived(env)}, expected 1 to 16 of a to z and 0 to 9, such as live or test`,
    );
  const lifetimeMs = readLifetime(reader, given.lifetimeMs, DEFAULT_LIFETIME_MS);
  const by = readText(reader, "by", given.by, 600);
  reader.done();
  return { ...whose, name, env, lifetimeMs, by };
}

const EXPECTED_NAME = `1 to ${MAX_NAME} characters without control characters`;

function readPrincipal(
  reader: OptionReader,
  { principal, tenant, roles = null, scopes }: KeyInput,
): Pick<CheckedKeyInput, "principal" | "tenant" | "roles" | "scopes"> {
  try {
    const checked = createPrincipal({
      id: principal,
      ...(tenant !== undefined && { tenant }),
      ...(roles !== null && { roles }),
      ...(scopes !== undefined && { scopes }),
    });
    const own = roles === null ? null : checked.roles;
    return { principal: checked.id, tenant: checked.tenant, roles: own, scopes: checked.scopes };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [, field = "", message = ""] = /^principal\.([^:]+): (.*)$/s.exec(error.message) ?? [];
    reader.refuse(field === "id" ? "principal" : field, message);
    return { principal: "", tenant: "", roles: null, scopes: [] };
  }
}

export interface CheckedRotation {
  readonly overlapMs: number;
  /** undefined: as long as the old one. */
  readonly lifetimeMs: number | null | undefined;
  readonly by: string | null;
}

/** What `rotate` was given, with the defaults. Throws INVALID_OPTION. */
export function readRotation(options: RotateOptions): CheckedRotation {
  const reader = readOptions("rotate", options, ["overlapMs", "lifetimeMs", "by"]);
  const overlapMs = reader.integer("overlapMs", 0, MAX_OVERLAP_MS, DEFAULT_OVERLAP_MS);
  const given = options as RotateOptions | null;
  const lifetimeMs = given?.lifetimeMs === undefined ? undefined : readLifetime(reader, given.lifetimeMs, null);
  const by = readText(reader, "by", given?.by, 600);
  reader.done();
  return { overlapMs, lifetimeMs, by };
}

/** What `revoke` was given, with the defaults. Throws INVALID_OPTION. */
export function readRevocation(options: RevokeOptions): Required<RevokeOptions> {
  const reader = readOptions("revoke", options, ["by", "reason"]);
  const given = options as RevokeOptions | null;
  const by = readText(reader, "by", given?.by, 600);
  const reason = readText(reader, "reason", given?.reason, MAX_REASON);
  reader.done();
  return { by, reason };
}

function readLifetime(reader: OptionReader, given: unknown, fallback: number | null): number | null {
  if (given === undefined) return fallback;
  if (given === null) return null;
  if (typeof given === "number" && Number.isInteger(given) && given >= MIN_LIFETIME_MS && given <= MAX_LIFETIME_MS)
    return given;
  const range = `an integer from ${MIN_LIFETIME_MS} to ${MAX_LIFETIME_MS}, or null for a key that does not expire`;
  reader.refuse("lifetimeMs", `received ${formatReceived(given)}, expected ${range}`);
  return null;
}

function readText(reader: OptionReader, key: string, value: unknown, max: number): string | null {
  if (value === undefined || value === null) return null;
  if (isText(value, max)) return value;
  reader.refuse(key, `received ${formatReceived(value)}, expected 1 to ${max} characters without control characters`);
  return null;
}

function isText(value: unknown, max: number): value is string {
  return typeof value === "string" && value.length <= max && PRINTABLE.test(value);
}
