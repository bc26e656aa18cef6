// Stores in a database of their own, for the suites that every implementation is held to.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Clock } from "../../src/kernel/clock.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
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

let schemas = 0;

/**
 * Stores in a schema of PostgreSQL that are opened once and emptied for each test: a thread and a dozen tables for each would take longer
 * than the test itself.
 */
export async function openSharedPostgres(url: string): Promise<SharedStores> {
  const clock = createManualClock();
  const schema = `suite_${schemas++}`;
  // Not what is tested here: a busy machine may be slow.
  const stores = await openPostgresStores({ url, schema, clock, ledger: { writeTimeoutMs: 10_000 } });
  const database = await openPostgresDatabase({ url, schema, maxConnections: 1, parts: [] });
  return {
    stores,
    clock,
    async empty() {
      for (const { name } of STORED_TABLES) if (name !== "audit_chains") await database.db.deleteFrom(name).execute();
      // Counts are remembered for a second.
      await clock.advance(10_000);
    },
    async close() {
      await stores.close();
      await database.close();
    },
  };
}

export interface SharedStores {
  readonly stores: Stores;
  readonly clock: ManualClock;
  /** Everything that was kept is gone. */
  empty(): Promise<void>;
  close(): Promise<void>;
}
