import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSqliteDialect } from "./driver.ts";

interface Rows {
  t: { id: number; value: number; note: string | null };
}

let dir: string;
let connection: DatabaseSync;
let db: Kysely<Rows>;

function open(): { readonly connection: DatabaseSync; readonly db: Kysely<Rows> } {
  const opened = new DatabaseSync(join(dir, "t.db"), { timeout: 0 });
  return { connection: opened, db: new Kysely<Rows>({ dialect: createSqliteDialect(opened) }) };
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "toolyard-driver-"));
  ({ connection, db } = open());
  connection.exec("pragma journal_mode = wal");
  connection.exec("create table t (id bigint primary key, value bigint not null, note text)");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await db.destroy();
  // Kysely closes nothing that was asked nothing.
  if (connection.isOpen) connection.close();
  rmSync(dir, { recursive: true });
});

const insert = (id: number, value = id): Promise<unknown> =>
  db.insertInto("t").values({ id, value, note: null }).execute();
const readAll = (): Promise<readonly Rows["t"][]> => db.selectFrom("t").selectAll().orderBy("id").execute();

describe("statements", () => {
  it("are prepared once, whatever they are given", async () => {
    const prepare = vi.spyOn(connection, "prepare");
    for (let id = 0; id < 5; id++) await insert(id);
    for (let id = 0; id < 5; id++) {
      expect(await db.selectFrom("t").select("value").where("id", "=", id).execute()).toEqual([{ value: id }]);
    }
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it("are kept up to 256; the one that was not used for longest is prepared again", async () => {
    const ask = (of: number): Promise<unknown> => sql`select ${sql.lit(of)} as n`.execute(db);
    await ask(0);
    await ask(1);
    for (let of = 2; of < 256; of++) await ask(of);
    await ask(0);
    await ask(256);
    const prepare = vi.spyOn(connection, "prepare");
    await ask(0);
    expect(prepare).not.toHaveBeenCalled();
    await ask(1);
    expect(prepare).toHaveBeenCalledOnce();
  });

  it("that are kept see a table as it is after a change of it", async () => {
    await insert(1);
    expect(await readAll()).toEqual([{ id: 1, value: 1, note: null }]);
    const other = open();
    other.connection.exec("alter table t add column more text default 'x'");
    other.connection.close();
    expect(await readAll()).toEqual([{ id: 1, value: 1, note: null, more: "x" }]);
  });

  it("tell how many rows they have changed, and give the rows of a change that asks for them", async () => {
    for (const id of [1, 2, 3]) await insert(id);
    const [updated] = await db.updateTable("t").set({ value: 9 }).where("id", ">", 1).execute();
    expect(updated?.numUpdatedRows).toBe(2n);
    expect(await db.deleteFrom("t").where("value", "=", 9).returning("id").execute()).toEqual([{ id: 2 }, { id: 3 }]);
  });

  it("are streamed row by row, also while the same one runs again", async () => {
    for (const id of [1, 2, 3]) await insert(id);
    const seen: number[] = [];
    for await (const { id } of db.selectFrom("t").selectAll().orderBy("id").stream()) {
      seen.push(id);
      if (id === 1) connection.prepare('select * from "t" order by "id"').all();
    }
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe("values", () => {
  it("come back as they went in", async () => {
    const texts = ["", "'", "ä😀", "a\u0000b", "\u0000", "\n", "x".repeat(100_000)];
    for (const [id, note] of texts.entries()) await db.insertInto("t").values({ id, value: 0, note }).execute();
    expect((await readAll()).map(({ note }) => note)).toEqual(texts);
  });

  it("are exact integers up to 2^53, and refused beyond", async () => {
    const exact = [Number.MIN_SAFE_INTEGER, -1, 0, 1, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    for (const value of exact) await insert(value);
    expect((await readAll()).map(({ value }) => value)).toEqual(exact);
    connection.exec("insert into t values (0.5, 9007199254740993, null)");
    // Not 9007199254740992: a count that is not what it was would be believed.
    await expect(db.selectFrom("t").select("value").where("note", "is", null).execute()).rejects.toThrow(/too large/);
    expect(await db.selectFrom("t").select("value").where("id", "=", 1).execute()).toEqual([{ value: 1 }]);
  });

  it("of other kinds are refused before anything is written", async () => {
    for (const value of [undefined, Symbol("x")]) {
      await expect(sql`insert into t values (1, ${value}, null)`.execute(db)).rejects.toThrow(/cannot be bound/);
    }
    expect(await readAll()).toEqual([]);
  });
});

describe("a transaction", () => {
  it("is written as a whole", async () => {
    await db.transaction().execute(async (transaction) => {
      await transaction.insertInto("t").values({ id: 1, value: 1, note: null }).execute();
      await transaction.updateTable("t").set({ value: 2 }).execute();
      const other = open();
      expect(other.connection.prepare("select * from t").all()).toEqual([]);
      other.connection.close();
    });
    expect(await readAll()).toEqual([{ id: 1, value: 2, note: null }]);
  });

  it("leaves nothing when its work rejects, and the connection goes on", async () => {
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto("t").values({ id: 1, value: 1, note: null }).execute();
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await readAll()).toEqual([]);
    await insert(1);
    expect(await readAll()).toHaveLength(1);
  });

  it("that SQLite has rolled back by itself rejects with the reason, not with that of a second rollback", async () => {
    await insert(1);
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto("t").values({ id: 2, value: 2, note: null }).execute();
      await sql`insert or rollback into t values (1, 1, null)`.execute(transaction);
    });
    await expect(failing).rejects.toThrow(/UNIQUE constraint failed/);
    expect(await readAll()).toEqual([{ id: 1, value: 1, note: null }]);
  });

  it("that cannot be committed leaves nothing, and the connection goes on", async () => {
    connection.exec("pragma foreign_keys = on");
    connection.exec("create table child (of bigint references t (id) deferrable initially deferred)");
    const failing = db.transaction().execute((transaction) => sql`insert into child values (7)`.execute(transaction));
    await expect(failing).rejects.toThrow(/FOREIGN KEY constraint failed/);
    expect(connection.isTransaction).toBe(false);
    expect((await sql`select * from child`.execute(db)).rows).toEqual([]);
  });

  it("of one database waits for the one before it: nothing is written between its reading and its writing", async () => {
    await insert(1, 0);
    const add = (): Promise<void> =>
      db.transaction().execute(async (transaction) => {
        const { value } = await transaction.selectFrom("t").select("value").executeTakeFirstOrThrow();
        await Promise.resolve();
        await transaction
          .updateTable("t")
          .set({ value: value + 1 })
          .execute();
      });
    await Promise.all([...Array.from({ length: 50 }, add), insert(2), insert(3)]);
    expect((await readAll()).map(({ value }) => value)).toEqual([50, 2, 3]);
  });

  it("has the file for writing from its first statement on, though that only reads", async () => {
    const other = open();
    await db.transaction().execute(async (transaction) => {
      await transaction.selectFrom("t").selectAll().execute();
      const second = other.db.transaction().execute(async () => {});
      await expect(second).rejects.toMatchObject({ errcode: 5 });
      // Reading goes on beside it.
      expect(await other.db.selectFrom("t").selectAll().execute()).toEqual([]);
    });
    await other.db.insertInto("t").values({ id: 1, value: 1, note: null }).execute();
    await other.db.destroy();
    expect(await readAll()).toHaveLength(1);
  });

  it("holds no other one inside", async () => {
    const nested = db.transaction().execute((outer: Kysely<Rows>) => outer.transaction().execute(async () => {}));
    await expect(nested).rejects.toThrow(/not supported/);
    await insert(1);
  });
});

describe("an error", () => {
  it("of a statement is SQLite's own, with its code, and changes nothing", async () => {
    await insert(1);
    await expect(insert(1)).rejects.toMatchObject({ code: "ERR_SQLITE_ERROR", errcode: 1555 });
    await expect(sql`select 1 from nowhere`.execute(db)).rejects.toThrow(/no such table: nowhere/);
    expect(await readAll()).toHaveLength(1);
  });

  it("is what one gets from a database that was closed", async () => {
    await readAll();
    await db.destroy();
    expect(connection.isOpen).toBe(false);
    await expect(readAll()).rejects.toThrow(/destroyed/);
  });
});
