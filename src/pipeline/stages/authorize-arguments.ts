// Decides again where a rule has a condition on the arguments, now that they are known to fit the schema. A condition
// never sees anything else: one that reads unchecked arguments fails open.
import type { Outcome } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import type { Call } from "../call.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";

/** Refuses with FORBIDDEN. */
export function authorizeArguments(call: Call, plan: Plan, principal: Principal): Outcome | undefined {
  if (!call.conditional) return undefined;
  const decision = plan.access.decideArguments(principal, call.input);
  if (decision.allowed === "yes") return undefined;
  return toFailure(call, plan.environment.clock, "FORBIDDEN", decision.reason);
}
