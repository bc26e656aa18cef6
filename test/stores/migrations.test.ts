// The steps between versions of the tables, in both databases: all of them or none, there and back.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database, Part } from "../../src/stores/sql/database.ts";
import { checkVersion, migrate, migrateBack } from "../../src/stores/sql/migrate.ts";
import type { Migration } from "../../src/stores/sql/migrations/migration.ts";
import { MIGRATIONS } from "../../src/stores/sql/migrations/migrations.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";

const PARTS: readonly Part[] = ["state", "ledger"];
const clock = createManualClock(1_000);

/** A step that makes a table by its name. */
const toTableStep = (part: Part, version: number, needs: number): Migration => ({
  part,
  version,
  needs,
  async up({ schema, text }) {
    await schema.createTable(`${part}_${version}`).addColumn("id", text).execute();
  },
  async down({ schema }) {
    await schema.dropTable(`${part}_${version}`).execute();
  },
});
const broken = (part: Part, version: number): Migration => ({
  ...toTableStep(part, version, version),
  async up(maker) {
    await toTableStep(part, version, version).up(maker);
    throw new Error("the step is broken");
  },
});
const THREE = PARTS.flatMap((part) => [
  toTableStep(part, 1, 1),
  toTableStep(part, 2, 1),
  // Not in their order: it is told by their versions.
  ...[toTableStep(part, 4, 3), toTableStep(part, 3, 3)],
]);
const upTo = (version: number): readonly Migration[] => THREE.filter((step) => step.version <= version);

it("the steps there are have versions without a gap, and each can be worked with by its own version of the code", () => {
  for (const part of PARTS) {
    const steps = MIGRATIONS.filter((step) => step.part === part);
    expect(steps.map(({ version }) => version)).toEqual(steps.map((_, index) => index + 1));
    // One version beside the next: no more is promised.
    for (const { version, needs } of steps) expect([version, version - 1]).toContain(needs);
  }
});

interface World {
  /** A new database; those of its tables that are there, in the order of their names. */
  make(): Promise<{ readonly database: Database; tables(): Promise<readonly string[]> }>;
}

