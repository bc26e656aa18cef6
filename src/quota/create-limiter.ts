// Wires the parts of a limiter: what compiles limits, what admits calls by them, what operators read and change.
import { toProblemsError } from "../errors/toolyard-error.ts";
import { checkConcurrency, checkLimits } from "../tool/check-limit.ts";
import { toLimitName } from "../tool/limit-name.ts";
import { createAdmission } from "./admission.ts";
import { createCompiler } from "./compiler.ts";
import type { Limiter, LimiterOptions } from "./limiter.ts";
import { overrideLimit } from "./override-limit.ts";
import { createOverrides } from "./overrides.ts";
import { createQuotas } from "./quotas.ts";

/** Creates a limiter. Throws INVALID_OPTION with everything that is wrong with the limits. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { limits, concurrency, versionsOf } = options;
  const problems = [...checkLimits(limits, "limits"), ...checkConcurrency(concurrency, "concurrency")];
  if (problems.length > 0)
    throw toProblemsError("INVALID_OPTION", "The limits of the registry cannot be used.", problems);
  const overrides = createOverrides();
  const { shared, compile } = createCompiler(options, overrides);
  const names = Object.freeze(limits.map(toLimitName));
  return {
    compile,
    shared,
    ...createAdmission(options),
    ...createQuotas(options),
    override(principal, limit, spec) {
      overrideLimit({ overrides, names, limits, versionsOf }, principal, limit, spec);
    },
    get overrides() {
      return overrides.list;
    },
    names,
  };
}
