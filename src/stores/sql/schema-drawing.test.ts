// The drawing of the tables in docs/state.md is the tables: every one and every column, in its order, with its key.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqliteDatabase } from "./sqlite/open-database.ts";

const document = readFileSync(new URL("../../../docs/state.md", import.meta.url), "utf8");
const drawing = /```mermaid\n(erDiagram\n[^]*?)```/.exec(document)?.[1] ?? "";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "toolyard-schema-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const TYPES: Readonly<Record<string, string>> = { text: "text", bigint: "integer", "double precision": "real" };

/** `  name {` and its columns, a line each. */
function toDrawn(): Readonly<Record<string, readonly string[]>> {
  const tables = drawing.matchAll(/^ {2}(\w+) \{\n([^]*?)^ {2}\}/gm);
  return Object.fromEntries(
    [...tables].map(([, name, lines]) => [name, (lines ?? "").trim().split(/\n\s*/).map(toColumn)]),
  );
}

/** `text name PK`, without what is said of it. */
function toColumn(line: string): string {
  return line.replace(/ ".*"$/, "");
}

test("docs/state.md draws every table with every column of the migrations, and no other", async () => {
  const tables: Record<string, readonly string[]> = {};
  for (const part of ["state", "ledger"] as const) {
    const database = await openSqliteDatabase({ path: join(dir, `${part}.db`), part });
    const { rows } = await sql<{ name: string; column: string; type: string; pk: number }>`
      select t.name as name, c.name as "column", c.type as type, c.pk as pk
      from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table' order by t.rowid, c.cid`.execute(
      database.db,
    );
    await database.close();
    for (const name of new Set(rows.map((row) => row.name))) {
      const columns = rows.filter((row) => row.name === name);
      tables[name] = columns.map(
        ({ column, type, pk }) => `${TYPES[type.toLowerCase()] ?? type} ${column}${pk > 0 ? " PK" : ""}`,
      );
    }
  }
  expect(toDrawn()).toEqual(tables);
});

test("the lines between tables are between tables that are drawn", () => {
  const ends = [...drawing.matchAll(/^ {2}(\w+) \S*(?:\|\||\|o|\}o|o\{|o\|)\S* (\w+) :/gm)].flatMap(([, from, to]) => [
    from,
    to,
  ]);
  expect(ends.length).toBeGreaterThan(8);
  for (const end of ends) expect(Object.keys(toDrawn())).toContain(end);
});
