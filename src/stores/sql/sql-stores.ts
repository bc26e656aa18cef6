// All stores over their databases, as one value with one end.
import type { Stores } from "../../ports/stores.ts";
import { createSqlAuditReader } from "./audit-reader.ts";
import { createSqlCatalogStore } from "./catalog-store.ts";
import type { Database } from "./database.ts";
import { createSqlKeyStore } from "./key-store.ts";
import type { OpenLedger } from "./ledger/open-ledger.ts";
import { createSqlQuotaLevelStore } from "./quota-level-store.ts";
import { createSqlSecretStore } from "./secret-store.ts";
import { createSqlSettingStore } from "./setting-store.ts";
import { createSqlUsageStore } from "./usage-store.ts";

interface Parts {
  readonly state: Database;
  /** For reading what the ledger has written; the same one where both parts are in one database. */
  readonly reader: Database;
  readonly ledger: OpenLedger;
}

/** The stores; closing them ends the ledger first, which still writes what waits. */
export function createSqlStores({ state, reader, ledger }: Parts): Stores {
  let closing: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    try {
      // A reader that is still there would keep SQLite from bringing the log into the file when its writer closes.
      if (reader !== state) await reader.close();
      await ledger.close();
    } finally {
      await state.close();
    }
  };
  const close = (): Promise<void> => (closing ??= end());
  return {
    catalog: createSqlCatalogStore(state),
    settings: createSqlSettingStore(state),
    keys: createSqlKeyStore(state),
    secrets: createSqlSecretStore(state),
    ledger: ledger.ledger,
    idempotency: ledger.idempotency,
    outcomes: ledger.outcomes,
    usage: createSqlUsageStore(reader, ledger.usage),
    quotas: createSqlQuotaLevelStore(reader, ledger.quotas),
    auditReader: createSqlAuditReader(reader),
    close,
    [Symbol.asyncDispose]: close,
  };
}
