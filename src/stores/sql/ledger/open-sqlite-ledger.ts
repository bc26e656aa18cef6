// The ledger in a file of SQLite.
import type { Clock } from "../../../kernel/clock.ts";
import { openSqliteDatabase } from "../sqlite/open-database.ts";
import { createLedger, type LedgerOptions, type OpenLedger, startLedger } from "./open-ledger.ts";
import type { Database } from "../database.ts";

export interface SqliteLedgerOptions extends LedgerOptions {
  readonly path: string;
}

interface Surroundings {
  readonly clock: Clock;
  /** Version of the package. */
  readonly version: string;
  /** The thread is started at once; the file is not touched before. @default at once */
  readonly ready?: Promise<unknown>;
}

/** Opens the file for a thread that writes and a connection that reads. Rejects with STORE_UNUSABLE, and as `ready` does. */
export async function openSqliteLedger(
  { path, ...options }: SqliteLedgerOptions,
  { clock, version, ready }: Surroundings,
): Promise<OpenLedger & { readonly reader: Database }> {
  const client = await startLedger({
    settings: { sqlite: { path, busyMs: 100 }, postgres: null },
    options,
    clock,
    version,
    ready,
  });
  try {
    const reader = await openSqliteDatabase({ path, part: "ledger", readOnly: true, isChecked: true, clock });
    return { ...createLedger(client, reader, clock, options), reader };
  } catch (error) {
    await client.close(1_000);
    throw error;
  }
}
