// How long a request may take: one signal for the caller's own and for the time.
import type { Clock, Timer } from "../kernel/clock.ts";
import { ToolyardClientError } from "./client-error.ts";

export interface Deadline {
  /** Aborted when the time is over, or when the caller's signal is. */
  readonly signal: AbortSignal;
  /** Milliseconds. */
  remainingMs(): number;
  /** Begins anew: something has come. */
  extend(): void;
  /** Stands still until it is extended: nothing is waited for. */
  pause(): void;
  /** Resolves after `ms`; rejects when the deadline ends first. */
  sleep(ms: number): Promise<void>;
  /** What is thrown for `error`, which may come of the signal. */
  toError(error: unknown): unknown;
  end(): void;
}

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly operation: string;
  /** null: no limit. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal | undefined;
}

export function createDeadline({ clock, operation, timeoutMs, signal: outer }: DeadlineOptions): Deadline {
  const controller = new AbortController();
  let endsAt = Number.POSITIVE_INFINITY;
  let timer: Timer | null = null;
  const onAbort = (): void => {
    controller.abort(outer?.reason);
  };
  const stop = (): void => {
    if (timer !== null) clock.clearTimer(timer);
    timer = null;
  };
  const extend = (): void => {
    stop();
    if (timeoutMs === null) return;
    endsAt = clock.monotonic() + timeoutMs;
    timer = clock.setTimer(timeoutMs, () => {
      const detail = `no answer within ${timeoutMs} ms`;
      controller.abort(new ToolyardClientError({ operation, code: "CLIENT_TIMEOUT", detail }));
    });
  };
  if (outer?.aborted === true) onAbort();
  else outer?.addEventListener("abort", onAbort, { once: true });
  extend();
  return {
    signal: controller.signal,
    remainingMs: () => endsAt - clock.monotonic(),
    extend,
    pause: stop,
    sleep: (ms) => sleep(clock, ms, controller.signal),
    toError(error) {
      if (controller.signal.aborted) return controller.signal.reason;
      if (error instanceof ToolyardClientError) return error;
      const detail = error instanceof Error ? error.message : "the request failed";
      return new ToolyardClientError({ operation, code: "CONNECTION_FAILED", detail, cause: error });
    },
    end() {
      stop();
      outer?.removeEventListener("abort", onAbort);
    },
  };
}

function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clock.clearTimer(timer);
      reject(signal.reason as Error);
    };
    const timer = clock.setTimer(ms, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