function describeMigrations(world: () => World): void {
  let database: Database;
  let tables: () => Promise<readonly string[]>;
  beforeEach(async () => {
    ({ database, tables } = await world().make());
    return () => database.close();
  });

  const versions = async (): Promise<unknown> =>
    (await database.db.selectFrom("schema_versions").selectAll().orderBy("part").execute()).map((row) => ({ ...row }));
  const at = (version: number, needs: number): unknown => [
    { part: "ledger", version, needs, migrated_at: clock.now() },
    { part: "state", version, needs, migrated_at: clock.now() },
  ];

  it("go forward from nothing, on from where they were, and are done once", async () => {
    await migrate(database, PARTS, { clock, migrations: upTo(1) });
    expect(await versions()).toEqual(at(1, 1));
    await clock.advance(5);
    await migrate(database, PARTS, { clock, migrations: upTo(4) });
    const after = at(4, 3);
    expect(await versions()).toEqual(after);
    await clock.advance(5);
    await migrate(database, PARTS, { clock, migrations: upTo(4) });
    // Also what is newer and can be worked with stays as it is.
    await migrate(database, PARTS, { clock, migrations: upTo(3) });
    expect((await tables()).filter((name) => name.startsWith("state_"))).toEqual(
      [1, 2, 3, 4].map((version) => `state_${version}`),
    );
    expect((await versions()) as { migrated_at: number }[]).toMatchObject([
      { migrated_at: clock.now() - 5 },
      { migrated_at: clock.now() - 5 },
    ]);
  });

  it("leave nothing when one of them fails, of no part", async () => {
    await migrate(database, PARTS, { clock, migrations: upTo(1) });
    const before = [await tables(), await versions()];
    const migrations = [...upTo(2), broken("ledger", 3)];
    await expect(migrate(database, PARTS, { clock, migrations })).rejects.toThrow(/is broken/);
    expect([await tables(), await versions()]).toEqual(before);
  });

  it("are not begun when one part is too new", async () => {
    await migrate(database, ["ledger"], { clock, migrations: upTo(3) });
    const before = [await tables(), await versions()];
    const refusal = { code: "STORE_UNUSABLE", message: expect.stringMatching(/ledger are of version 3.*up to 2/) };
    await expect(migrate(database, PARTS, { clock, migrations: upTo(2) })).rejects.toMatchObject(refusal);
    await expect(checkVersion(database, PARTS, { clock, migrations: upTo(2) })).rejects.toMatchObject({
      code: "STORE_UNUSABLE",
    });
    expect([await tables(), await versions()]).toEqual(before);
  });

  it("go back a step at a time, to nothing, and forward again", async () => {
    await migrate(database, PARTS, { clock, migrations: upTo(4) });
    const back = (): Promise<number> => migrateBack(database, "state", { clock, migrations: upTo(4) });
    expect(await back()).toBe(3);
    // Version 3 needs itself: the code of 2 is refused until it is gone, too.
    await expect(migrate(database, ["state"], { clock, migrations: upTo(2) })).rejects.toThrow(/of version 3/);
    expect(await back()).toBe(2);
    await checkVersion(database, ["state"], { clock, migrations: upTo(1) });
    expect([await back(), await back()]).toEqual([1, 0]);
    await expect(back()).rejects.toThrow(/at version 0; this code knows the way back from 1 to 4/);
    expect((await tables()).filter((name) => name.startsWith("state_"))).toEqual([]);
    await expect(checkVersion(database, ["state"], { clock, migrations: upTo(1) })).rejects.toThrow(/not there yet/);
    await migrate(database, PARTS, { clock, migrations: upTo(4) });
    expect(await versions()).toEqual(expect.arrayContaining([expect.objectContaining({ part: "state", version: 4 })]));
  });

  it("do not know the way back from what is newer", async () => {
    await migrate(database, PARTS, { clock, migrations: upTo(4) });
    const older = migrateBack(database, "state", { clock, migrations: upTo(3) });
    await expect(older).rejects.toMatchObject({ code: "STORE_UNUSABLE" });
    expect((await tables()).filter((name) => name.startsWith("state_"))).toHaveLength(4);
  });

  it("of this version make every table, and leave none on the way back", async () => {
    expect(await tables()).toEqual([]);
    await migrate(database, PARTS, { clock });
    await checkVersion(database, PARTS, { clock });
    expect((await tables()).length).toBeGreaterThan(10);
    for (const part of PARTS) while ((await migrateBack(database, part, { clock })) > 0);
    expect(await tables()).toEqual(["schema_versions"]);
    await migrate(database, PARTS, { clock });
    await checkVersion(database, PARTS, { clock });
  });
}

describe("migrations of SQLite", () => {
  let dir: string;
  let files = 0;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), "toolyard-migrations-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  describeMigrations(() => ({
    async make() {
      const file = path.join(dir, `${files++}.db`);
      const database = await openSqliteDatabase({ path: file, part: "state", migrations: [] });
      const tables = async (): Promise<readonly string[]> =>
        (await database.db.introspection.getTables()).map(({ name }) => name).toSorted((a, b) => (a < b ? -1 : 1));
      return { database, tables };
    },
  }));
});

describe.skipIf(!hasPostgres())("migrations of PostgreSQL", () => {
  let postgres: PrivatePostgres;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());

  describeMigrations(() => ({
    async make() {
      const url = await postgres.createDatabase();
      const database = await openPostgresDatabase({ url, parts: [] });
      const tables = async (): Promise<readonly string[]> => {
        const all = await database.db.introspection.getTables();
        return all
          .filter(({ schema }) => schema === database.schema)
          .map(({ name }) => name)
          .toSorted((a, b) => (a < b ? -1 : 1));
      };
      return { database, tables };
    },
  }));
});
