// A clock that moves only when told to. Timers run in order of their time, inside `advance`.
import type { Clock, Timer } from "../kernel/clock.ts";

export interface ManualClock extends Clock {
  /** Moves both clocks on by `ms` (0 or more), running the timers that come due, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, either way: what a time server or an operator does. */
  stepWall(ms: number): void;
  /** Armed timers. */
  readonly pending: number;
}

interface Armed {
  readonly at: number;
  readonly run: () => void;
}

/** Creates a clock that stands at `startAt` (epoch ms, default 2026-01-01T00:00:00Z). */
export function createManualClock(startAt: number = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsed = 0;
  let wallOffset = startAt;
  const timers = new Set<Armed>();

  const nextDue = (until: number): Armed | null => {
    let due: Armed | null = null;
    for (const timer of timers) if (timer.at <= until && (due === null || timer.at < due.at)) due = timer;
    return due;
  };
  // Ten turns of the microtask queue let chains of awaits in the code under test come to rest.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };

  return {
    now: () => wallOffset + elapsed,
    monotonic: () => elapsed,
    setTimer(delayMs, run) {
      const timer: Armed = { at: elapsed + Math.max(0, delayMs), run };
      timers.add(timer);
      return timer as Timer;
    },
    clearTimer(timer) {
      timers.delete(timer as unknown as Armed);
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settle();
      for (let due = nextDue(until); due !== null; due = nextDue(until)) {
        timers.delete(due);
        elapsed = Math.max(elapsed, due.at);
        due.run();
        await settle();
      }
      elapsed = until;
    },
    stepWall(ms) {
      wallOffset += ms;
    },
    get pending() {
      return timers.size;
    },
  };
}
