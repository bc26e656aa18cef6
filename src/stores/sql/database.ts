// A database as the stores use it: queries through Kysely, one shape for SQLite and PostgreSQL. What differs between the two is in
// their folders and in `schema-maker.ts`; a store asks `dialect` only where there is no common way.
import type { Kysely, Transaction } from "kysely";
import type { CatalogTables } from "./tables/catalog-tables.ts";
import type { KeyTables } from "./tables/key-tables.ts";
import type { LedgerTables } from "./tables/ledger-tables.ts";
import type { QuotaTables } from "./tables/quota-tables.ts";
import type { SecretTables } from "./tables/secret-tables.ts";
import type { SettingTables } from "./tables/setting-tables.ts";
import type { UsageTables } from "./tables/usage-tables.ts";

/** One row for each part: which version of the tables there is. */
interface SchemaVersionTables {
  schema_versions: {
    part: Part;
    version: number;
    /** The lowest version of the code that can work with these tables. */
    needs: number;
    /** Epoch ms. */
    migrated_at: number;
  };
}

export interface Tables
  extends
    CatalogTables,
    SettingTables,
    KeyTables,
    SecretTables,
    LedgerTables,
    UsageTables,
    QuotaTables,
    SchemaVersionTables {}

export type Dialect = "sqlite" | "postgres";

/**
 * What is kept together. `state`: what administrators change. `ledger`: what calls leave behind, written by one worker. In
 * SQLite each part is a file, so that neither waits for the other.
 */
export type Part = "state" | "ledger";

export interface Database {
  readonly db: Kysely<Tables>;
  readonly dialect: Dialect;
  /** The schema of the tables; null: there is none, as in SQLite. */
  readonly schema: string | null;
  /** Runs `work` in one transaction, which is rolled back when it rejects. SQLite: it has the file for itself. */
  transaction<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A database over `db`, which it closes. */
export function createDatabase(db: Kysely<Tables>, dialect: Dialect, schema: string | null = null): Database {
  const scoped = schema === null ? db : db.withSchema(schema);
  return {
    db: scoped,
    dialect,
    schema,
    transaction: (work) => scoped.transaction().execute(work),
    close: () => db.destroy(),
  };
}
