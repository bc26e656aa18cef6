// Inserts many rows with few statements: a statement for 128 rows, one for 16 and one for 1 are built once and used for as long as the
// writer lives. Building a query for every batch would cost more than running it.
import { CompiledQuery, type Kysely } from "kysely";
import type { Tables } from "../database.ts";

const CHUNKS = [128, 16, 1] as const;

export interface RowWriter<Row extends object> {
  insert(transaction: Kysely<Tables>, rows: readonly Row[]): Promise<void>;
}

/**
 * Inserts rows of these columns into a table.
 * @param conflict what happens to a row whose key is there: it fails, or stays as it is
 */
export function createRowWriter<Table extends keyof Tables>(
  table: Table,
  columns: readonly (keyof Tables[Table] & string)[],
  conflict: "fail" | "keep" = "fail",
): RowWriter<Tables[Table]> {
  const statements = new Map<number, string>();

  const toStatement = (transaction: Kysely<Tables>, count: number): string => {
    let statement = statements.get(count);
    if (statement === undefined) {
      const rows = Array.from({ length: count }, () => Object.fromEntries(columns.map((column) => [column, ""])));
      const query = transaction.insertInto(table).values(rows as never);
      statement = (conflict === "keep" ? query.onConflict((target) => target.doNothing()) : query).compile().sql;
      statements.set(count, statement);
    }
    return statement;
  };

  return {
    async insert(transaction, rows) {
      let at = 0;
      for (const size of CHUNKS) {
        for (; rows.length - at >= size; at += size) {
          const values: unknown[] = [];
          for (let index = at; index < at + size; index++) {
            const row = rows[index] as Tables[Table];
            for (const column of columns) values.push(row[column]);
          }
          await transaction.executeQuery(CompiledQuery.raw(toStatement(transaction, size), values));
        }
      }
    },
  };
}
