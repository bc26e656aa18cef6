// A call made by a call: as the same principal, within its attempt, and with nothing else of it.
import type { Attempt } from "./attempt.ts";
import type { Request } from "./call.ts";

/** The request for `ref` that `attempt` makes. */
export function toChildRequest(
  attempt: Attempt,
  ref: string,
  received: unknown,
  idempotencyKey: string | null,
): Request {
  return {
    ref,
    received,
    principal: attempt.call.request.principal,
    principalProblem: null,
    signal: null,
    timeoutMs: null,
    idempotencyKey,
    digest: null,
    dryRun: false,
    emit: null,
    parent: attempt,
  };
}
