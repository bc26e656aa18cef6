// Files that are not to be used: each is a clear refusal at the start, and nothing is changed, neither the file nor what is beside it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/kernel/clock.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import { migrate, migrateBack } from "../../src/stores/sql/migrate.ts";
import type { Migration } from "../../src/stores/sql/migrations/migration.ts";
import { MIGRATIONS } from "../../src/stores/sql/migrations/migrations.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "toolyard-unusable-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Every file below the folder and what is in it. */
function look(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const file = path.join(folder, name);
      const content = statSync(file).isFile() ? createHash("sha256").update(readFileSync(file)).digest("hex") : "";
      return `${name} ${content}`;
    });
}

async function refusalOf(work: () => Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await work();
  } catch (error) {
    return error as { readonly code: string; readonly message: string };
  }
  throw new Error("it was not refused");
}

/** Asserts a refusal that says `expected` and leaves everything as it was. */
async function assertRefused(expected: RegExp, folder = dir): Promise<void> {
  const before = look(dir);
  const refusal = await refusalOf(async () => openSqliteStores({ dir: folder }));
  expect(refusal.code).toBe("STORE_UNUSABLE");
  expect(refusal.message).toMatch(expected);
  expect(look(dir)).toEqual(before);
}

async function makeState(): Promise<void> {
  const stores = await openSqliteStores({ dir });
  await stores.settings.set({ kind: "role", id: "R", body: {}, at: 1, by: null, reason: null }, 0);
  await stores.close();
}

