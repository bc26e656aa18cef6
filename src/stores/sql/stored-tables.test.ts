import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Part } from "./database.ts";
import { openSqliteDatabase } from "./sqlite/open-database.ts";
import { toTablesOf } from "./stored-tables.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "toolyard-tables-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function readSchema(part: Part): Promise<ReadonlyMap<string, readonly string[]>> {
  const database = await openSqliteDatabase({ path: join(dir, `${part}.db`), part });
  try {
    const { rows } = await sql<{ name: string; column: string; pk: number }>`
      select t.name as name, c.name as "column", c.pk as pk
      from sqlite_schema t join pragma_table_info(t.name) c
      where t.type = 'table' and t.name <> 'schema_versions' order by t.name, c.pk`.execute(database.db);
    const keys = new Map<string, string[]>();
    for (const { name, column, pk } of rows) {
      const key = keys.get(name) ?? [];
      keys.set(name, pk > 0 ? [...key, column] : key);
    }
    return keys;
  } finally {
    await database.close();
  }
}

describe.each(["state", "ledger"] as const)("the list of the tables of %s", (part) => {
  test("names every table of the migrations, with its primary key, and no other", async () => {
    const listed = toTablesOf(part).map(({ name, key }) => [name, key]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(await readSchema(part)));
  });
});
