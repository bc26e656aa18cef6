// Everything a registry keeps, in two files of one folder: docs/state.md says what is in which.
import { join } from "node:path";
import { formatReceived, readOptions } from "../../../errors/option-problems.ts";
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import { VERSION } from "../../../kernel/version.ts";
import type { StoreReaders, Stores } from "../../../ports/stores.ts";
import type { Database, Part } from "../database.ts";
import type { LedgerOptions } from "../ledger/open-ledger.ts";
import { openSqliteLedger } from "../ledger/open-sqlite-ledger.ts";
import { createSqlReaders } from "../readers.ts";
import { createSqlStores } from "../sql-stores.ts";
import { checkSqliteDatabase, openSqliteDatabase } from "./open-database.ts";

export interface SqliteStoresOptions {
  /** Folder of `state.db` and `ledger.db`; made when it is not there, for this user alone. */
  readonly dir: string;
  /** How the trail is hashed and how long a write may take. @default 250 ms, SHA-256 without a key */
  readonly ledger?: LedgerOptions;
  /** For tests. @default the system's */
  readonly clock?: Clock;
}

/** The names of the files in the folder. */
export const SQLITE_FILES: Readonly<Record<Part, string>> = Object.freeze({ state: "state.db", ledger: "ledger.db" });

/**
 * Opens the files, or makes them. Rejects with INVALID_OPTION, or with STORE_UNUSABLE when a file is not one of ours, is damaged,
 * of a newer version or cannot be written; then nothing was changed.
 */
export async function openSqliteStores(options: SqliteStoresOptions): Promise<Stores> {
  const reader = readOptions("SQLite stores", options, ["dir", "ledger", "clock"]);
  const { dir, ledger: ledgerOptions = {}, clock = systemClock } = options ?? {};
  if (typeof dir !== "string" || dir === "" || dir.includes("\0"))
    reader.refuse("dir", `received ${formatReceived(dir)}, expected the path of a folder`);
  reader.done();
  const path = join(dir, SQLITE_FILES.ledger);
  const opening = openState(dir, clock);
  // Its thread loads its code meanwhile.
  const [state, ledger] = await Promise.allSettled([
    opening,
    openSqliteLedger({ path, ...ledgerOptions }, { clock, version: VERSION, ready: opening }),
  ]);
  if (state.status === "rejected") throw state.reason;
  if (ledger.status === "fulfilled")
    return createSqlStores({ state: state.value, reader: ledger.value.reader, ledger: ledger.value });
  await state.value.close();
  throw ledger.reason;
}

/** Neither file is made or migrated before the other one is known to be ours. */
async function openState(dir: string, clock: Clock): Promise<Database> {
  await checkSqliteDatabase({ path: join(dir, SQLITE_FILES.ledger), part: "ledger", clock });
  return openSqliteDatabase({ path: join(dir, SQLITE_FILES.state), part: "state", clock });
}

/** Opens the files for reading; both have to be there. Changes nothing, also while a process writes to them. */
export async function openSqliteReaders({ dir, clock = systemClock }: SqliteStoresOptions): Promise<StoreReaders> {
  const state = await openSqliteDatabase({ path: join(dir, SQLITE_FILES.state), part: "state", readOnly: true, clock });
  try {
    const path = join(dir, SQLITE_FILES.ledger);
    const reader = await openSqliteDatabase({ path, part: "ledger", readOnly: true, clock });
    return createSqlReaders({ state, reader, clock });
  } catch (error) {
    await state.close();
    throw error;
  }
}
