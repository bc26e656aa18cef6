// Questions and acts about quotas outside a call. The limits are those a call of the tool would meet.
import { createPrincipal, type Principal, type PrincipalInput } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import { toPlan } from "../pipeline/plan.ts";
import type { ToolLimits } from "../quota/index.ts";
import { recordAct } from "./acts.ts";
import { toKind } from "./options.ts";
import type { Quotas } from "./registry.ts";

/** The quotas of a registry. */
export function createQuotas(environment: Environment): Quotas {
  const { limiter, clock } = environment;

  const toPrincipal = (input: PrincipalInput): Principal => environment.principals.check(input) ?? createPrincipal(input);

  const toLimits = (ref: string | undefined): ToolLimits => {
    if (ref === undefined) return limiter.shared;
    const found = environment.catalogue.snapshot.lookup(ref);
    if (found.kind === "found") return toPlan(found.entry, environment).limits;
    throw new ToolyardError("NOT_PUBLISHED", `quotas: there is no tool for ${JSON.stringify(ref)}`);
  };

  const toCost = (cost: number): number => {
    if (typeof cost === "number" && cost >= 0 && Number.isFinite(cost)) return cost;
    throw new ToolyardError("INVALID_OPTION", `quotas: cost: received ${toKind(cost)}, expected a number of 0 or more`);
  };

  const take = async (input: PrincipalInput, ref: string | undefined, cost: number, dryRun: boolean) => {
    const refusal = await limiter.admit(toLimits(ref), toPrincipal(input), toCost(cost), dryRun);
    if (refusal === null) return { ok: true, retryAfterMs: 0, limit: null };
    return { ok: false, retryAfterMs: refusal.retryAfterMs, limit: refusal.limit };
  };

  return {
    check: (principal, ref, cost = 1) => take(principal, ref, cost, true),
    consume: (principal, ref, cost = 1) => take(principal, ref, cost, false),

    async remaining(principal, ref) {
      const states = await limiter.remaining(toLimits(ref), toPrincipal(principal));
      const at = clock.now();
      return states.map(({ resetsInMs, ...state }) => ({ ...state, resetsAt: at + resetsInMs }));
    },

    async reset(input, ref) {
      const principal = toPrincipal(input);
      await limiter.reset(toLimits(ref), principal);
      await recordAct(environment, "quota.reset", ref ?? "*", { principal });
    },

    async override(input, override) {
      const principal = toPrincipal(input);
      const { limit, ...spec } = override;
      await limiter.override(principal, limit, spec.capacity === null ? null : spec);
      await recordAct(environment, "quota.overridden", "*", { principal, details: { ...override } });
    },
  };
}
