// Wires the parts of a limiter: what compiles limits, what admits calls by them, what operators read and change.
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import { checkConcurrency, checkLimits } from "../tool/check-limit.ts";
import { toLimitName } from "../tool/limit-name.ts";
import { createAdmission } from "./admission.ts";
import { createCompiler } from "./compiler.ts";
import type { Limiter, LimiterOptions } from "./limiter.ts";
import { checkOverride, overrideLimit } from "./override-limit.ts";
import { createOverrides } from "./overrides.ts";
import { createQuotas } from "./quotas.ts";

/** Creates a limiter. Throws INVALID_OPTION with everything that is wrong with the limits. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { concurrency, versionsOf } = options;
  let { limits } = options;
  check([...checkLimits(limits, "limits"), ...checkConcurrency(concurrency, "concurrency")]);
  const overrides = createOverrides();
  let compiler = createCompiler(options, overrides);
  let names = Object.freeze(limits.map(toLimitName));
  let epoch = 1;
  return {
    get epoch() {
      return epoch;
    },
    compile: (tool) => compiler.compile(tool),
    get shared() {
      return compiler.shared;
    },
    setLimits(next) {
      check(checkLimits(next, "limits"));
      limits = next;
      compiler = createCompiler({ ...options, limits }, overrides);
      names = Object.freeze(limits.map(toLimitName));
      epoch++;
    },
    ...createAdmission(options),
    ...createQuotas(options),
    override(principal, limit, spec) {
      overrideLimit({ overrides, names, limits, versionsOf }, principal, limit, spec);
    },
    checkOverride(principal, limit, spec) {
      checkOverride({ overrides, names, limits, versionsOf }, principal, limit, spec);
    },
    get overrides() {
      return overrides.list;
    },
    get names() {
      return names;
    },
  };
}

function check(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw toProblemsError("INVALID_OPTION", "The limits of the registry cannot be used.", problems);
}
