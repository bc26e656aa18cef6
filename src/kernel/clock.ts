// The only place that reads time or starts a timer. Durations and deadlines use `monotonic()`; `now()` is for
// timestamps people read. Mixing the two breaks limits and deadlines whenever the wall clock steps.

declare const timerBrand: unique symbol;
/** An armed timer; opaque. */
export interface Timer {
  readonly [timerBrand]?: never;
  /** Lets the process end before it fires, where it is one of Node's. */
  unref?(): unknown;
}

export interface Clock {
  /** Wall clock, epoch milliseconds. May step either way. */
  now(): number;
  /** Monotonic milliseconds with fraction, from an arbitrary origin. Never steps. */
  monotonic(): number;
  /** Runs `run` once, `delayMs` from now (0 to 2^31-1), unless cleared first. */
  setTimer(delayMs: number, run: () => void): Timer;
  clearTimer(timer: Timer): void;
}

const MAX_DELAY_MS = 2 ** 31 - 1;

/** The clock of the process: `Date`, `performance` and Node's timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer: (delayMs, run) => setTimeout(run, Math.min(Math.ceil(delayMs), MAX_DELAY_MS)),
  clearTimer: (timer) => {
    clearTimeout(timer as unknown as NodeJS.Timeout);
  },
};

/** Runs `run` once the event loop has worked off what has arrived: no time passes by any clock. */
export function afterTurn(run: () => void): void {
  setImmediate(run);
}
