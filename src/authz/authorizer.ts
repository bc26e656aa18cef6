// Custom authorisation: a function that decides in place of the default, to which it may delegate. Whatever it answers
// is brought into a form that the rest can trust; what cannot be read refuses.
import type { Principal } from "../call/principal.ts";
import { isObject } from "../kernel/json.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { describeNonAnswer, describeThrown } from "./condition.ts";
import { toAllowed, toRefused, type Decision } from "./decision.ts";
import type { Trace } from "./trace.ts";

export interface AuthorizationRequest {
  readonly principal: Principal;
  readonly tool: ToolVersion;
  /** `tool`: before arguments are known, for lists, search and the start of a call. `arguments`: with them. */
  readonly phase: "tool" | "arguments";
  /** The validated arguments; undefined in phase `tool`. */
  readonly input: unknown;
}

/**
 * Decides in place of the default. True allows; false refuses, and in phase `tool` hides the tool; a `Decision` says it
 * in full. Asked with phase `tool` and, unless that refused, once more with the arguments. Synchronous: a promise, a
 * thrown error or a malformed decision refuses.
 */
export type Authorizer = (request: AuthorizationRequest, decideDefault: () => Decision) => Decision | boolean;

const RULE = "authorizer";
const OPEN = toAllowed("conditional", RULE, "It depends on the arguments whether the call is allowed.");
const ALLOWED = toAllowed("yes", RULE, "The authorizer allows it.");
const HIDDEN = toRefused(false, RULE, "The authorizer does not let this principal use the tool.");
const REFUSED = toRefused(true, RULE, "The authorizer does not let this principal call the tool with these arguments.");

/**
 * The authorizer's answer as a decision. In phase `tool` never "yes" but "conditional": an authorizer that looks at
 * arguments only says yes to those it has not seen, so it has to be asked again. In phase `arguments` never
 * "conditional".
 */
export function askAuthorizer(
  authorizer: Authorizer,
  request: AuthorizationRequest,
  decideDefault: () => Decision,
  trace: Trace | null,
): Decision {
  const before = request.phase === "tool";
  let answer: unknown;
  let failure: string | null = null;
  // Ahead of what it delegates to, though how it ended is known only afterwards.
  if (trace !== null) traceAnswer(trace, authorizer, null);
  try {
    answer = authorizer(request, decideDefault);
    if (typeof answer !== "boolean" && !isDecision(answer)) failure = describeNonAnswer(answer);
  } catch (error) {
    failure = describeThrown(error);
  }
  if (failure !== null) {
    if (trace !== null) traceAnswer(trace, authorizer, failure);
    return before ? HIDDEN : REFUSED;
  }
  if (answer === true) return before ? OPEN : ALLOWED;
  if (answer === false) return before ? HIDDEN : REFUSED;
  return normalise(answer as Decision, before);
}

function normalise({ allowed, visible, rule, reason }: Decision, before: boolean): Decision {
  // What was seen before the arguments stays seen, and what may be called has to be seen.
  if (allowed === "no") return toRefused(!before || visible, rule, reason);
  if (before) return toAllowed("conditional", rule, reason);
  return allowed === "yes" ? toAllowed("yes", rule, reason) : toRefused(true, rule, reason);
}

function isDecision(answer: unknown): answer is Decision {
  return (
    isObject(answer) &&
    (answer["allowed"] === "yes" || answer["allowed"] === "conditional" || answer["allowed"] === "no") &&
    typeof answer["visible"] === "boolean" &&
    typeof answer["rule"] === "string" &&
    typeof answer["reason"] === "string"
  );
}

function traceAnswer(trace: Trace, authorizer: Authorizer, failure: string | null): void {
  const why = failure === null ? "decides in place of the default" : `gave no decision (${failure}), which refuses`;
  trace.set(authorizer, { rule: RULE, matched: failure === null, why });
}
