// The stores for who only looks: no thread, no chain of its own, nothing that is changed by looking.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { StoreReaders } from "../../ports/stores.ts";
import { createSqlAuditReader } from "./audit-reader.ts";
import { createSqlCatalogStore } from "./catalog-store.ts";
import type { Database } from "./database.ts";
import { createSqlKeyStore } from "./key-store.ts";
import { createSqlOutcomeStore } from "./outcome-store.ts";
import { createSqlQuotaLevelStore } from "./quota-level-store.ts";
import { createSqlSecretStore } from "./secret-store.ts";
import { createSqlSettingStore } from "./setting-store.ts";
import { createSqlUsageStore } from "./usage-store.ts";

interface Parts {
  readonly state: Database;
  readonly reader: Database;
  readonly clock: Clock;
}

/** Nobody's call waits here, milliseconds. */
const LOOK_MS = 5_000;

/** Stores that read; what would write rejects with STORE_FAILED. */
export function createSqlReaders({ state, reader, clock }: Parts): StoreReaders {
  const refuse = (): Promise<never> =>
    Promise.reject(new ToolyardError("STORE_FAILED", "the state was opened for reading alone"));
  const close = async (): Promise<void> => {
    await state.close();
    if (reader !== state) await reader.close();
  };
  return {
    catalog: createSqlCatalogStore(state),
    settings: createSqlSettingStore(state),
    keys: createSqlKeyStore(state),
    secrets: createSqlSecretStore(state),
    outcomes: createSqlOutcomeStore({ client: { ask: refuse }, reader, clock, waitMs: LOOK_MS }),
    usage: createSqlUsageStore(reader, { add: refuse, prune: refuse }),
    quotas: createSqlQuotaLevelStore(reader, { put: refuse, prune: refuse }),
    auditReader: createSqlAuditReader(reader),
    close,
    [Symbol.asyncDispose]: close,
  };
}
