// Checks an override before it is kept: an operator's slip in a name or a number must not silently limit nobody.
import type { Principal } from "../call/principal.ts";
import { type Problem, ToolyardError, toProblemsError } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";
import { checkAmounts } from "../tool/check-limit.ts";
import type { Limit } from "../tool/limit.ts";
import { type CompiledLimit, compileLimit, compileOwnLimit, toTool } from "./compiled-limit.ts";
import type { LimiterOptions, QuotaOverrideSpec } from "./limiter.ts";
import type { Overrides } from "./overrides.ts";

interface Context {
  readonly overrides: Overrides;
  readonly limits: readonly Limit[];
  /** Of `limits`. */
  readonly names: readonly string[];
  readonly versionsOf: LimiterOptions["versionsOf"];
}

const SPEC_KEYS: readonly string[] = ["capacity", "windowMs", "burst"];

/** Sets or, with null, takes back an override. Throws UNKNOWN_LIMIT or INVALID_OPTION. */
export function overrideLimit(
  context: Context,
  principal: Principal,
  name: string,
  spec: QuotaOverrideSpec | null,
): void {
  // Also when the limit itself is gone by now.
  if (spec === null && context.overrides.delete(principal, name)) return;
  if (spec === null) findOwnLimit(context, name);
  else {
    checkOverride(context, principal, name, spec);
    context.overrides.set(principal, name, spec);
  }
}

/** Throws what refuses the override, and sets nothing. */
export function checkOverride(context: Context, principal: Principal, name: string, spec: QuotaOverrideSpec): void {
  const problems = checkSpec(findOwnLimit(context, name), spec);
  if (problems.length > 0)
    throw toProblemsError("INVALID_OPTION", `The override of ${JSON.stringify(name)} cannot be used.`, problems);
  context.overrides.checkRoom(principal, name);
}

/** The limit, which has to be one that is kept per principal. */
function findOwnLimit(context: Context, name: string): CompiledLimit {
  const limit = findLimit(context, name);
  if (limit.scopes.includes("principal")) return limit;
  const message = `override: received ${JSON.stringify(name)}, which others share; expected a limit that is kept per principal`;
  throw new ToolyardError("INVALID_OPTION", message);
}

function findLimit({ limits, names, versionsOf }: Context, name: string): CompiledLimit {
  const tool = toTool(name);
  const candidates =
    tool === null
      ? limits.map((limit) => compileLimit(limit, ""))
      : versionsOf(tool).flatMap((version) => version.limits.map((limit) => compileOwnLimit(limit, tool)));
  const found = candidates.find((limit) => limit.name === name);
  if (found !== undefined) return found;
  const known = [...new Set([...names, ...candidates.map((limit) => limit.name)])];
  const nearest = findNearest(name, known, 1)[0];
  const hint = nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`;
  const message = `override: received ${JSON.stringify(name)}, expected one of ${known.join(", ")}, or <tool>:<limit> for a tool's own${hint}`;
  throw new ToolyardError("UNKNOWN_LIMIT", message);
}

function checkSpec(limit: CompiledLimit, spec: QuotaOverrideSpec): readonly Problem[] {
  const { capacity, windowMs = limit.windowMs, burst } = spec;
  const unknown = Object.keys(spec)
    .filter((key) => !SPEC_KEYS.includes(key))
    .map((key) => ({ path: `override.${key}`, message: `is not known, expected one of ${SPEC_KEYS.join(", ")}` }));
  return [...unknown, ...checkAmounts({ capacity, windowMs, burst }, limit.algorithm, "override")];
}
