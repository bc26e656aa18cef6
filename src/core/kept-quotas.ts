// Quotas of a registry over stores: counted in memory, where a call asks for them, and started from what was used up before.
import { type Clock, systemClock } from "../kernel/clock.ts";
import type { QuotaLevelStore } from "../ports/quota-level-store.ts";
import type { QuotaStore } from "../ports/quota-store.ts";
import { createLevelKeeper, type LevelKeeper, restoreLevels } from "../quota/index.ts";
import { createMemoryQuotaStore } from "../stores/memory/index.ts";

export interface KeptQuotas {
  readonly store: QuotaStore;
  /** From now on what is used up is written. `report` is told of what cannot be. */
  start(report: (error: unknown) => void): void;
  /** Writes for the last time. Rejects with what the store rejects with. */
  close(): Promise<void>;
}

/** Reads what is used up. Rejects with what the store rejects with. */
export async function openKeptQuotas(store: QuotaLevelStore, clock: Clock = systemClock): Promise<KeptQuotas> {
  const source = createMemoryQuotaStore({ clock, track: true });
  await restoreLevels({ source, store, clock });
  let keeper: LevelKeeper | null = null;
  return {
    store: source,
    start(report) {
      keeper = createLevelKeeper({ source, store, clock, report });
    },
    close: async () => keeper?.close(),
  };
}
