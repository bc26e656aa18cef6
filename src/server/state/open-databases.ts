// The databases under the stores, for what has to see whole tables: backup and restore.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import type { PartDatabases } from "../../stores/sql/backup/index.ts";
import type { Database } from "../../stores/sql/database.ts";
import { openSqliteDatabase } from "../../stores/sql/sqlite/open-database.ts";
import { SQLITE_FILES } from "../../stores/sql/sqlite/open-stores.ts";
import { loadPostgres, type StatePlace, toPostgresOptions } from "./open-state.ts";

/** A statement over a whole table may take this long, milliseconds. */
const WHOLE_TABLE_MS = 600_000;

export interface OpenDatabases extends AsyncDisposable {
  readonly databases: PartDatabases;
}

/** Opens both parts for reading. Rejects with STORE_UNUSABLE when there is no state yet. */
export async function openDatabases(
  place: StatePlace,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>>,
): Promise<OpenDatabases> {
  if (place.postgres !== null) {
    const database = await openPostgres(place, clock, env);
    return { databases: { state: database, ledger: database }, [Symbol.asyncDispose]: () => database.close() };
  }
  const open = (part: "state" | "ledger"): Promise<Database> =>
    openSqliteDatabase({ path: join(place.dir, SQLITE_FILES[part]), part, readOnly: true, clock });
  const state = await open("state");
  try {
    const ledger = await open("ledger");
    const close = async (): Promise<void> => {
      await ledger.close();
      await state.close();
    };
    return { databases: { state, ledger }, [Symbol.asyncDispose]: close };
  } catch (error) {
    await state.close();
    throw error;
  }
}

/** The PostgreSQL database of a place that has one, for statements over whole tables. */
export async function openPostgres(
  { postgres }: StatePlace,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Database> {
  if (postgres === null) throw new ToolyardError("STORE_UNUSABLE", "the state is not in PostgreSQL");
  await loadPostgres();
  const { openPostgresDatabase } = await import("../../stores/sql/postgres/open-database.ts");
  const options = { ...(await toPostgresOptions(postgres, env)), timeoutMs: WHOLE_TABLE_MS, maxConnections: 2 };
  return openPostgresDatabase({ ...options, parts: ["state", "ledger"], clock });
}
