// Questions and acts about quotas outside a call. The limits are those a call of the tool would meet.
import type { Principal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import { withCanary } from "../pipeline/find-visible.ts";
import { toPlan } from "../pipeline/plan.ts";
import type { ToolLimits } from "../quota/index.ts";
import { intendAct, recordAct, toAct } from "./acts.ts";
import type { Quotas } from "./registry.ts";
import type { KeptOverrides } from "./settings/kept-overrides.ts";
import { toSettingId } from "./settings/setting-rules.ts";
import type { Settings } from "./settings/settings.ts";

interface Parts {
  readonly environment: Environment;
  readonly overrides: KeptOverrides;
  /** null: nothing outlives the process. */
  readonly kept: Settings | null;
}

/** The quotas of a registry. */
export function createQuotas(parts: Parts): Quotas {
  const { environment } = parts;
  const { limiter } = environment;
  return {
    async check(input, ref, cost) {
      const principal = environment.principals.identify(input);
      return limiter.check(toLimits(environment, ref, principal), principal, cost);
    },
    async consume(input, ref, cost) {
      const principal = environment.principals.identify(input);
      return limiter.consume(toLimits(environment, ref, principal), principal, cost);
    },
    async remaining(input, ref) {
      const principal = environment.principals.identify(input);
      return limiter.remaining(toLimits(environment, ref, principal), principal);
    },
    overrides: () => limiter.overrides,

    async reset(input, ref, options = {}) {
      const principal = environment.principals.identify(input);
      const { tenant, id } = principal;
      const limits = toLimits(environment, ref, principal);
      const act = toAct("quotas.reset", options, { tenant, principal: id }, environment);
      await intendAct(environment, "quota.reset", ref ?? "*", act);
      await limiter.reset(limits, principal);
      await recordAct(environment, "quota.reset", ref ?? "*", act);
    },

    override: createOverride(parts),
  };
}

/** The limits of the version that would answer the principal. */
function toLimits(environment: Environment, ref: string | undefined, principal: Principal): ToolLimits {
  if (ref === undefined) return environment.limiter.shared;
  const found = environment.catalogue.snapshot.lookup(ref, principal.tenant);
  if (found.kind === "found") return toPlan(withCanary(found, environment, principal).entry, environment).limits;
  throw new ToolyardError("NOT_PUBLISHED", `quotas: there is no tool for ${JSON.stringify(ref)}`);
}

function createOverride({ environment, overrides, kept }: Parts): Quotas["override"] {
  const { limiter, principals } = environment;
  return async (input, limit, spec, options = {}) => {
    const principal = principals.identify(input);
    const { tenant, id } = principal;
    const setting = toSettingId(tenant, id, limit);
    if (kept !== null && spec !== null) {
      await kept.set("override", setting, { ...spec }, options);
      return;
    }
    // Taking back what is not there is no fault, an unknown limit is one.
    if (kept !== null) {
      if (!(await kept.remove("override", setting, options))) limiter.override(principal, limit, null);
      return;
    }
    const details = { tenant, principal: id, limit, spec: spec && { ...spec } };
    const act = toAct("quotas.override", options, details, environment);
    if (spec !== null) overrides.check({ principal, limit }, spec);
    else if (!overrides.isInForce({ principal, limit })) limiter.override(principal, limit, null);
    overrides.put({ principal, limit }, spec);
    await recordAct(environment, "quota.overridden", "*", act);
  };
}
