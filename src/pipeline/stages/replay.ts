// Answers a call again whose idempotency key is known. Before validation and admission: the same key and the same
// arguments get the stored outcome for free, even if the schema has changed since.
import type { Outcome } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Call } from "../call.ts";
import { INTERRUPTED, withinDeadline } from "../deadline.ts";
import { consult } from "../idempotency/consult.ts";
import { toArgumentsDigest, toRecordKey } from "../idempotency/record.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";

/**
 * Sets `call.recordKey`. The stored outcome; or refuses with IDEMPOTENCY_CONFLICT, IDEMPOTENCY_IN_FLIGHT, OUTCOME_UNKNOWN
 * or IDEMPOTENCY_UNAVAILABLE.
 */
export function replay(call: Call, plan: Plan, principal: Principal): MaybePromise<Outcome | undefined> {
  const { idempotencyKey, received } = call.request;
  if (idempotencyKey === null) return undefined;
  call.recordKey = toRecordKey(principal, plan.version.name, idempotencyKey);
  call.argumentsDigest = toArgumentsDigest(received);
  return withStore(call, plan, "idempotency", () => look(call, plan, call.recordKey ?? ""));
}

function look(call: Call, plan: Plan, key: string): MaybePromise<Outcome | undefined> {
  const { idempotency, clock } = plan.environment;
  const record = idempotency.read(key);
  if (!isPromiseLike(record)) return record === null ? undefined : consult(call, plan, key, record);
  return withinDeadline(call, clock, record).then((found) =>
    found === null ? undefined : consult(call, plan, key, found),
  );
}

const MESSAGES = {
  idempotency: "The idempotency key cannot be looked up or kept; nothing was done.",
  outcomes: "Calls whose outcome is not known cannot be looked up; nothing was done.",
} as const;

/** `work` with a store; one that fails refuses the call. */
export function withStore(
  call: Call,
  plan: Plan,
  store: keyof typeof MESSAGES,
  work: () => MaybePromise<Outcome | undefined>,
): MaybePromise<Outcome | undefined> {
  const { clock, report } = plan.environment;
  const refuse = (error: unknown): Outcome => {
    if (error === INTERRUPTED) throw error;
    report({ kind: "store.failed", callId: call.id, store, error });
    return toFailure(call, clock, "IDEMPOTENCY_UNAVAILABLE", MESSAGES[store]);
  };
  try {
    const answer = work();
    return isPromiseLike(answer) ? answer.then((outcome) => outcome, refuse) : answer;
  } catch (error) {
    return refuse(error);
  }
}
