// The race between work and the end of its call: deadline, cancellation by the caller, or the work itself. Whoever loses
// goes on in the background, without anyone waiting for it: a handler that ignores its signal cannot hold the call.
import type { Clock } from "../kernel/clock.ts";
import type { Call } from "./call.ts";

/** What the race rejects with when the work lost. Which of the two it was, `call.timedOut` says. */
export const INTERRUPTED: unique symbol = Symbol("interrupted");

/** The work's own result, or a rejection with INTERRUPTED when the call ended first. */
export function withinDeadline<T>(call: Call, clock: Clock, work: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer = clock.setTimer(Math.max(0, call.deadlineAt - clock.monotonic()), expire);
    // A timer of the event loop may fire a little early, because it counts from the start of the loop's turn.
    function expire(): void {
      const left = call.deadlineAt - clock.monotonic();
      if (left > 0) timer = clock.setTimer(left, expire);
      else endAtDeadline(call);
    }
    const leave = call.scope.onCancel(() => {
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

function endAtDeadline(call: Call): void {
  call.timedOut = true;
  call.scope.cancel(new DOMException("The call's deadline passed.", "TimeoutError"));
}

/** Whether the call has ended before the work began; notices a deadline that passed while nobody looked. */
export function isOver(call: Call, clock: Clock): boolean {
  if (!call.scope.cancelled && clock.monotonic() >= call.deadlineAt) endAtDeadline(call);
  return call.scope.cancelled;
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
