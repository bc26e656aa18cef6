// A bound for what is waited for: a secret manager that does not answer, a file system that is gone. Who loses goes on by itself, and
// is told through the signal.
import type { Clock } from "../kernel/clock.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/** What the wait rejects with when it was too long. */
export const TOO_LATE: unique symbol = Symbol("too late");

/** What `work` gives, or a rejection with TOO_LATE after `timeoutMs`, or with the reason of `outer` when that is aborted. */
export async function withinTime<T>(
  clock: Clock,
  timeoutMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => MaybePromise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    reject(reason);
    controller.abort(reason);
  };
  const timer = clock.setTimer(timeoutMs, () => {
    end(TOO_LATE);
  });
  const leave = (): void => {
    end(outer?.reason);
  };
  outer?.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clock.clearTimer(timer);
    outer?.removeEventListener("abort", leave);
  }
}
