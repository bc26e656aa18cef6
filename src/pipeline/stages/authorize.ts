// Decides whether the principal may call the tool. Before validation: a stranger learns nothing of a schema.
import type { Outcome } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import type { Call } from "../call.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import { toUnknownTool } from "../unknown-tool.ts";

const MAX_DEPTH = 16;

/** Refuses with UNKNOWN_TOOL, FORBIDDEN, CONTRACT_CHANGED or DEPTH_EXCEEDED; marks calls whose arguments decide. */
export function authorize(call: Call, plan: Plan, principal: Principal): Outcome | undefined {
  const { environment, version } = plan;
  const decision = plan.access.decide(principal);
  if (!decision.visible) return toUnknownTool(call, environment, principal);
  call.revealed = true;
  if (decision.allowed === "no") return toFailure(call, environment.clock, "FORBIDDEN", decision.reason);
  call.conditional = decision.allowed === "conditional";
  const { digest } = call.request;
  if (digest !== null && digest !== version.digest) {
    const message = `${version.name}@${version.version} is not the definition that was shown; list the tools again.`;
    return toFailure(call, environment.clock, "CONTRACT_CHANGED", message);
  }
  if (call.depth > MAX_DEPTH) {
    const message = `Tools called one another ${call.depth} deep; at most ${MAX_DEPTH} is allowed.`;
    return toFailure(call, environment.clock, "DEPTH_EXCEEDED", message);
  }
  return undefined;
}
