// The end of a server, for balancers that obey readiness: first it says that it is not ready and goes on answering, each answer ending
// its connection; then it listens no more; then what runs gets its time; then what still runs is cancelled and told so. Nobody who
// came before the end is refused, and no answer is cut off.
import type { Clock } from "../kernel/clock.ts";
import type { Listener } from "./listeners.ts";
import type { Running } from "./http/index.ts";

export interface DrainOptions {
  readonly listeners: readonly Listener[];
  readonly running: Running;
  readonly clock: Clock;
  readonly lameDuckMs: number;
  readonly graceMs: number;
}

/** For cancelled calls to be answered, also in a hurry: whoever waits is told. */
const LAST_MS = 1_000;

export interface Drain {
  /** Resolves when nothing is answered any more. */
  readonly done: Promise<void>;
  /** Goes on to the end at once. */
  hurry(): void;
}

export function startDrain({ listeners, running, clock, lameDuckMs, graceMs }: DrainOptions): Drain {
  let hurried = false;
  let wake: (() => void) | null = null;

  const wait = async (ms: number, until?: Promise<unknown>): Promise<void> => {
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(ms, resolve);
      wake = () => {
        clock.clearTimer(timer);
        resolve();
      };
      void until?.then(wake);
    });
    wake = null;
  };

  const run = async (): Promise<void> => {
    if (!hurried) await wait(lameDuckMs);
    // Takes no connections any more, closes the idle ones, and resolves when the last answer is out.
    const closed = Promise.all(listeners.map(async ({ server }) => server.close()));
    for (const { server } of listeners) server.server.closeIdleConnections();
    if (!hurried) await wait(graceMs, closed);
    for (const controller of running) controller.abort(new DOMException("The server stops.", "AbortError"));
    await wait(LAST_MS, closed);
    for (const { server } of listeners) server.server.closeAllConnections();
    await closed;
  };

  return {
    done: run(),
    hurry() {
      hurried = true;
      wake?.();
    },
  };
}
