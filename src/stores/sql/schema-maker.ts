// What a migration makes tables with. Three types of columns are enough, and mean the same in both databases: texts that compare
// by their bytes, integers that JavaScript holds exactly, and nothing else.
import { type ColumnDefinitionBuilder, type Kysely, type RawBuilder, type SchemaModule, sql } from "kysely";
import type { Dialect } from "./database.ts";

/** The tables of a migration are those of its time, not those of today. */
// oxlint-disable-next-line typescript/no-explicit-any -- Kysely's own type for a database whose tables are not known.
type AnyTables = Kysely<any>;

export interface SchemaMaker {
  readonly dialect: Dialect;
  readonly schema: SchemaModule;
  /** To move rows. */
  readonly db: AnyTables;
  /** A text; ordered and compared by its bytes, whatever the database's own order is. */
  readonly text: RawBuilder<unknown>;
  /** An integer of up to 2^53: a count, a time in epoch ms, or 0 and 1. */
  readonly integer: "bigint";
  /** A number that may have a fraction. */
  readonly real: "double precision";
}

/** For columns: `column(c => c.notNull())`. */
export type Column = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;

/** Makes tables in `db`. */
export function createSchemaMaker(db: AnyTables, dialect: Dialect): SchemaMaker {
  return { dialect, db, schema: db.schema, text: toTextType(dialect), integer: "bigint", real: "double precision" };
}

function toTextType(dialect: Dialect): RawBuilder<unknown> {
  return dialect === "postgres" ? sql`text collate "C"` : sql`text`;
}
