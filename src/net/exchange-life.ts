// The life of one request: whether anything of it may have reached the upstream, and what ends it from outside. One timer
// covers everything from the wait for a connection to the last byte.
import type { Clock } from "../kernel/clock.ts";
import { createScope, type Scope } from "../kernel/scope.ts";
import { type EgressCode, EgressError } from "./egress-error.ts";

export interface Life {
  /** Set before the first byte of a request is written, and never unset. */
  sent: boolean;
  /** Of the last answer whose headers came. */
  retryAfterMs: number | null;
  /** Cancelled with an EgressError. */
  readonly scope: Scope;
  readonly clock: Clock;
  /** The error of `code`, with what is known of the request so far. */
  fail(code: EgressCode, message: string): EgressError;
  /** Ends it from outside. */
  end(code: EgressCode, message: string): void;
  /** Lets go of timer and signal. */
  leave(): void;
}

/** Begins a life of at most `timeoutMs`. One that `signal` has ended before is born dead. */
export function beginLife(clock: Clock, timeoutMs: number, signal: AbortSignal | undefined): Life {
  const scope = createScope();
  const life: Life = {
    sent: false,
    retryAfterMs: null,
    scope,
    clock,
    fail: (code, message) => new EgressError(code, message, { sent: life.sent, retryAfterMs: life.retryAfterMs }),
    end: (code, message) => {
      if (!scope.cancelled) scope.cancel(life.fail(code, message));
    },
    leave: () => {
      clock.clearTimer(timer);
      signal?.removeEventListener("abort", cancel);
    },
  };
  const cancel = (): void => {
    life.end("CANCELLED", "the request was cancelled");
  };
  const timer = clock.setTimer(timeoutMs, () => {
    life.end("TIMEOUT", `the exchange took longer than its ${timeoutMs} ms`);
  });
  if (signal?.aborted === true) cancel();
  else signal?.addEventListener("abort", cancel, { once: true });
  return life;
}

/** What `work` gives, or a rejection with the error that ended `life`: for what cannot be stopped. */
export async function withinLife<T>(life: Life, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = life.scope.onCancel(reject);
  try {
    return await Promise.race([work, promise]);
  } finally {
    stop();
  }
}
