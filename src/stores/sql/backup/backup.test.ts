import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createManualClock } from "../../../testing/index.ts";
import type { Database, Part } from "../database.ts";
import { connectSqlite, openSqliteDatabase } from "../sqlite/open-database.ts";
import type { Migration } from "../migrations/migration.ts";
import { MIGRATIONS } from "../migrations/migrations.ts";
import { toTablesOf } from "../stored-tables.ts";
import { readArchive } from "./archive-reader.ts";
import { PARTS, type StoredRow, toPlainTables } from "./plain-tables.ts";
import { restoreBackup, type RestoreOptions } from "./restore.ts";
import { stageArchive, toPartFile } from "./stage-archive.ts";
import { writeBackup, type Backup } from "./write-backup.ts";
import { readColumns, readTableRows } from "./table-rows.ts";

const clock = createManualClock();
let folder: string;
let source: string;
let target: string;
let archive: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "toolyard-backup-"));
  source = join(folder, "source");
  target = join(folder, "target");
  archive = join(folder, "backup.ty");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (dir: string, part: Part): Promise<Database> =>
  openSqliteDatabase({ path: toPartFile(dir, part), part, clock });

/** Rows of every table, as many as do not fit in one page. */
async function fill(dir: string, mark: string, count = 450): Promise<void> {
  for (const part of PARTS) {
    const database = await open(dir, part);
    await database.close();
    const connection = await connectSqlite({ path: toPartFile(dir, part), part });
    connection.exec("begin");
    for (const { name } of toTablesOf(part))
      for (let index = 0; index < count; index++) insertRow(connection, name, mark, index);
    connection.exec("commit");
    connection.close();
  }
}

/** A row that says what it is, of a table of whatever columns. */
function insertRow(connection: DatabaseSync, table: string, mark: string, index: number): void {
  const columns = connection.prepare("select name, type from pragma_table_info(?)").all(table);
  const values = columns.map(({ name, type }) =>
    String(type).toLowerCase() === "text" ? `${mark} ${String(name)} ${index} "\\ 😀\n` : index * 3,
  );
  connection.prepare(`insert into "${table}" values (${columns.map(() => "?").join(",")})`).run(...values);
}

async function readAll(dir: string): Promise<Readonly<Record<string, readonly StoredRow[]>>> {
  const all: Record<string, StoredRow[]> = {};
  for (const part of PARTS) {
    const database = await open(dir, part);
    const db = toPlainTables(database.db);
    for (const table of toTablesOf(part)) {
      const rows: StoredRow[] = [];
      const columns = await readColumns(db, table.name);
      for await (const page of readTableRows(db, table, columns)) rows.push(...page);
      all[table.name] = rows;
    }
    await database.close();
  }
  return all;
}

async function backup(dir: string, path = archive): Promise<Backup> {
  const state = await open(dir, "state");
  const ledger = await open(dir, "ledger");
  try {
    return await writeBackup({ databases: { state, ledger }, path, clock });
  } finally {
    await state.close();
    await ledger.close();
  }
}

const restore = (options: Partial<RestoreOptions> = {}): ReturnType<typeof restoreBackup> =>
  restoreBackup({ archive, target: { dialect: "sqlite", dir: target }, clock, ...options });

