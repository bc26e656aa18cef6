// Bounds how many handlers run, and how many calls wait for one to end. A slot is free again when the handler has truly
// ended, not when its race is lost: what still runs still uses what the slot stands for.
import type { Failure } from "../../call/outcome.ts";
import { formatDuration } from "../../kernel/duration.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Bulkhead } from "../../resilience/index.ts";
import { toBound } from "../attempt.ts";
import { type Call, hasAncestor } from "../call.ts";
import { INTERRUPTED, withinDeadline } from "../deadline.ts";
import { toInterruption } from "../interruption.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import type { Layer, Run } from "./layer.ts";

/** Refuses with OVERLOADED; `what` names what is full, for people and models. */
export function createBulkheadLayer(bulkhead: Bulkhead, what: string): Layer {
  return (next) => (call, plan) => {
    // In the slot of the call that made this one: waiting for another would be waiting for itself.
    if (hasAncestor(call, ({ slots }) => slots?.includes(bulkhead) === true)) return next(call, plan);
    if (bulkhead.tryTake()) return runInSlot(call, plan, bulkhead, next);
    const waiter = bulkhead.wait();
    if (waiter !== null) return waitAndRun(call, plan, bulkhead, waiter, next);
    const { retryAfterMs, running, waiting } = bulkhead;
    const message = `${what} is busy (running: ${running}, waiting: ${waiting}); try again in ${formatDuration(retryAfterMs)}.`;
    return toFailure(call, plan.environment.clock, "OVERLOADED", message, {
      effect: "none",
      retryAfterMs,
      details: { running, waiting },
    });
  };
}

async function waitAndRun(
  call: Call,
  plan: Plan,
  bulkhead: Bulkhead,
  waiter: NonNullable<ReturnType<Bulkhead["wait"]>>,
  next: Run,
): Promise<Failure | undefined> {
  const { clock, waiting } = plan.environment;
  const bound = toBound(call);
  try {
    waiting.add(bound.scope);
    await withinDeadline(bound, clock, waiter.granted);
  } catch (error) {
    waiter.leave();
    if (error !== INTERRUPTED) throw error;
    return toInterruption(call, clock);
  } finally {
    waiting.delete(bound.scope);
  }
  return runInSlot(call, plan, bulkhead, next);
}

function runInSlot(call: Call, plan: Plan, bulkhead: Bulkhead, next: Run): MaybePromise<Failure | undefined> {
  const { clock } = plan.environment;
  const { attempts } = call;
  const startedAt = clock.monotonic();
  const slots = (call.slots ??= []);
  slots.push(bulkhead);
  const release = (): void => {
    bulkhead.release(clock.monotonic() - startedAt);
  };
  const settle = (failure: Failure | undefined): Failure | undefined => {
    slots.splice(slots.indexOf(bulkhead), 1);
    const running = call.attempts > attempts ? (call.attempt?.running ?? null) : null;
    if (running !== null) running.then(release, release);
    else if (failure === undefined) release();
    // What fails fails quickly: its time says nothing of how long a call takes.
    else bulkhead.release(Number.NaN);
    return failure;
  };
  const answer = next(call, plan);
  return isPromiseLike(answer) ? answer.then(settle) : settle(answer);
}
