// Everything a registry keeps, in one schema of PostgreSQL.
import { formatReceived, readOptions } from "../../../errors/option-problems.ts";
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import { VERSION } from "../../../kernel/version.ts";
import type { StoreReaders, Stores } from "../../../ports/stores.ts";
import type { LedgerOptions } from "../ledger/open-ledger.ts";
import { openPostgresLedger } from "../ledger/open-postgres-ledger.ts";
import { createSqlReaders } from "../readers.ts";
import { createSqlStores } from "../sql-stores.ts";
import { openPostgresDatabase, type PostgresOptions } from "./open-database.ts";

export interface PostgresStoresOptions extends PostgresOptions {
  /** How the trail is hashed and how long a write may take. @default 250 ms, SHA-256 without a key */
  readonly ledger?: LedgerOptions;
  /** For tests. @default the system's */
  readonly clock?: Clock;
}

/**
 * Connects, and makes the tables when they are not there. Rejects with INVALID_OPTION, or with STORE_UNUSABLE when the database
 * cannot be reached, is too old or holds tables of a newer version; then nothing was changed.
 */
export async function openPostgresStores(options: PostgresStoresOptions): Promise<Stores> {
  const reader = readOptions("PostgreSQL stores", options, [
    "url",
    "schema",
    "maxConnections",
    "timeoutMs",
    "ledger",
    "clock",
  ]);
  const { url, schema, ledger: ledgerOptions = {}, clock = systemClock } = options ?? {};
  if (typeof url !== "string" || !/^postgres(ql)?:/.test(url))
    // Not what was received: a URL may hold a password.
    reader.refuse(
      "url",
      `received ${typeof url === "string" ? "another text" : formatReceived(url)}, expected postgres://…`,
    );
  const postgres: PostgresOptions = {
    url,
    ...(schema !== undefined && { schema }),
    maxConnections: reader.integer("maxConnections", 1, 1_000, 10),
    timeoutMs: reader.integer("timeoutMs", 100, 600_000, 5_000),
  };
  reader.done();
  const database = await openPostgresDatabase({ ...postgres, parts: ["state", "ledger"], clock });
  try {
    const ledger = await openPostgresLedger(postgres, ledgerOptions, { clock, version: VERSION, reader: database });
    return createSqlStores({ state: database, reader: database, ledger });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The same for reading: no thread, and no chain of its own. The tables have to be there; nothing is changed. */
export async function openPostgresReaders(options: PostgresStoresOptions): Promise<StoreReaders> {
  const { clock = systemClock } = options;
  const database = await openPostgresDatabase({ ...options, parts: ["state", "ledger"], readOnly: true, clock });
  return createSqlReaders({ state: database, reader: database, clock });
}
