// Stores in a database of their own, for the suites that every implementation is held to.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Clock } from "../../src/kernel/clock.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import type { Database, Part } from "../../src/stores/sql/database.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import { SQLITE_FILES } from "../../src/stores/sql/sqlite/open-stores.ts";
import { STORED_TABLES } from "../../src/stores/sql/stored-tables.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";

export interface OpenedStores {
  readonly stores: Stores;
  close(): Promise<void>;
}

/** In files of a folder that goes with them. */
export async function openInSqlite(clock?: Clock): Promise<OpenedStores> {
  const dir = mkdtempSync(path.join(tmpdir(), "toolyard-stores-"));
  const stores = await openSqliteStores({ dir, ...(clock !== undefined && { clock }) });
  return {
    stores,
    async close() {
      await stores.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** Ahead of the system's clock, by which the ledger's thread forgets what is over. */
const LATER = Date.UTC(2100, 0, 1);

let schemas = 0;

/**
 * Stores in a schema of PostgreSQL that are opened once and emptied for each test: a thread and a dozen tables for each would take longer
 * than the test itself.
 */
export async function openSharedPostgres(url: string): Promise<SharedStores> {
  const clock = createManualClock(LATER);
  const schema = `suite_${schemas++}`;
  // Not what is tested here: a busy machine may be slow.
  const stores = await openPostgresStores({ url, schema, clock, ledger: { writeTimeoutMs: 10_000 } });
  const database = await openPostgresDatabase({ url, schema, maxConnections: 1, parts: [] });
  return {
    stores,
    clock,
    async empty() {
      await emptyTables(stores, { state: database, ledger: database });
    },
    async close() {
      await stores.close();
      await database.close();
    },
  };
}

/** The same in files of SQLite. */
export async function openSharedSqlite(): Promise<SharedStores> {
  const clock = createManualClock(LATER);
  const dir = mkdtempSync(path.join(tmpdir(), "toolyard-stores-"));
  const stores = await openSqliteStores({ dir, clock, ledger: { writeTimeoutMs: 10_000 } });
  const state = await openSqliteDatabase({ path: path.join(dir, SQLITE_FILES.state), part: "state" });
  const ledger = await openSqliteDatabase({ path: path.join(dir, SQLITE_FILES.ledger), part: "ledger" });
  return {
    stores,
    clock,
    async empty() {
      await emptyTables(stores, { state, ledger });
    },
    async close() {
      await state.close();
      await ledger.close();
      await stores.close();
      rmSync(dir, { recursive: true });
    },
  };
}

async function emptyTables({ outcomes }: Stores, databases: Readonly<Record<Part, Database>>): Promise<void> {
  for (const { name, part } of STORED_TABLES)
    if (name !== "audit_chains") await databases[part].db.deleteFrom(name).execute();
  // Counts are remembered until something is removed here.
  await outcomes.remove("none");
}

export interface SharedStores {
  readonly stores: Stores;
  readonly clock: ManualClock;
  /** Everything that was kept is gone. */
  empty(): Promise<void>;
  close(): Promise<void>;
}
