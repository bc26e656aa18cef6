// State in files of SQLite, through Node's own module: nothing to install.
export type { LedgerOptions } from "../ledger/open-ledger.ts";
export { openSqliteReaders, openSqliteStores, type SqliteStoresOptions } from "./open-stores.ts";
