// Tables as a backup sees them: names, columns and values, whatever they mean.
import type { Kysely } from "kysely";
import type { Part, Tables } from "../database.ts";

/** What a column holds. */
export type StoredValue = string | number | null;

/** Values in the order of the columns. */
export type StoredRow = readonly StoredValue[];

export type PlainTables = Kysely<Record<string, Record<string, StoredValue>>>;

/** In the order in which they are read and written. */
export const PARTS: readonly Part[] = ["state", "ledger"];

/** `db` for tables that are known by their names only. */
export function toPlainTables(db: Kysely<Tables>): PlainTables {
  return db as unknown as PlainTables;
}
