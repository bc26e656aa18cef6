// The race between work and its end: a deadline, a cancellation, or the work itself. Whoever loses goes on in the
// background, without anyone waiting for it: a handler that ignores its signal cannot hold the call.
import type { Clock } from "../kernel/clock.ts";
import type { Scope } from "../kernel/scope.ts";

/** What work is raced against: a call, the part of a call that leaves time for a fallback, or one attempt. */
export interface Bound {
  readonly scope: Scope;
  /** Monotonic ms. */
  readonly deadlineAt: number;
  /** Whether the deadline, rather than somebody's cancellation, cancelled the scope. */
  timedOut: boolean;
}

/** What the race rejects with when the work lost. Which of the two it was, the bound's `timedOut` says. */
export const INTERRUPTED: unique symbol = Symbol("interrupted");

/** The work's own result, or a rejection with INTERRUPTED when the bound ended first. */
export function withinDeadline<T>(bound: Bound, clock: Clock, work: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer = clock.setTimer(Math.max(0, bound.deadlineAt - clock.monotonic()), expire);
    // A timer of the event loop may fire a little early, because it counts from the start of the loop's turn.
    function expire(): void {
      const left = bound.deadlineAt - clock.monotonic();
      if (left > 0) timer = clock.setTimer(left, expire);
      else endAtDeadline(bound);
    }
    const leave = bound.scope.onCancel(() => {
      clock.clearTimer(timer);
      reject(INTERRUPTED);
    });
    work.then(
      (value) => {
        clock.clearTimer(timer);
        leave();
        resolve(value);
      },
      (error: unknown) => {
        clock.clearTimer(timer);
        leave();
        reject(error);
      },
    );
  });
}

function endAtDeadline(bound: Bound): void {
  bound.timedOut = true;
  bound.scope.cancel(new DOMException("The call's deadline passed.", "TimeoutError"));
}

/** Whether the bound has ended before the work began; notices a deadline that passed while nobody looked. */
export function isOver(bound: Bound, clock: Clock): boolean {
  if (!bound.scope.cancelled && clock.monotonic() >= bound.deadlineAt) endAtDeadline(bound);
  return bound.scope.cancelled;
}

/**
 * Waits; false when the bound was cancelled meanwhile. No timer is left behind.
 * @param waiting where the bound's scope stands meanwhile: `close`, when its time is over, cancels those
 */
export function sleep(bound: Bound, clock: Clock, delayMs: number, waiting: Set<Scope>): Promise<boolean> {
  const { scope } = bound;
  waiting.add(scope);
  return new Promise((resolve) => {
    const timer = clock.setTimer(delayMs, () => {
      leave();
      waiting.delete(scope);
      resolve(true);
    });
    const leave = scope.onCancel(() => {
      clock.clearTimer(timer);
      waiting.delete(scope);
      resolve(false);
    });
  });
}

/** The work's own result, or a rejection after `timeoutMs`: for what an operator's own code does after the call. */
export function withinTime<T>(clock: Clock, timeoutMs: number, what: string, work: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(timeoutMs, () => {
      reject(new Error(`${what} did not finish within ${timeoutMs} ms`));
    });
    work.then(
      (value) => {
        clock.clearTimer(timer);
        resolve(value);
      },
      (error: unknown) => {
        clock.clearTimer(timer);
        reject(error);
      },
    );
  });
}
