// A backup knows nothing of the database it came from: from SQLite to PostgreSQL and back, every row is what it was.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyChains } from "../../src/audit/chain/index.ts";
import { restoreBackup, writeBackup } from "../../src/stores/sql/backup/index.ts";
import type { Database } from "../../src/stores/sql/database.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { STORED_TABLES } from "../../src/stores/sql/stored-tables.ts";
import { toPlainTables } from "../../src/stores/sql/backup/plain-tables.ts";
import { toCallEvent } from "../cli/audit-folder.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "./private-postgres.ts";

const PARTS = ["state", "ledger"] as const;

async function fill(stores: Stores): Promise<void> {
  for (let index = 0; index < 450; index++) void stores.ledger.append(toCallEvent(index), "batched");
  await stores.ledger.flush();
  await stores.ledger.begin(
    { ...toCallEvent(900), type: "call.intended", answeredBy: null, effect: "unknown" },
    {
      key: "acme\0ada\0orders.get\0k\\",
      owner: "call_900",
      version: "1.2.0",
      argumentsDigest: "d",
      leaseMs: 3_600_000,
    },
  );
  for (let index = 0; index < 250; index++) {
    const id = `acme\0${"😀é\\".repeat(index % 7)}${index}`;
    await stores.settings.set(
      { kind: "principal", id, body: { index, text: "\0\n" }, at: 1, by: null, reason: null },
      0,
    );
  }
}

async function readAll(databases: readonly [Database, Database]): Promise<Readonly<Record<string, unknown>>> {
  const all: Record<string, unknown> = {};
  for (const { part, name, key } of STORED_TABLES) {
    let query = toPlainTables(databases[PARTS.indexOf(part)]!.db).selectFrom(name).selectAll();
    for (const column of key) query = query.orderBy(column);
    all[name] = await query.execute();
  }
  return all;
}

describe.skipIf(!hasPostgres())("a backup", () => {
  let postgres: PrivatePostgres;
  let folder: string;
  let url: string;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
    folder = await mkdtemp(path.join(tmpdir(), "toolyard-pg-backup-"));
  });
  afterAll(async () => {
    await postgres.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    url = await postgres.createDatabase();
  });

  const openSqlite = async (dir: string): Promise<readonly [Database, Database]> => {
    const [state, ledger] = await Promise.all(
      PARTS.map((part) => openSqliteDatabase({ path: path.join(folder, dir, `${part}.db`), part })),
    );
    return [state!, ledger!];
  };
  const openPostgres = (): Promise<Database> => openPostgresDatabase({ url, parts: ["state", "ledger"] });
  const restoreHere = async (archive: string, replace = false): Promise<unknown> => {
    const database = await openPostgres();
    try {
      return await restoreBackup({ archive, target: { dialect: "postgres", database, folder }, replace });
    } finally {
      await database.close();
    }
  };

  it("of SQLite is restored into PostgreSQL, and one of that into SQLite again", async () => {
    const stores = await openSqliteStores({ dir: path.join(folder, "one") });
    await fill(stores);
    await stores.close();
    const sqlite = await openSqlite("one");
    const first = path.join(folder, "first.ty");
    await writeBackup({ databases: { state: sqlite[0], ledger: sqlite[1] }, path: first });
    await restoreHere(first);
    const database = await openPostgres();
    const rows = await readAll(sqlite);
    expect(await readAll([database, database])).toEqual(rows);

    const second = path.join(folder, "second.ty");
    const { rows: count } = await writeBackup({ databases: { state: database, ledger: database }, path: second });
    expect(count).toBeGreaterThan(700);
    await database.close();
    await restoreBackup({ archive: second, target: { dialect: "sqlite", dir: path.join(folder, "two") } });
    const again = await openSqlite("two");
    expect(await readAll(again)).toEqual(rows);
    for (const one of [...sqlite, ...again]) await one.close();
  });

  it("is of one moment while a registry writes, and what was restored works", async () => {
    const archive = path.join(folder, "busy.ty");
    const stores = await openPostgresStores({ url });
    await fill(stores);
    const database = await openPostgres();
    await writeBackup({
      databases: { state: database, ledger: database },
      path: archive,
      onProgress: () => stores.ledger.append(toCallEvent(1_000), "durable"),
    });
    await database.close();
    await expect(restoreHere(archive, true)).rejects.toThrow(/in use by process \d+/);
    await stores.close();
    await expect(restoreHere(archive)).rejects.toThrow(/not empty: there are rows in .*audit_records.*--replace/);
    await restoreHere(archive, true);
    await using restored = await openPostgresStores({ url });
    expect(restored.ledger.recovered).toMatchObject([{ id: "call_900" }]);
    expect(await verifyChains(restored.auditReader)).toMatchObject({ ok: true });
    expect(await restored.settings.get("principal", ["acme", "0"].join("\0"))).toMatchObject({
      body: { text: "\0\n" },
    });
  });

  it("that does not fit changes nothing", async () => {
    const archive = path.join(folder, "first.ty");
    const database = await openPostgres();
    // One row of the last tables is refused, long after the first ones went in.
    await sql`alter table toolyard.claims add check (owner <> 'call_900')`.execute(database.db);
    await database.close();
    await expect(restoreHere(archive)).rejects.toThrow(/violates check constraint/);
    const after = await openPostgres();
    const rows = await readAll([after, after]);
    await after.close();
    expect(Object.values(rows).every((table) => (table as unknown[]).length === 0)).toBe(true);
  });
});
