// Waiting that ends with a signal. Whatever way it ends, neither a timer nor a listener stays behind: a test process
// with one left over does not exit, or warns of a leak that is not the user's.
import type { Clock } from "../kernel/clock.ts";

/** Resolves after `delayMs`. Rejects with the reason of `signal` as soon as that is aborted. */
export function waitFor(clock: Clock, delayMs: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      clock.clearTimer(timer);
      reject(signal?.reason);
    };
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Never resolves. Rejects with the reason of `signal` as soon as that is aborted. Holds no timer. */
export function waitForever(signal: AbortSignal | null): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    else signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** The first signal among the arguments of a call: an argument itself, or its `signal`, as `fetch` takes it. */
export function findSignal(args: readonly unknown[]): AbortSignal | null {
  for (const argument of args) {
    if (isSignal(argument)) return argument;
    if (typeof argument !== "object" || argument === null) continue;
    const { signal } = argument as { readonly signal?: unknown };
    if (isSignal(signal)) return signal;
  }
  return null;
}

// Not `instanceof`: the signals of jsdom, and of other realms, are of a class of their own.
function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener } = value as Partial<AbortSignal>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}
