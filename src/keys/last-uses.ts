// When keys were last used, to the minute: gathered in memory and written together, never while a caller waits. What is not
// written yet goes with a crash, and the next use makes up for it.
import { createBoundedMap } from "../kernel/bounded-map.ts";
import type { Clock, Timer } from "../kernel/clock.ts";
import type { KeyStore, KeyUse } from "../ports/key-store.ts";

export interface LastUses {
  /** Remembers that a key, last used at `knownAt` as far as the store says, was used now. */
  note(id: string, knownAt: number | null): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface LastUseOptions {
  readonly store: Pick<KeyStore, "touch">;
  readonly clock: Clock;
  /** How long uses are gathered, milliseconds. */
  readonly everyMs: number;
  /** Told of a write that failed; it is tried again with the next. */
  readonly report: (error: unknown) => void;
}

const MINUTE = 60_000;
/** Uses in one write at most. */
const MAX_BATCH = 1_000;
/** Beyond it keys are forgotten, and at worst written once more in a minute. */
const MAX_NOTED = 10_000;

export function createLastUses({ store, clock, everyMs, report }: LastUseOptions): LastUses {
  const noted = createBoundedMap<string, number>(MAX_NOTED);
  const waiting = new Map<string, number>();
  let timer: Timer | null = null;
  let writing: Promise<void> | null = null;
  let closed = false;

  const write = async (): Promise<void> => {
    const batch: KeyUse[] = [];
    for (const [id, at] of waiting) {
      if (batch.length === MAX_BATCH) break;
      batch.push({ id, at });
      waiting.delete(id);
    }
    if (batch.length === 0) return;
    try {
      await store.touch(batch);
    } catch (error) {
      for (const { id, at } of batch) if (!waiting.has(id) && waiting.size < MAX_NOTED) waiting.set(id, at);
      report(error);
    }
  };

  const start = (): Promise<void> => {
    if (timer !== null) clock.clearTimer(timer);
    timer = null;
    writing ??= write().finally(() => {
      writing = null;
      arm();
    });
    return writing;
  };

  const arm = (): void => {
    if (closed || timer !== null || writing !== null || waiting.size === 0) return;
    timer = clock.setTimer(everyMs, () => void start());
  };

  return {
    note(id, knownAt) {
      const minute = Math.floor(clock.now() / MINUTE) * MINUTE;
      if (closed || minute <= (noted.get(id) ?? knownAt ?? -1)) return;
      noted.set(id, minute);
      if (waiting.size < MAX_NOTED || waiting.has(id)) waiting.set(id, minute);
      arm();
    },
    async flush() {
      if (writing !== null) await writing;
      // One round for each batch; one that failed is not tried twice.
      for (let left = Math.ceil(waiting.size / MAX_BATCH); left > 0; left--) await start();
    },
    async close() {
      closed = true;
      await this.flush();
    },
  };
}
