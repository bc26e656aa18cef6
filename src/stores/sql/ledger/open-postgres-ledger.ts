// The ledger in PostgreSQL: a thread with a connection of its own writes, the pool of the other stores reads.
import { randomInt } from "node:crypto";
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
  const lock = randomInt(2 ** 31);
  const client = await startLedger({
    settings: { sqlite: null, postgres: { ...postgres, lock } },
    options,
    clock,
    version,
  });
  return createLedger(client, reader, clock, options);
}
