// Whether a call is also run by another version, decided when it begins: its arguments are the caller's, who may change them.
import type { Principal } from "../../call/principal.ts";
import { type Entry, type Found, isChosen, type StandingRollout } from "../../registry/index.ts";
import { copyJson } from "../../tool/schema/copy-json.ts";
import type { Request } from "../call.ts";
import type { Environment } from "../environment.ts";
import { toAccess } from "../plan.ts";

/** What is to run beside a call, once that is answered. */
export interface Shadow {
  readonly candidate: Entry;
  /** The version that answers. */
  readonly of: string;
  /** The arguments as they came. */
  readonly received: unknown;
}

const COPY_RULES = { maxDepth: 64, instances: "refuse", bigints: false } as const;

/** The shadow of the call that `request` makes; null: none. */
export function chooseShadow(
  { rollouts, tool }: Found,
  environment: Environment,
  principal: Principal,
  { received, dryRun }: Request,
): Shadow | null {
  const standing = rollouts?.shadow ?? null;
  if (standing === null || dryRun || !takesPart(standing, tool.name, environment, principal)) return null;
  const { candidate, rollout } = standing;
  if (typeof received === "string" || received === undefined || received === null) {
    return { candidate, of: rollout.of, received };
  }
  const copied = copyJson(received, COPY_RULES);
  return copied.ok ? { candidate, of: rollout.of, received: copied.value } : null;
}

function takesPart(
  { candidate, rollout }: StandingRollout,
  tool: string,
  environment: Environment,
  principal: Principal,
): boolean {
  if (!isChosen(rollout.audience, tool, principal, environment.authorization.holds)) return false;
  // Nobody runs by a shadow what they could not call.
  const decision = toAccess(candidate, environment).decide(principal);
  if (!decision.visible || decision.allowed === "no") return false;
  // What fails is not helped by more calls.
  const breaker = environment.states.breakerOf(candidate.tool);
  return breaker === null || breaker === "closed";
}
