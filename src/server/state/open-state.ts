// Opens the state that a configuration, a variable or an option names. The one place that knows which databases there are; PostgreSQL is
// loaded only when it is asked for, because its client is an optional peer.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { StoreReaders, Stores } from "../../ports/stores.ts";
import { parseAuditKey } from "../../audit/chain/index.ts";
import { type LedgerOptions, openSqliteReaders, openSqliteStores } from "../../stores/sql/sqlite/index.ts";
import type { LoadedConfig, PostgresConfig, StateConfig } from "../config/index.ts";

/** The audit key, as hexadecimal or base64. */
export const AUDIT_KEY_VARIABLE = "TOOLYARD_AUDIT_KEY";

const DEFAULT_STATE_DIR = ".toolyard";

export interface StatePlace {
  /** The folder, absolute. */
  readonly dir: string;
  /** null: files of SQLite in the folder. */
  readonly postgres: PostgresConfig | null;
  /** References to the keys of our own; null: files in the folder. */
  readonly masterKey: string | null;
  readonly pepper: string | null;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder, absolute. */
  readonly cwd: string;
}

/** Where the state is: an option, then `TOOLYARD_DATA_DIR`, then the configuration, then `.toolyard` in the working folder. */
export function findState(
  data: string | undefined,
  loaded: LoadedConfig | null,
  { env, cwd }: Surroundings,
): StatePlace {
  const named = data ?? (env["TOOLYARD_DATA_DIR"] === "" ? undefined : env["TOOLYARD_DATA_DIR"]);
  const state = loaded?.config.state;
  const base = loaded === null || state === undefined ? cwd : dirname(loaded.file);
  const dir = named === undefined ? resolve(base, state?.dir ?? DEFAULT_STATE_DIR) : resolve(cwd, named);
  return { dir, ...toNamed(state ?? {}) };
}

function toNamed({ postgres, masterKey, pepper }: StateConfig): Omit<StatePlace, "dir"> {
  return { postgres: postgres ?? null, masterKey: masterKey ?? null, pepper: pepper ?? null };
}

/** Opens the stores for reading and writing. Rejects with STORE_UNUSABLE, SECRET_UNUSABLE or INVALID_OPTION. */
export async function openStores(place: StatePlace, clock: Clock, env: Surroundings["env"]): Promise<Stores> {
  const ledger = toLedgerOptions(env);
  if (place.postgres === null) return openSqliteStores({ dir: place.dir, ledger, clock });
  const { openPostgresStores } = await loadPostgres();
  const spoolDir = join(place.dir, "spool");
  return openPostgresStores({
    ...(await toPostgresOptions(place.postgres, env)),
    ledger: { ...ledger, spoolDir },
    clock,
  });
}

/** Opens the stores for looking. Rejects like `openStores`, and with STORE_UNUSABLE when there is no state yet. */
export async function openReaders(place: StatePlace, clock: Clock, env: Surroundings["env"]): Promise<StoreReaders> {
  if (place.postgres === null) return openSqliteReaders({ dir: place.dir, clock });
  const { openPostgresReaders } = await loadPostgres();
  return openPostgresReaders({ ...(await toPostgresOptions(place.postgres, env)), clock });
}

/** The audit key is given by a variable alone: whoever can write to the database must not have it. */
export function toLedgerOptions(env: Surroundings["env"]): LedgerOptions {
  const key = env[AUDIT_KEY_VARIABLE];
  return key === undefined || key === "" ? {} : { key: parseAuditKey(key) };
}

/** The stores in PostgreSQL. Rejects with STORE_UNUSABLE when the package is not installed. */
export async function loadPostgres(): Promise<typeof import("../../stores/sql/postgres/index.ts")> {
  try {
    return await import("../../stores/sql/postgres/index.ts");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new ToolyardError("STORE_UNUSABLE", "state in PostgreSQL needs the package pg: npm install pg", {
      cause: error,
    });
  }
}

/** The options with their URL, wherever it is kept. */
export async function toPostgresOptions(config: PostgresConfig, env: Surroundings["env"]): Promise<PostgresConfig> {
  return { ...config, url: await readUrl(config.url, env) };
}

async function readUrl(url: string, env: Surroundings["env"]): Promise<string> {
  if (url.startsWith("env:")) {
    const value = env[url.slice(4)];
    if (value !== undefined && value !== "") return value;
    throw new ToolyardError("SECRET_UNUSABLE", `state.postgres.url: the variable ${url.slice(4)} is not set`);
  }
  if (!url.startsWith("file:")) return url;
  try {
    return (await readFile(url.slice(5), "utf8")).trim();
  } catch (error) {
    throw new ToolyardError("SECRET_UNUSABLE", `state.postgres.url: ${url} cannot be read`, { cause: error });
  }
}
