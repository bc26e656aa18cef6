// Brings the tables of a database to the version of the code, or one step back. All steps are one transaction with the rows that say
// so: a crash, or a step that fails, leaves everything as it was. Two processes that start together: the second finds nothing to do.
import type { Transaction } from "kysely";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Database, Part, Tables } from "./database.ts";
import type { Migration } from "./migrations/migration.ts";
import { inMigration, takeTables } from "./migration-transaction.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { createSchemaMaker } from "./schema-maker.ts";

export interface MigrateOptions {
  readonly clock: Clock;
  /** @default those of this version of the code */
  readonly migrations?: readonly Migration[];
}

interface Version {
  readonly version: number;
  readonly needs: number;
}

/**
 * Migrates these parts forward, all or none. Rejects with STORE_UNUSABLE, and changes nothing, when the tables of one are of a newer
 * version that this code cannot work with.
 */
export async function migrate(database: Database, parts: readonly Part[], options: MigrateOptions): Promise<void> {
  if ((await readParts(database.db, parts, options)).every(({ missing }) => missing === 0)) return;
  await inMigration(database, async (transaction) => {
    await prepare(database, transaction);
    const maker = createSchemaMaker(transaction, database.dialect);
    // Asked again: another process may have been faster.
    for (const { steps, found, part, missing } of await readParts(transaction, parts, options)) {
      if (missing > 0) await takeTables(database, transaction, part);
      for (const step of steps.slice(found?.version ?? 0)) {
        await step.up(maker);
        await writeVersion(transaction, { part, version: step.version, needs: step.needs }, options.clock);
      }
    }
  });
}

/** Rejects with STORE_UNUSABLE unless the tables are there, and of versions this code can work with. Changes nothing. */
export async function checkVersion(database: Database, parts: readonly Part[], options: MigrateOptions): Promise<void> {
  for (const { part, found, missing } of await readParts(database.db, parts, options)) {
    if (missing === 0) continue;
    const message = `The tables of ${part} are ${found === null ? "not there yet" : "of an older version"}, and this opening may not change them; open them for writing once`;
    throw new ToolyardError("STORE_UNUSABLE", message);
  }
}

/** Rejects with STORE_UNUSABLE when the tables are of versions that this code cannot work with, nor migrate. Changes nothing. */
export async function checkNotNewer(
  database: Database,
  parts: readonly Part[],
  options: MigrateOptions,
): Promise<void> {
  await readParts(database.db, parts, options);
}

/** Goes one step back, for an older version of the code. What the step had added is lost. The version there is then; 0: no tables. */
export async function migrateBack(database: Database, part: Part, options: MigrateOptions): Promise<number> {
  const steps = toSteps(part, options);
  return inMigration(database, async (transaction) => {
    await prepare(database, transaction);
    const found = await readVersion(transaction, part);
    const step = steps[(found?.version ?? 0) - 1];
    if (step === undefined) {
      const message = `The tables of ${part} are at version ${found?.version ?? 0}; this code knows the way back from 1 to ${steps.length}`;
      throw new ToolyardError("STORE_UNUSABLE", message);
    }
    await takeTables(database, transaction, part);
    await step.down(createSchemaMaker(transaction, database.dialect));
    const before = steps[step.version - 2];
    const to = { part, version: step.version - 1, needs: before?.needs ?? 0 };
    await writeVersion(transaction, to, options.clock);
    return to.version;
  });
}

function toSteps(part: Part, { migrations = MIGRATIONS }: MigrateOptions): readonly Migration[] {
  return migrations.filter((step) => step.part === part).sort((a, b) => a.version - b.version);
}

/** How many steps are missing; throws when there are too many. */
function toMissing(found: Version | null, newest: number, part: Part): number {
  if (found === null) return newest;
  if (found.version <= newest) return newest - found.version;
  if (found.needs <= newest) return 0;
  throw new ToolyardError(
    "STORE_UNUSABLE",
    `The tables of ${part} are of version ${found.version}, made by a newer Toolyard; this one knows versions up to ${newest}. Use the newer one, or let it go back a step first. Nothing was changed`,
  );
}

interface PartState {
  readonly part: Part;
  readonly steps: readonly Migration[];
  readonly found: Version | null;
  /** How many steps. */
  readonly missing: number;
}

/** How the parts are; throws when one is too new. */
async function readParts(db: Reader, parts: readonly Part[], options: MigrateOptions): Promise<readonly PartState[]> {
  const states: PartState[] = [];
  for (const part of parts) {
    const steps = toSteps(part, options);
    const found = await readVersion(db, part);
    states.push({ part, steps, found, missing: toMissing(found, steps.length, part) });
  }
  return states;
}

type Reader = Pick<Transaction<Tables>, "selectFrom">;

async function readVersion(db: Reader, part: Part): Promise<Version | null> {
  try {
    const row = await db
      .selectFrom("schema_versions")
      .select(["version", "needs"])
      .where("part", "=", part)
      .executeTakeFirst();
    return row === undefined || row.version === 0 ? null : row;
  } catch (error) {
    // There are no tables at all: SQLite says so in words, PostgreSQL by its code.
    const { message, code } = error as { readonly message?: string; readonly code?: string };
    if (code === "42P01" || code === "3F000" || message?.includes("no such table") === true) return null;
    throw error;
  }
}

/** The table of versions is there. */
async function prepare({ dialect }: Database, transaction: Transaction<Tables>): Promise<void> {
  const { schema, text, integer } = createSchemaMaker(transaction, dialect);
  await schema
    .createTable("schema_versions")
    .ifNotExists()
    .addColumn("part", text, (column) => column.primaryKey())
    .addColumn("version", integer, (column) => column.notNull())
    .addColumn("needs", integer, (column) => column.notNull())
    .addColumn("migrated_at", integer, (column) => column.notNull())
    .execute();
}

async function writeVersion(
  transaction: Transaction<Tables>,
  { part, version, needs }: Version & { readonly part: Part },
  clock: Clock,
): Promise<void> {
  const row = { version, needs, migrated_at: clock.now() };
  await transaction
    .insertInto("schema_versions")
    .values({ part, ...row })
    .onConflict((conflict) => conflict.column("part").doUpdateSet(row))
    .execute();
}
