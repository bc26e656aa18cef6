// Answers in the tool's place when it gives no answer and nothing has happened: with a value, a function, or another tool.
// Never for a write whose effect is not known: "done, in another way" on top of "perhaps done" would be two effects. Nor
// after a partial was delivered: the caller has begun to read another answer.
import type { Failure } from "../../call/outcome.ts";
import type { FallbackReason } from "../../tool/resilience.ts";
import type { Clock } from "../../kernel/clock.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { type Attempt, beginAttempt, createPart, endAttempt, toEnded } from "../attempt.ts";
import type { Call } from "../call.ts";
import { INTERRUPTED, withinDeadline, withinTime } from "../deadline.ts";
import { toFailureKind } from "../failure-kinds.ts";
import { createHandlerContext } from "../handler-context.ts";
import type { Plan } from "../plan.ts";
import { check } from "../stages/check.ts";
import { failWith } from "./fail-with.ts";
import type { Layer, Run } from "./layer.ts";

type Kind = "value" | "function" | "tool";
type Answer = (attempt: Attempt, plan: Plan, reason: FallbackReason) => MaybePromise<unknown>;

const LATE_CHECK_MS = 1_000;

/** Why a fallback gave nothing; told to the operator. */
class FallbackRefused extends Error {}

/** The layer of `plan.version.fallback`, which has to be there. */
export function createFallbackLayer({ version, tool }: Pick<Plan, "version" | "tool">): Layer {
  const { fallback } = version;
  const run = tool.definition.fallback?.run as
    | ((input: unknown, context: unknown, reason: FallbackReason) => MaybePromise<unknown>)
    | undefined;
  switch (fallback?.kind) {
    case "function":
      return toLayer("function", fallback.reserveMs, (attempt, { environment }, reason) =>
        run?.(attempt.call.input, createHandlerContext(attempt, environment), reason),
      );
    case "tool":
      return toLayer("tool", fallback.reserveMs, (attempt, plan) => callTool(attempt, plan, fallback.tool));
    case "value":
    case undefined: {
      const value = fallback?.value;
      return toLayer("value", 0, () => value);
    }
  }
}

function toLayer(kind: Kind, reserveMs: number, answer: Answer): Layer {
  return (next: Run) => (call, plan) => {
    const detach = reserveMs === 0 ? null : keepBack(call, plan, reserveMs);
    const settle = (failure: Failure | undefined): MaybePromise<Failure | undefined> => {
      detach?.();
      // From here on the whole call is the bound again.
      call.primary = null;
      if (failure === undefined || failure.error.effect !== "none" || call.delivered) return failure;
      if (call.scope.cancelled && reserveMs > 0) return failure;
      return toFailureKind(failure.error).replaceable ? replace(call, plan, failure, kind, answer) : failure;
    };
    const first = next(call, plan);
    return isPromiseLike(first) ? first.then(settle) : settle(first);
  };
}

/** Attempts end before the call does, so that there is time to answer in their place. */
function keepBack(call: Call, { environment: { clock } }: Plan, reserveMs: number): () => void {
  const leftMs = call.deadlineAt - clock.monotonic();
  const { scope, detach } = createPart(call);
  call.primary = { scope, deadlineAt: call.deadlineAt - Math.min(reserveMs, leftMs / 2), timedOut: false };
  return () => {
    detach();
    // What a hook did not wait for is told that nobody else does.
    if (call.running !== null) scope.cancel(toEnded());
  };
}

async function replace(
  call: Call,
  plan: Plan,
  failure: Failure,
  kind: Kind,
  answer: Answer,
): Promise<Failure | undefined> {
  const { clock, report } = plan.environment;
  const { code, message } = failure.error;
  const attempt: Attempt = { ...beginAttempt(call, call, null, clock.monotonic()), number: 0 };
  call.content = null;
  try {
    const output = await untilEnd(attempt, clock, answer(attempt, plan, { code, message }));
    const refused = await untilEnd(attempt, clock, check(call, plan, output));
    if (refused !== undefined) throw new FallbackRefused("its output does not fit the tool's output schema");
    call.degraded = { by: kind, code };
    return undefined;
  } catch (caught) {
    const error = caught === INTERRUPTED ? new FallbackRefused("it gave no answer before the call ended") : caught;
    // The reason the caller is told is the first one: what stands in failing too does not change why it had to.
    report({ kind: "fallback.failed", callId: call.id, tool: plan.version.name, version: plan.version.version, error });
    return failWith(call, clock, failure.error);
  } finally {
    endAttempt(attempt);
  }
}

/** What `work` gives, as long as the call may last. Work that takes longer holds the call's slots until it has ended. */
async function untilEnd<T>(attempt: Attempt, clock: Clock, work: MaybePromise<T>): Promise<T> {
  if (!isPromiseLike(work)) return work;
  const { call } = attempt;
  const pending = Promise.resolve(work);
  attempt.running = pending;
  let interrupted = false;
  try {
    // A value stands in at the deadline itself; what a schema of the author's checks in it has its own little time.
    return await (call.scope.cancelled
      ? withinTime(clock, LATE_CHECK_MS, "the check of the fallback's value", pending)
      : withinDeadline(call, clock, pending));
  } catch (error) {
    interrupted = error === INTERRUPTED;
    throw error;
  } finally {
    if (!interrupted) attempt.running = null;
  }
}

/** The answer of another tool: authorised, limited and metered as any call of the same principal. */
async function callTool(attempt: Attempt, { environment }: Plan, ref: string): Promise<unknown> {
  const { call } = attempt;
  const { request } = call;
  const outcome = await environment.execute({
    ref,
    received: request.received,
    principal: request.principal,
    principalProblem: null,
    signal: null,
    timeoutMs: null,
    idempotencyKey: null,
    digest: null,
    dryRun: false,
    emit: null,
    parent: attempt,
  });
  if (!outcome.ok) throw new FallbackRefused(`${ref}: ${outcome.error.code}: ${outcome.error.message}`);
  if (outcome.content.length > 0) call.content = [...outcome.content];
  return outcome.output;
}
