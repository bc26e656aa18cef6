// a newer version of the code beside the one before it on one database. The tables are migrated while calls run, none of which
// fails; the older code goes on and starts again beside the newer one; a step back takes nothing from it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../src/audit/chain/index.ts";
import { defineTool, openRegistry, type Outcome, type Registry } from "../../src/index.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { Stores } from "../../src/ports/stores.ts";
import type { Database, Part } from "../../src/stores/sql/database.ts";
import { migrateBack } from "../../src/stores/sql/migrate.ts";
import type { Migration } from "../../src/stores/sql/migrations/migration.ts";
import { MIGRATIONS } from "../../src/stores/sql/migrations/migrations.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";

const CALLERS = 8;
/** What is tested is who fails, not how fast a busy machine is. */
const ledger = { writeTimeoutMs: 15_000 };

const TABLES: Readonly<Record<Part, readonly string[]>> = {
  state: ["settings", "catalog_tools", "catalog_versions", "api_keys"],
  ledger: ["claims", "open_intents", "audit_chains", "audit_records", "unknown_outcomes", "usage_rows"],
};

/** What a next version may do beside this one: columns with a default, indexes and tables that only it looks at. */
const toNextStep = (part: Part): Migration => {
  const version = 1 + Math.max(...MIGRATIONS.filter((step) => step.part === part).map((step) => step.version));
  return {
    part,
    version,
    needs: version - 1,
    async up({ schema, text, integer }) {
      for (const table of TABLES[part]) {
        await schema.alterTable(table).addColumn("note", text).execute();
        await schema
          .alterTable(table)
          .addColumn("weight", integer, (column) => column.notNull().defaultTo(1))
          .execute();
        await schema.createIndex(`${table}_weight`).on(table).column("weight").execute();
      }
      await schema.createTable(`${part}_extras`).addColumn("id", text).execute();
    },
    async down({ schema }) {
      await schema.dropTable(`${part}_extras`).execute();
      for (const table of TABLES[part]) {
        await schema.dropIndex(`${table}_weight`).execute();
        await schema.alterTable(table).dropColumn("weight").execute();
        await schema.alterTable(table).dropColumn("note").execute();
      }
    },
  };
};
const NEXT: readonly Migration[] = [...MIGRATIONS, toNextStep("state"), toNextStep("ledger")];

interface World {
  /** As this version of the code does. */
  open(): Promise<Stores>;
  /** As the next one would: its tables, by part. */
  openNext(): Promise<Readonly<Record<Part, Database>> & { close(): Promise<void> }>;
}

type Effects = Map<string, number>;

async function start(world: World, effects: Effects): Promise<Registry> {
  const write = defineTool({
    name: "orders.pay",
    version: "1.0.0",
    description: "Pays.",
    effect: "write",
    access: { roles: ["USER"] },
    input: { type: "object", properties: { key: { type: "string" } }, required: ["key"] } as const,
    handler: async (input) => {
      const { key } = input as { readonly key: string };
      effects.set(key, (effects.get(key) ?? 0) + 1);
      return key;
    },
  });
  return openRegistry({ tools: [write], limits: [], concurrency: [], stores: await world.open() });
}

/** Calls one after the other, with a key and without, until it is stopped; what did not succeed. */
function keepCalling(registry: Registry, name: string): { stop(): Promise<readonly Outcome[]>; readonly done: number } {
  const failures: Outcome[] = [];
  let running = true;
  let done = 0;
  const call = async (key: string): Promise<void> => {
    const keyed = done % 2 === 0 ? { idempotencyKey: key } : {};
    const outcome = await registry.execute("orders.pay", { key }, { principal: { id: "u" }, ...keyed });
    done++;
    if (!outcome.ok) failures.push(outcome);
  };
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    for (let index = 0; running; index++) await call(`${name}-${caller}-${index}`);
  });
  return {
    get done() {
      return done;
    },
    async stop() {
      running = false;
      await Promise.all(callers);
      return failures;
    },
  };
}

const role = { kind: "role", id: "PACKER", at: 5, by: "ada", reason: null } as const;

