// Questions and acts about quotas outside a call. The limits are those a call of the tool would meet.
import { createPrincipal, type Principal, type PrincipalInput } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import { withCanary } from "../pipeline/find-visible.ts";
import { toPlan } from "../pipeline/plan.ts";
import type { ToolLimits } from "../quota/index.ts";
import { intendAct, recordAct } from "./acts.ts";
import type { Quotas } from "./registry.ts";
import { toSettingId } from "./settings/setting-rules.ts";
import type { Settings } from "./settings/settings.ts";

/** The quotas of a registry. */
export function createQuotas(environment: Environment, kept: Settings | null): Quotas {
  const { limiter } = environment;

  const toPrincipal = (input: PrincipalInput): Principal =>
    environment.principals.check(input) ?? createPrincipal(input);

  /** Those of the version that would answer the principal. */
  const toLimits = (ref: string | undefined, principal: Principal): ToolLimits => {
    if (ref === undefined) return limiter.shared;
    const found = environment.catalogue.snapshot.lookup(ref, principal.tenant);
    if (found.kind === "found") return toPlan(withCanary(found, environment, principal).entry, environment).limits;
    throw new ToolyardError("NOT_PUBLISHED", `quotas: there is no tool for ${JSON.stringify(ref)}`);
  };

  return {
    async check(input, ref, cost) {
      const principal = toPrincipal(input);
      return limiter.check(toLimits(ref, principal), principal, cost);
    },
    async consume(input, ref, cost) {
      const principal = toPrincipal(input);
      return limiter.consume(toLimits(ref, principal), principal, cost);
    },
    async remaining(input, ref) {
      const principal = toPrincipal(input);
      return limiter.remaining(toLimits(ref, principal), principal);
    },
    overrides: () => limiter.overrides,

    async reset(input, ref) {
      const principal = toPrincipal(input);
      await intendAct(environment, "quota.reset", ref ?? "*", { principal });
      await limiter.reset(toLimits(ref, principal), principal);
      await recordAct(environment, "quota.reset", ref ?? "*", { principal });
    },

    async override(input, limit, spec) {
      const principal = toPrincipal(input);
      if (kept !== null) {
        const id = toSettingId(principal.tenant, principal.id, limit);
        // Also one that was never kept: taking back what is not there is no fault, an unknown limit is one.
        if (spec === null) limiter.override(principal, limit, null);
        await (spec === null ? kept.remove("override", id) : kept.set("override", id, { ...spec }));
        return;
      }
      limiter.override(principal, limit, spec);
      await recordAct(environment, "quota.overridden", "*", { principal, details: { limit, spec } });
    },
  };
}
