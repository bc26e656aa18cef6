// State in PostgreSQL. Needs the package `pg`.
export type { LedgerOptions } from "../ledger/open-ledger.ts";
export { openPostgresReaders, openPostgresStores, type PostgresStoresOptions } from "./open-stores.ts";
