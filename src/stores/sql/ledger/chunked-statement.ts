// A statement over many rows, built once for each of a few sizes and used for as long as the writer lives: building a query for
// every batch would cost more than running it.
import { CompiledQuery, type Kysely } from "kysely";
import { invariant } from "../../../kernel/invariant.ts";
import type { Tables } from "../database.ts";

/** Rows of one statement, the most first: the databases bound the number of values. */
const SIZES = [256, 64, 16, 4, 1] as const;

interface Compilable {
  compile(): CompiledQuery;
}

export interface ChunkedStatement<Item, Row> {
  /** Runs it over `items`, in pieces; `more` are the values behind those of the items. What it returned. */
  run(db: Kysely<Tables>, items: readonly Item[], more?: readonly unknown[]): Promise<readonly Row[]>;
}

/**
 * Makes a statement of `build`, which is given the number of items.
 * @param toValues the values of one item, in the order in which the statement has them
 */
export function createChunkedStatement<Item, Row = never>(
  build: (db: Kysely<Tables>, count: number) => Compilable,
  toValues: (item: Item) => readonly unknown[],
): ChunkedStatement<Item, Row> {
  const statements = new Map<number, CompiledQuery>();

  const toStatement = (db: Kysely<Tables>, count: number): CompiledQuery => {
    const known = statements.get(count);
    if (known !== undefined) return known;
    const built = build(db, count).compile();
    statements.set(count, built);
    return built;
  };

  return {
    async run(db, items, more = []) {
      const found: Row[] = [];
      let at = 0;
      for (const size of SIZES) {
        for (; items.length - at >= size; at += size) {
          const values: unknown[] = [];
          for (let index = at; index < at + size; index++) values.push(...toValues(items[index] as Item));
          values.push(...more);
          const { sql, parameters } = toStatement(db, size);
          invariant(parameters.length === values.length, "a statement is given as many values as it has places");
          const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(sql, values));
          for (const row of rows) found.push(row);
        }
      }
      return found;
    },
  };
}

/** Places for the values of `count` items. */
export function toPlaces<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}