async function assertUpgrades(world: World): Promise<void> {
  const effects: Effects = new Map();
  const registry = await start(world, effects);
  const calls = keepCalling(registry, "first");
  const more = async (): Promise<void> => {
    const before = calls.done;
    await expect.poll(() => calls.done, { timeout: 30_000 }).toBeGreaterThan(before + 2 * CALLERS);
  };
  await more();

  const next = await world.openNext();
  await more();
  // The next version writes what this one does not know of.
  const anyTables = next.state.db as unknown as Kysely<Record<string, Record<string, unknown>>>;
  await anyTables
    .insertInto("settings")
    .values({ ...role, revision: 1, body: '{"description":"one"}', note: "by the next version", weight: 7 })
    .execute();

  // Another process of this version starts beside it.
  const second = await start(world, effects);
  const secondCalls = keepCalling(second, "second");
  const looking = await world.open();
  expect(await looking.settings.get("role", "PACKER")).toEqual({ ...role, revision: 1, body: { description: "one" } });
  expect(await looking.settings.set({ ...role, body: { description: "two" } }, 1)).toBe(2);
  await looking.close();
  const { rows } = await sql`select note, weight from ${sql.table(toName(next.state, "settings"))}`.execute(
    next.state.db,
  );
  // What this version changes keeps what it does not know.
  expect(rows).toEqual([{ note: "by the next version", weight: 7 }]);
  await more();

  for (const part of ["state", "ledger"] as const) {
    const back = await migrateBack(next[part], part, { clock: systemClock, migrations: NEXT });
    expect(back).toBe(MIGRATIONS.filter((step) => step.part === part).length);
  }
  await more();
  await next.close();

  expect(await calls.stop()).toEqual([]);
  expect(await secondCalls.stop()).toEqual([]);
  expect([...effects].filter(([, times]) => times !== 1)).toEqual([]);
  expect(effects.size).toBe(calls.done + secondCalls.done);
  await registry.close();
  await second.close();

  await using stores = await world.open();
  expect(await verifyChains(stores.auditReader)).toMatchObject({ ok: true });
}

const toName = ({ schema }: Database, table: string): string => (schema === null ? table : `${schema}.${table}`);

describe("an upgrade of SQLite", () => {
  it("and the way back, under calls of which none fails", { timeout: 120_000 }, async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "toolyard-upgrade-"));
    const open = (part: Part): Promise<Database> =>
      openSqliteDatabase({ path: path.join(dir, `${part}.db`), part, migrations: NEXT, busyMs: 15_000 });
    await assertUpgrades({
      open: () => openSqliteStores({ dir, ledger }),
      async openNext() {
        const [state, written] = [await open("state"), await open("ledger")];
        return {
          state,
          ledger: written,
          async close() {
            await state.close();
            await written.close();
          },
        };
      },
    });
    await rm(dir, { recursive: true });
  });
});

describe.skipIf(!hasPostgres())("an upgrade of PostgreSQL", () => {
  let postgres: PrivatePostgres;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());

  it("and the way back, under calls of which none fails", { timeout: 120_000 }, async () => {
    const url = await postgres.createDatabase();
    await assertUpgrades({
      open: () => openPostgresStores({ url, ledger }),
      async openNext() {
        const database = await openPostgresDatabase({ url, parts: ["state", "ledger"], migrations: NEXT });
        return { state: database, ledger: database, close: () => database.close() };
      },
    });
  });

  it("lets nobody wait behind it while somebody else has a table", async () => {
    const url = await postgres.createDatabase();
    const database = await openPostgresDatabase({ url, parts: ["state", "ledger"] });
    const { promise: free, resolve: release } = Promise.withResolvers<void>();
    const read = (of: Pick<Database, "db">) => of.db.selectFrom("settings").selectAll().execute();
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const holding = database.transaction(async (db) => {
      await read({ db });
      take();
      await free;
    });
    await taken;
    const upgrade = openPostgresDatabase({ url, parts: ["state", "ledger"], migrations: NEXT });
    let upgraded = false;
    void upgrade.then(() => (upgraded = true));
    // Many of them, so that some come while the change waits for the table.
    for (let reads = 0; reads < 100; reads++) expect(await read(database)).toEqual([]);
    expect(upgraded).toBe(false);
    release();
    await holding;
    await (await upgrade).close();
    await database.close();
  });
});
