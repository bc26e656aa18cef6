// Runs what the host's code says about arguments. It answers true or false at once; whatever else it does is a failure,
// which the caller of this function has to read as a refusal.
import { isPromiseLike } from "../kernel/maybe-promise.ts";
import type { Condition } from "./grant.ts";
import { formatReceived } from "./problems.ts";
import type { Rule } from "./rule.ts";

/** Whether the rule's condition holds, or how it failed. */
export function testCondition(rule: Rule, input: unknown, request: Parameters<Condition>[1]): boolean | string {
  if (rule.when === null) return true;
  try {
    const answer: unknown = rule.when(input, request);
    return typeof answer === "boolean" ? answer : describeNonAnswer(answer);
  } catch (error) {
    return describeThrown(error);
  }
}

/** What came in place of an answer. A promise among it is disarmed: its rejection would end the process. */
export function describeNonAnswer(answer: unknown): string {
  if (!isPromiseLike(answer)) return `it returned ${formatReceived(answer)}`;
  answer.then(undefined, () => undefined);
  return "it returned a promise, and decisions are synchronous";
}

export function describeThrown(error: unknown): string {
  return error instanceof Error ? `it threw ${error.name}: ${error.message}` : `it threw ${formatReceived(error)}`;
}
