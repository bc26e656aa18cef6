// Reads MeteringOptions: what was received, what is accepted, and the nearest name.
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { MeteringOptions } from "./metering.ts";

const MIN_RETENTION_MS = 60_000;
const MAX_RETENTION_MS = 30 * 86_400_000;
const KEYS = ["retentionMs", "byPrincipal", "enabled"];

/** The options with their defaults. Throws INVALID_OPTION with every problem. */
export function readMeteringOptions(options: MeteringOptions): Required<MeteringOptions> {
  const received: unknown = options;
  if (!isObject(received)) {
    throw toProblemsError("INVALID_OPTION", "metering: cannot be used", [
      { path: "metering", message: `received ${describe(received)}, expected an object` },
    ]);
  }
  const problems: Problem[] = [];
  for (const key of Object.keys(options)) {
    if (KEYS.includes(key)) continue;
    const [nearest] = findNearest(key, KEYS);
    const hint = nearest === undefined ? `expected one of ${KEYS.join(", ")}` : `did you mean "${nearest}"?`;
    problems.push({ path: `metering.${key}`, message: `there is no such option; ${hint}` });
  }
  const { retentionMs = 86_400_000, byPrincipal = false, enabled = true } = options;
  if (typeof retentionMs !== "number" || !(retentionMs >= MIN_RETENTION_MS && retentionMs <= MAX_RETENTION_MS)) {
    const nearest = typeof retentionMs === "number" && retentionMs > MAX_RETENTION_MS ? MAX_RETENTION_MS : MIN_RETENTION_MS;
    const message = `received ${describe(retentionMs)}, expected ${MIN_RETENTION_MS} (a minute) to ${MAX_RETENTION_MS} (30 days) milliseconds; the nearest is ${nearest}`;
    problems.push({ path: "metering.retentionMs", message });
  }
  for (const [key, value] of Object.entries({ byPrincipal, enabled })) {
    if (typeof value === "boolean") continue;
    problems.push({ path: `metering.${key}`, message: `received ${describe(value)}, expected true or false` });
  }
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "metering: cannot be used", problems);
  return { retentionMs, byPrincipal, enabled };
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeof value;
}
