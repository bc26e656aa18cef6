// Sees what other processes stop and resume: reads the stops every half second. They are few, and their table is read by its key.
import type { Clock, Timer } from "../../kernel/clock.ts";
import { withinTime } from "../../pipeline/deadline.ts";
import type { Setting, SettingStore } from "../../ports/setting-store.ts";
import { readSettings } from "../settings/read-settings.ts";
import type { StopTable } from "./stop-table.ts";

export interface StopWatch {
  /** Resolves when nothing is read any more. */
  close(): Promise<void>;
}

interface Parts {
  readonly store: Pick<SettingStore, "page">;
  readonly table: StopTable;
  readonly clock: Clock;
  /** Told that the store fails, once until it answers again. */
  readonly report: (error: unknown) => void;
}

const EVERY_MS = 500;
/** A store that does not answer is asked again. */
const MAX_READ_MS = 5_000;

/** Begins to watch. It holds no process back from ending. While the store fails, what was known last stands. */
export function watchStops({ store, table, clock, report }: Parts): StopWatch {
  let timer: Timer;
  let reading: Promise<void> = Promise.resolve();
  let closed = false;
  let failing = false;

  const read = async (): Promise<void> => {
    const { round } = table;
    try {
      const found = await withinTime(clock, MAX_READ_MS, "reading the stops", readAll(store));
      failing = false;
      // Somebody here was faster: what was read may be what there was before.
      if (table.round === round && !closed) table.replace(found);
    } catch (error) {
      if (!failing && !closed) report(error);
      failing = true;
    }
  };

  const arm = (): void => {
    timer = clock.setTimer(EVERY_MS, () => {
      reading = read().then(() => {
        if (!closed) arm();
      });
    });
    timer.unref?.();
  };

  arm();
  return {
    async close() {
      closed = true;
      clock.clearTimer(timer);
      await reading;
    },
  };
}

async function readAll(store: Pick<SettingStore, "page">): Promise<readonly Setting[]> {
  const found: Setting[] = [];
  for await (const setting of readSettings(store, "stop")) found.push(setting);
  return found;
}
