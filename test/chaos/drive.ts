// Moves a manual clock for work that waits on it.
import type { ManualClock } from "../../src/testing/manual-clock.ts";

/** Resolves when no microtask is left: everybody waits for the clock, or for somebody outside. */
export function untilQuiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Resolves after `ms` of the clock. */
export function wait(clock: ManualClock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve);
  });
}

/**
 * What `work` resolves to, the clock going on by `stepMs` as often as that takes. Rejects when it takes over `maxMs` of the
 * clock: somebody waits for what never comes.
 */
export async function drive<T>(
  clock: ManualClock,
  work: Promise<T>,
  { stepMs = 10, maxMs = 3_600_000 }: { readonly stepMs?: number; readonly maxMs?: number } = {},
): Promise<T> {
  const until = clock.monotonic() + maxMs;
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  work.then(end, end);
  await untilQuiet();
  while (!ended) {
    if (clock.monotonic() > until) throw new Error(`no end after ${maxMs} ms; ${clock.pending} timers are armed`);
    await clock.advance(stepMs);
    await untilQuiet();
  }
  return work;
}
