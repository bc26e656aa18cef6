// Everything a registry keeps outside memory, opened together: what `openSqliteStores` and `openPostgresStores` resolve to.
import type { AuditReader } from "./audit-reader.ts";
import type { CatalogStore } from "./catalog-store.ts";
import type { IdempotencyStore } from "./idempotency-store.ts";
import type { KeyStore } from "./key-store.ts";
import type { Ledger } from "./ledger.ts";
import type { OutcomeStore } from "./outcome-store.ts";
import type { QuotaLevelStore } from "./quota-level-store.ts";
import type { SecretStore } from "./secret-store.ts";
import type { SettingStore } from "./setting-store.ts";
import type { UsageStore } from "./usage-store.ts";

export interface Stores extends AsyncDisposable {
  readonly catalog: CatalogStore;
  readonly settings: SettingStore;
  readonly keys: KeyStore;
  readonly secrets: SecretStore;
  readonly ledger: Ledger;
  readonly idempotency: IdempotencyStore;
  readonly outcomes: OutcomeStore;
  readonly usage: UsageStore;
  readonly quotas: QuotaLevelStore;
  readonly auditReader: AuditReader;
  /** Writes what waits and closes everything. */
  close(): Promise<void>;
}

/** The stores for who only looks. */
export type StoreReaders = Omit<Stores, "ledger" | "idempotency">;
