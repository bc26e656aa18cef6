// The ledger in PostgreSQL: a thread with a connection of its own writes, the pool of the other stores reads.
import type { Clock } from "../../../kernel/clock.ts";
import type { Database } from "../database.ts";
import type { PostgresOptions } from "../postgres/open-database.ts";
import { createLedger, type LedgerOptions, type OpenLedger, startLedger } from "./open-ledger.ts";

interface Surroundings {
  readonly clock: Clock;
  /** Version of the package. */
  readonly version: string;
  /** Where the tables are, and who reads them. */
  readonly reader: Database;
}

/** Starts the thread. Rejects with STORE_UNUSABLE when it cannot connect. */
export async function openPostgresLedger(
  postgres: PostgresOptions,
  options: LedgerOptions,
  { clock, version, reader }: Surroundings,
): Promise<OpenLedger> {
  const client = await startLedger({ settings: { sqlite: null, postgres }, options, clock, version });
  return createLedger(client, reader, clock);
}
