// All stores of a registry in memory, which outlive the registries that are opened over them: for tests of what is there after a restart.
import type { Clock } from "../src/kernel/clock.ts";
import type { MaybePromise } from "../src/kernel/maybe-promise.ts";
import type { SettingStore } from "../src/ports/setting-store.ts";
import type { Stores } from "../src/ports/stores.ts";
import { createMemoryAuditReader } from "../src/stores/memory/audit-reader.ts";
import {
  createMemoryCatalogStore,
  createMemoryIdempotencyStore,
  createMemoryOutcomeStore,
  createMemorySettingStore,
} from "../src/stores/memory/index.ts";
import { createMemoryKeyStore } from "../src/stores/memory/key-store.ts";
import { createMemoryLedger } from "../src/stores/memory/ledger.ts";
import { createMemoryQuotaLevelStore } from "../src/stores/memory/quota-level-store.ts";
import { createMemorySecretStore } from "../src/stores/memory/secret-store.ts";
import { createMemoryUsageStore } from "../src/stores/memory/usage-store.ts";

export interface MemoryState {
  readonly settings: SettingStore;
  /** The stores of one more process. */
  open(): Stores;
}

/** Creates a state in which nothing is kept. */
export function createMemoryState(clock: Clock): MemoryState {
  const idempotency = createMemoryIdempotencyStore({ clock });
  const kept = {
    catalog: createMemoryCatalogStore(),
    settings: toSlow(createMemorySettingStore()),
    keys: createMemoryKeyStore(),
    secrets: createMemorySecretStore(),
    idempotency,
    outcomes: createMemoryOutcomeStore(),
    usage: createMemoryUsageStore(),
    quotas: createMemoryQuotaLevelStore(),
  };
  return {
    settings: kept.settings,
    open() {
      const ledger = createMemoryLedger({ clock, idempotency });
      const close = (): Promise<void> => ledger.close();
      return {
        ...kept,
        ledger,
        auditReader: createMemoryAuditReader(() => ledger.trail),
        close,
        [Symbol.asyncDispose]: close,
      };
    },
  };
}

/** Answers late, as databases do: the first change that is asked for is not the first to be answered. */
function toSlow(store: SettingStore): SettingStore {
  let turns = 0;
  const late = async <T>(answer: () => MaybePromise<T>): Promise<T> => {
    const given = await answer();
    for (let turn = turns++ % 3; turn > 0; turn--) await Promise.resolve();
    return given;
  };
  return {
    get: (...given) => late(() => store.get(...given)),
    page: (...given) => late(() => store.page(...given)),
    set: (...given) => late(() => store.set(...given)),
    remove: (...given) => late(() => store.remove(...given)),
    save: (...given) => late(() => store.save(...given)),
  };
}