describe.each(["state.db", "ledger.db"])("a file %s that is not to be used", (name) => {
  const file = (): string => path.join(dir, name);
  beforeEach(makeState);

  it("is a text", async () => {
    writeFileSync(file(), "not a database at all\n".repeat(10));
    await assertRefused(/it is no SQLite database \(it begins with "not a database /);
  });

  it("is a directory", async () => {
    rmSync(file());
    mkdirSync(file());
    await assertRefused(/it is a directory/);
  });

  it("is another program's database", async () => {
    rmSync(file());
    const foreign = new DatabaseSync(file());
    foreign.exec("create table invoices (id integer primary key); pragma user_version = 7");
    foreign.close();
    await assertRefused(/a database of another program/);
  });

  it("is the other one of the two", async () => {
    const other = path.join(dir, name === "state.db" ? "ledger.db" : "state.db");
    writeFileSync(file(), readFileSync(other));
    await assertRefused(/were the two files exchanged\?/);
  });

  it("is cut off", async () => {
    const whole = readFileSync(file());
    writeFileSync(file(), whole.subarray(0, 4_096 * 2));
    await assertRefused(/damaged|malformed|cannot be used/);
  });

  it("has overwritten pages", async () => {
    const whole = readFileSync(file());
    whole.fill(0xa5, 4_096, whole.length);
    writeFileSync(file(), whole);
    await assertRefused(/damaged/);
  });

  it("was made by a newer version", async () => {
    const newer = new DatabaseSync(file());
    newer.exec("update schema_versions set version = 99, needs = 98");
    newer.exec("pragma wal_checkpoint(truncate)");
    newer.close();
    await assertRefused(/of version 99, made by a newer Toolyard; this one knows versions up to \d+/);
  });
});

it("cannot be made in a folder that is a file", async () => {
  writeFileSync(path.join(dir, "taken"), "x");
  await assertRefused(/not a directory|ENOTDIR|cannot be used/, path.join(dir, "taken"));
});

const isRoot = userInfo().uid === 0;

/** A file system of its own, which only root may make; in CI it has to be there. */
function mount(at: string, options: string): void {
  mkdirSync(at, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", at]);
}

describe.skipIf(!isRoot && process.env["CI"] === undefined)("a file system", () => {
  let at = "";
  afterEach(() => {
    execFileSync("umount", ["-l", at], { stdio: "ignore" });
  });

  it("that is read-only is refused, with a state and without", async () => {
    at = path.join(dir, "mounted");
    mount(at, "size=16m");
    const stores = await openSqliteStores({ dir: path.join(at, "state") });
    await stores.close();
    execFileSync("mount", ["-o", "remount,ro", at]);
    await assertRefused(/read-only/, path.join(at, "state"));
    await assertRefused(/read-only|cannot be used/, path.join(at, "new"));
  });

  it("that is full is refused at the start, and refuses writes when it becomes full", async () => {
    at = path.join(dir, "mounted");
    mount(at, "size=1m");
    writeFileSync(path.join(at, "ballast"), Buffer.alloc(1_048_576 - 8_192));
    const refusal = await refusalOf(async () => openSqliteStores({ dir: path.join(at, "state") }));
    expect(refusal.code).toBe("STORE_UNUSABLE");
    expect(refusal.message).toMatch(/the disk is full/);
    rmSync(path.join(at, "ballast"));
    const stores = await openSqliteStores({ dir: path.join(at, "state") });
    await stores.close();
  });
});

describe("migrations", () => {
  const steps: readonly Migration[] = [
    ...MIGRATIONS.filter(({ part }) => part === "state"),
    {
      part: "state",
      version: 2,
      needs: 1,
      up: async ({ schema, text }) => {
        await schema.createTable("later").addColumn("id", text).execute();
      },
      down: async ({ schema }) => {
        await schema.dropTable("later").execute();
      },
    },
    {
      part: "state",
      version: 3,
      needs: 3,
      up: async ({ schema }) => {
        await schema.alterTable("later").renameTo("latest").execute();
      },
      down: async ({ schema }) => {
        await schema.alterTable("latest").renameTo("later").execute();
      },
    },
  ];
  const open = (count: number) =>
    openSqliteDatabase({ path: path.join(dir, "state.db"), part: "state", migrations: steps.slice(0, count) });
  const versionOf = async (database: Awaited<ReturnType<typeof open>>) =>
    (await database.db.selectFrom("schema_versions").select("version").executeTakeFirst())?.version;

  it("go forward, keep what is there, and let the code before go on beside them", async () => {
    const old = await open(1);
    const row = { kind: "role", id: "R", revision: 1, body: "{}", at: 1, by: null, reason: null };
    await old.db.insertInto("settings").values(row).execute();
    const now = await open(2);
    expect(await versionOf(now)).toBe(2);
    // The code before is still at work, and starts again.
    await old.db
      .insertInto("settings")
      .values({ ...row, id: "S" })
      .execute();
    await old.close();
    const again = await open(1);
    expect((await again.db.selectFrom("settings").select("id").orderBy("id").execute()).map(({ id }) => id)).toEqual([
      "R",
      "S",
    ]);
    expect(await versionOf(again)).toBe(2);
    await again.close();
    await now.close();
  });

  it("refuse the code before once it can no longer work with the tables, until they go a step back", async () => {
    await (await open(3)).close();
    expect((await refusalOf(() => open(1))).message).toMatch(/made by a newer Toolyard/);
    expect((await refusalOf(() => open(2))).message).toMatch(/made by a newer Toolyard/);
    const newest = await open(3);
    expect(await migrateBack(newest, "state", { clock: systemClock, migrations: steps })).toBe(2);
    await newest.close();
    const older = await open(2);
    expect(await versionOf(older)).toBe(2);
    await older.close();
  });

  it("leave the version before when a step fails half-way", async () => {
    const broken: Migration = {
      part: "state",
      version: 2,
      needs: 2,
      async up({ schema, text }) {
        await schema.createTable("half").addColumn("id", text).execute();
        throw new Error("the step is broken");
      },
      down: async () => {},
    };
    const database = await open(1);
    const migrations = [...steps.slice(0, 1), broken];
    await expect(migrate(database, ["state"], { clock: systemClock, migrations })).rejects.toThrow(/is broken/);
    expect(await versionOf(database)).toBe(1);
    expect(await migrateBack(database, "state", { clock: systemClock, migrations: steps })).toBe(0);
    await database.close();
    const made = await open(1);
    expect(await versionOf(made)).toBe(1);
    await made.close();
  });

  it("are done once by processes that start together", async () => {
    const opened = await Promise.all([open(3), open(3), open(3)]);
    expect(await Promise.all(opened.map(versionOf))).toEqual([3, 3, 3]);
    for (const database of opened) await database.close();
  });
});
