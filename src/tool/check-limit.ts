// Whether limits can be what they say, before anything is kept under them. The bounds keep every sum and product of the
// bucket's arithmetic (`quota/token-bucket.ts`) within what a double holds exactly.
import type { Problem } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { ConcurrencyLimit, Limit } from "./limit.ts";
import { LIMIT_SCOPES, toConcurrencyName, toLimitName } from "./limit-name.ts";

/** Units: the largest capacity or burst. */
const MAX_UNITS = 1_000_000_000;
/** Units: the smallest capacity or burst, and the step in which costs are counted. */
const MIN_UNITS = 0.000_001;
/** Ten years. */
const MAX_WINDOW_MS = 315_576_000_000;

const MAX_RUNNING = 1_000_000;
const UNITS = `a number from ${MIN_UNITS} to ${MAX_UNITS}`;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const ALGORITHMS: readonly string[] = ["token-bucket", "fixed-window"];
const LIMIT_KEYS: readonly string[] = ["name", "per", "capacity", "windowMs", "algorithm", "burst", "roles"];
const CONCURRENCY_KEYS: readonly string[] = ["name", "per", "max", "roles"];

/**
 * Everything that is wrong with `value` as a list of limits; nothing when it is undefined.
 * @param path where the list stands, such as `limits`
 */
export function checkLimits(value: unknown, path: string): readonly Problem[] {
  return checkList(value, path, checkLimit, (limit) => toLimitName(limit as Limit));
}

/** The same for a list of concurrency limits. */
export function checkConcurrency(value: unknown, path: string): readonly Problem[] {
  return checkList(value, path, checkOneConcurrency, (limit) => toConcurrencyName(limit as ConcurrencyLimit));
}

/** What is wrong with the numbers of a limit, or of one that overrides it. */
export function checkAmounts(
  { capacity, windowMs, burst }: { readonly capacity?: unknown; readonly windowMs?: unknown; readonly burst?: unknown },
  algorithm: unknown,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (!isUnits(capacity))
    problems.push({ path: `${path}.capacity`, message: `${receive(capacity)}, expected ${UNITS}` });
  if (!isWhole(windowMs, MAX_WINDOW_MS)) {
    const message = `${receive(windowMs)}, expected whole milliseconds from 1 to ${MAX_WINDOW_MS} (10 years)`;
    problems.push({ path: `${path}.windowMs`, message });
  }
  if (burst === undefined) return problems;
  if (algorithm === "fixed-window") {
    const message = "a fixed window has no burst: its whole capacity may be taken at once; leave it out";
    problems.push({ path: `${path}.burst`, message });
  } else if (!isUnits(burst)) {
    problems.push({ path: `${path}.burst`, message: `${receive(burst)}, expected ${UNITS}` });
  }
  return problems;
}

type Check = (value: Record<string, unknown>, path: string) => readonly Problem[];

function checkList(value: unknown, path: string, check: Check, toName: (limit: object) => string): readonly Problem[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [{ path, message: `${receive(value)}, expected a list of limits` }];
  const problems: Problem[] = [];
  const names = new Map<string, number>();
  value.forEach((limit: unknown, index) => {
    const at = `${path}[${index}]`;
    const found = isObject(limit) ? check(limit, at) : [{ path: at, message: `${receive(limit)}, expected a limit` }];
    problems.push(...found);
    if (found.length > 0) return;
    const name = toName(limit as object);
    const first = names.get(name);
    if (first === undefined) names.set(name, index);
    else
      problems.push({
        path: `${at}.name`,
        message: `${path}[${first}] is called ${JSON.stringify(name)} too; give one another name`,
      });
  });
  return problems;
}

function checkLimit(limit: Record<string, unknown>, path: string): readonly Problem[] {
  const problems = [...checkKeys(limit, LIMIT_KEYS, path), ...checkCommon(limit, path)];
  const { algorithm } = limit;
  if (algorithm !== undefined && !(typeof algorithm === "string" && ALGORITHMS.includes(algorithm))) {
    problems.push({
      path: `${path}.algorithm`,
      message: `${receive(algorithm)}, ${expectOneOf(ALGORITHMS, algorithm)}`,
    });
  }
  return [...problems, ...checkAmounts(limit, algorithm, path)];
}

function checkOneConcurrency(limit: Record<string, unknown>, path: string): readonly Problem[] {
  const problems = [...checkKeys(limit, CONCURRENCY_KEYS, path), ...checkCommon(limit, path)];
  if (isWhole(limit["max"], MAX_RUNNING)) return problems;
  const message = `${receive(limit["max"])}, expected an integer from 1 to ${MAX_RUNNING}`;
  return [...problems, { path: `${path}.max`, message }];
}

function checkKeys(limit: object, known: readonly string[], path: string): Problem[] {
  return Object.keys(limit)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: `${path}.${key}`, message: `is not known, ${expectOneOf(known, key)}` }));
}

function checkCommon({ name, per, roles }: Record<string, unknown>, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  if (name !== undefined && !(typeof name === "string" && NAME.test(name))) {
    const message = `${receive(name)}, expected 1 to 64 letters, digits, "_", "." and "-", the first a letter or digit`;
    problems.push({ path: `${path}.name`, message });
  }
  problems.push(...checkScopes(per, `${path}.per`));
  if (roles !== undefined && !isRoleList(roles)) {
    const message = `${receive(roles)}, expected one or more role names; leave it out for everybody`;
    problems.push({ path: `${path}.roles`, message });
  }
  return problems;
}

function checkScopes(per: unknown, path: string): readonly Problem[] {
  if (!Array.isArray(per)) return [{ path, message: `${receive(per)}, expected a list of ${LIMIT_SCOPES.join(", ")}` }];
  return per.flatMap((scope: unknown, index): readonly Problem[] => {
    const at = `${path}[${index}]`;
    const known: readonly unknown[] = LIMIT_SCOPES;
    if (!known.includes(scope))
      return [{ path: at, message: `${receive(scope)}, ${expectOneOf(LIMIT_SCOPES, scope)}` }];
    return per.indexOf(scope) === index ? [] : [{ path: at, message: `${receive(scope)} twice; remove one` }];
  });
}

function isRoleList(roles: unknown): boolean {
  return Array.isArray(roles) && roles.length > 0 && roles.every((role) => typeof role === "string" && role !== "");
}

function isUnits(value: unknown): boolean {
  return typeof value === "number" && value >= MIN_UNITS && value <= MAX_UNITS;
}

function isWhole(value: unknown, max: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= max;
}

function expectOneOf(known: readonly string[], received: unknown): string {
  const nearest = typeof received === "string" ? findNearest(received, known, 1)[0] : undefined;
  const hint = nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`;
  return `expected one of ${known.join(", ")}${hint}`;
}

function receive(value: unknown): string {
  if (typeof value === "string")
    return `received ${JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)}`;
  if (value === undefined) return "received nothing";
  if (value === null || typeof value === "boolean" || typeof value === "number") return `received ${String(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? "received an empty list" : "received a list";
  return typeof value === "object" ? "received an object" : `received a ${typeof value}`;
}