describe("a backup of SQLite", () => {
  test("restores every row of every table into an empty folder", async () => {
    await fill(source, "one");
    const made = await backup(source);
    expect(made.rows).toBe(made.tables.length * 450);
    const restored = await restore();
    expect(restored).toEqual({ at: made.at, sha256: made.sha256, rows: made.rows, kept: [] });
    const rows = await readAll(target);
    expect(rows).toEqual(await readAll(source));
    expect(Object.values(rows).every((table) => table.length === 450)).toBe(true);
    expect((await readdir(target)).toSorted()).toEqual(["ledger.db", "state.db"]);
  });

  test("of tables without a row restores them so", async () => {
    await fill(source, "one", 0);
    expect((await backup(source)).rows).toBe(0);
    expect((await restore()).rows).toBe(0);
    expect(await readAll(target)).toEqual(await readAll(source));
  });

  test("is of one moment while others write", async () => {
    await fill(source, "one");
    const [state, ledger] = [await open(source, "state"), await open(source, "ledger")];
    const writer = await connectSqlite({ path: toPartFile(source, "ledger"), part: "ledger" });
    let written = 0;
    await writeBackup({
      databases: { state, ledger },
      path: archive,
      clock,
      onProgress: () => {
        // A row that would come into a page that is still to be read.
        insertRow(writer, "unknown_outcomes", "zzz", written++);
      },
    });
    for (const database of [state, ledger]) await database.close();
    writer.close();
    expect(written).toBeGreaterThan(5);
    await restore();
    expect((await readAll(target))["unknown_outcomes"]).toHaveLength(450);
    expect((await readAll(source))["unknown_outcomes"]).toHaveLength(450 + written);
  });

  test("is refused where a file of that name is, which stays as it is", async () => {
    await fill(source, "one", 1);
    await writeFile(archive, "mine");
    await expect(backup(source)).rejects.toThrow("there is such a file already");
    expect(await readFile(archive, "utf8")).toBe("mine");
    await expect(backup(source, join(folder, "no", "b.ty"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect((await readdir(folder)).toSorted()).toEqual(["backup.ty", "source"]);
  });
});

describe("restoring", () => {
  test("refuses a folder that is not empty, and leaves it as it is", async () => {
    await fill(source, "one", 5);
    await backup(source);
    await fill(target, "two", 5);
    const before = await readAll(target);
    await expect(restore()).rejects.toThrow(/not empty: there are rows in .*audit_records/);
    expect(await readAll(target)).toEqual(before);
  });

  test("replaces what is there when it may, and keeps it beside", async () => {
    await fill(source, "one", 5);
    await backup(source);
    await fill(target, "two", 300);
    const before = await readAll(target);
    const { kept } = await restore({ replace: true });
    expect(kept.map((path) => path.replace(/-\d{8}T\d{9}Z$/, ""))).toEqual(
      PARTS.map((part) => join(target, `${part}.db.before-restore`)),
    );
    expect(await readAll(target)).toEqual(await readAll(source));
    // What was kept is a state of its own.
    for (const [index, part] of PARTS.entries())
      await writeFile(toPartFile(source, part), await readFile(kept[index] as string));
    expect(await readAll(source)).toEqual(before);
  });

  test.each(PARTS)("refuses while somebody has the %s open", async (part) => {
    await fill(source, "one", 5);
    await backup(source);
    await fill(target, "two", 5);
    const before = await readAll(target);
    const other = await open(target, part);
    await other.db.selectFrom("schema_versions").selectAll().execute();
    await expect(restore({ replace: true })).rejects.toThrow("another process has it open");
    await other.close();
    expect(await readAll(target)).toEqual(before);
    expect((await readdir(target)).filter((name) => !/^(state|ledger)\.db(-wal|-shm)?$/.test(name))).toEqual([]);
  });

  test("refuses to replace files that are damaged or another program's, and says what to do", async () => {
    await fill(source, "one", 5);
    await backup(source);
    await fill(target, "two", 300);
    const path = toPartFile(target, "ledger");
    const bytes = await readFile(path);
    const torn = Buffer.concat([bytes.subarray(0, 8_192), Buffer.alloc(bytes.length - 8_192, 7)]);
    for (const damaged of [torn, Buffer.from("mine")]) {
      await writeFile(path, damaged);
      await expect(restore({ replace: true })).rejects.toThrow(/To restore all the same, move the files out of/);
      expect((await readFile(path)).equals(damaged)).toBe(true);
    }
    for (const part of PARTS) await rm(toPartFile(target, part));
    await restore();
    expect(await readAll(target)).toEqual(await readAll(source));
  });

  test("brings a backup of older tables to those of today", async () => {
    await fill(source, "one", 5);
    const made = await backup(source);
    const next: Migration = {
      part: "ledger",
      version: made.parts.ledger + 1,
      needs: 1,
      async up({ schema, text }) {
        const table = schema.alterTable("claims");
        await table.addColumn("region", text, (column) => column.notNull().defaultTo("eu")).execute();
      },
      async down() {},
    };
    await using staged = await stageArchive({ archive, folder, clock, migrations: [...MIGRATIONS, next] });
    const connection = await connectSqlite({ path: toPartFile(staged.dir, "ledger"), part: "ledger" });
    const rows = connection.prepare("select region, count(*) as rows from claims group by region").all();
    connection.close();
    expect(rows.map((row) => ({ ...row }))).toEqual([{ region: "eu", rows: 5 }]);
  });

  test("lets the caller finish what was read, and restores nothing when it rejects", async () => {
    await fill(source, "one", 5);
    await backup(source);
    await expect(
      restore({
        finish: () => {
          throw new Error("the chains are broken");
        },
      }),
    ).rejects.toThrow("the chains are broken");
    expect(await readdir(target)).toEqual([]);
    await restore({
      async finish({ dir }) {
        const ledger = await connectSqlite({ path: toPartFile(dir, "ledger"), part: "ledger" });
        insertRow(ledger, "unknown_outcomes", "zzz", 0);
        ledger.close();
      },
    });
    expect((await readAll(target))["unknown_outcomes"]).toHaveLength(6);
  });
});

describe("an archive that is not as it was written", () => {
  beforeEach(async () => {
    await fill(source, "one", 3);
    await backup(source);
  });

  const lines = async (): Promise<string[]> =>
    gunzipSync(await readFile(archive))
      .toString("utf8")
      .split("\n");
  /** With the checksum of what it is now. */
  const rewrite = async (changed: readonly string[]): Promise<void> => {
    const body = changed.slice(0, -2).map((line) => `${line}\n`);
    const sha256 = createHash("sha256").update(body.join("")).digest("hex");
    const rows = body.filter((line) => line.startsWith("[")).length;
    await writeFile(archive, gzipSync(`${body.join("")}${JSON.stringify({ end: { rows, sha256 } })}\n`));
  };
  const write = (changed: readonly string[]): Promise<void> => writeFile(archive, gzipSync(changed.join("\n")));
  /** Why it is refused; nothing was restored. */
  const refusal = async (): Promise<string> => {
    const error: unknown = await restore().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "STORE_UNUSABLE" });
    expect(existsSync(target) ? await readdir(target) : []).toEqual([]);
    return (error as Error).message;
  };

  test("is refused when any one line is changed, missing or there twice", async () => {
    const original = await lines();
    const read = (): Promise<unknown> => readArchive(archive, { header: async () => {}, rows: async () => {} });
    await expect(read()).resolves.toBeDefined();
    for (let index = 0; index < original.length - 1; index++) {
      const line = original[index] as string;
      const changed = line.replace(/one|"at":\d+|"rows":\d|table/, (text) => `${text}1`);
      expect(changed).not.toBe(line);
      const variants = [
        original.with(index, changed),
        original.toSpliced(index, 1),
        original.toSpliced(index, 0, line),
      ];
      for (const variant of variants) {
        await write(variant);
        await expect(read(), `line ${index}`).rejects.toMatchObject({ code: "STORE_UNUSABLE" });
      }
    }
  });

  test("is refused when a row does not fit, or a table is not what it should be", async () => {
    const [header = "", ...rest] = await lines();
    const first = rest.findIndex((line) => line.startsWith("["));
    await rewrite([header, ...rest.with(first + 1, rest[first] as string)]);
    expect(await refusal()).toMatch(/a row of catalog_tools does not fit/);
    await rewrite([header.replaceAll("claims", "claimz"), ...rest.map((line) => line.replace('"claims"', '"claimz"'))]);
    expect(await refusal()).toMatch(/no table claims/);
    await rewrite([header.replace('"revision"', '"revisions"'), ...rest]);
    expect(await refusal()).toMatch(/catalog_tools has other columns/);
  });

  test("is refused wherever it is cut", async () => {
    const whole = await readFile(archive);
    const all = await lines();
    for (const share of [0, 0.01, 0.3, 0.7, 0.99]) {
      await writeFile(archive, whole.subarray(0, Math.floor(whole.length * share)));
      expect(await refusal()).toMatch(/ends too early|damaged/);
    }
    await write(all.slice(0, -2));
    expect(await refusal()).toMatch(/ends too early/);
  });

  test("is refused when it is something else", async () => {
    await writeFile(archive, "no gzip");
    expect(await refusal()).toMatch(/no gzip file/);
    await write(['{"hello":1}', ""]);
    expect(await refusal()).toMatch(/no backup of a registry/);
    await write(["[".repeat(100_000), ""]);
    expect(await refusal()).toMatch(/no JSON/);
    await write(["x".repeat(17 * 1_048_576), ""]);
    expect(await refusal()).toMatch(/a line of it has more than/);
    await rm(archive);
    expect(await refusal()).toMatch(/no such file/);
  });

  test("is refused when a newer version made it, with what to do", async () => {
    const [header = "", ...rest] = await lines();
    await write([header.replace('"version":1', '"version":2'), ...rest]);
    expect(await refusal()).toMatch(/format is version 2.*reads version 1/);
    await write([header.replace(/"ledger":\d+/, '"ledger":7'), ...rest]);
    expect(await refusal()).toMatch(/version 7, made by a newer Toolyard/);
  });
});
