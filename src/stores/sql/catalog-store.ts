// The catalogue in a database. Every change of a tool is held against its revision by the statement that writes it, so that two
// processes that change the same tool cannot both believe they did.
import type { Transaction } from "kysely";
import type { JsonValue } from "../../kernel/json.ts";
import type {
  CatalogAnswer,
  CatalogChange,
  CatalogPage,
  CatalogStore,
  StoredTool,
  StoredVersion,
} from "../../ports/catalog-store.ts";
import type { Database, Tables } from "./database.ts";

/** Rows of one statement: far fewer values than either database takes. */
const BATCH = 500;

const OK: CatalogAnswer = Object.freeze({ ok: true });

/** Ends the transaction with nothing done. */
class Refused extends Error {
  readonly answer: CatalogAnswer & { readonly ok: false };

  constructor(problem: "revision" | "called", name: string) {
    super(problem);
    this.answer = { ok: false, problem, name };
  }
}

/** Creates a catalogue store over the tables of the part `state`. */
export function createSqlCatalogStore(database: Database): CatalogStore {
  const { db } = database;
  return {
    page: (after, limit) => readPage(database, after, limit),

    async read(name) {
      const tools = await db.selectFrom("catalog_tools").selectAll().where("name", "=", name).execute();
      const versions = await selectVersions(database).where("name", "=", name).execute();
      return { tools: tools.map(toStoredTool), versions: versions.map(toStoredVersion) };
    },

    async definition(name, version) {
      const row = await db
        .selectFrom("catalog_definitions")
        .select("definition")
        .where("name", "=", name)
        .where("version", "=", version)
        .executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.definition) as JsonValue);
    },

    async save(changes) {
      try {
        await database.transaction((transaction) => write(transaction, changes));
        return OK;
      } catch (error) {
        if (error instanceof Refused) return error.answer;
        throw error;
      }
    },

    async markCalled(name, version, at) {
      await db
        .updateTable("catalog_versions")
        .set({ called_at: at })
        .where("name", "=", name)
        .where("version", "=", version)
        .where("called_at", "is", null)
        .execute();
    },
  };
}

async function readPage(database: Database, after: string | null, limit: number): Promise<CatalogPage> {
  let tools = database.db.selectFrom("catalog_tools").selectAll().orderBy("name").limit(limit);
  if (after !== null) tools = tools.where("name", ">", after);
  const found = await tools.execute();
  const last = found.at(-1)?.name;
  if (last === undefined) return { tools: [], versions: [] };
  let versions = selectVersions(database).where("name", "<=", last);
  if (after !== null) versions = versions.where("name", ">", after);
  const rows = await versions.execute();
  // A tool that came between the two readings belongs to a later look.
  const names = new Set(found.map(({ name }) => name));
  return {
    tools: found.map(toStoredTool),
    versions: rows.filter(({ name }) => names.has(name)).map(toStoredVersion),
  };
}

function selectVersions({ db }: Database) {
  return db.selectFrom("catalog_versions").selectAll().orderBy("name").orderBy("version");
}

function toStoredTool(row: Tables["catalog_tools"]): StoredTool {
  const { name, revision, state, changed_at: at, changed_by: by, reason } = row;
  return { name, revision, state: JSON.parse(state) as JsonValue, at, by, reason };
}

function toStoredVersion(row: Tables["catalog_versions"]): StoredVersion {
  const { name, version, digest, source, called_at: calledAt, published_at: at, published_by: by, reason } = row;
  return { name, version, digest, source, calledAt, at, by, reason };
}

async function write(transaction: Transaction<Tables>, changes: readonly CatalogChange[]): Promise<void> {
  // In one order, whoever writes: two processes that change the same tools wait for one another, and never in a circle.
  const ordered = changes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  await insertTools(
    transaction,
    ordered.filter(({ expected }) => expected === 0),
  );
  for (const change of ordered) if (change.expected > 0) await changeTool(transaction, change);
  await putVersions(transaction, ordered);
}

async function insertTools(transaction: Transaction<Tables>, changes: readonly CatalogChange[]): Promise<void> {
  const rows = changes.flatMap(({ tool }) => (tool === null ? [] : [toToolRow(tool)]));
  for (let index = 0; index < rows.length; index += BATCH) {
    const batch = rows.slice(index, index + BATCH);
    const inserted = await transaction
      .insertInto("catalog_tools")
      .values(batch)
      .onConflict((conflict) => conflict.column("name").doNothing())
      .returning("name")
      .execute();
    if (inserted.length === batch.length) continue;
    const names = new Set(inserted.map(({ name }) => name));
    throw new Refused("revision", batch.find(({ name }) => !names.has(name))?.name ?? "");
  }
}

function toToolRow({ name, revision, state, at, by, reason }: StoredTool): Tables["catalog_tools"] {
  return { name, revision, state: JSON.stringify(state), changed_at: at, changed_by: by, reason };
}

async function changeTool(transaction: Transaction<Tables>, change: CatalogChange): Promise<void> {
  const { name, expected, tool, remove } = change;
  // First, because it holds the row from here on.
  const changed =
    tool === null
      ? (
          await transaction
            .deleteFrom("catalog_tools")
            .where("name", "=", name)
            .where("revision", "=", expected)
            .executeTakeFirst()
        ).numDeletedRows
      : (
          await transaction
            .updateTable("catalog_tools")
            .set(toToolRow(tool))
            .where("name", "=", name)
            .where("revision", "=", expected)
            .executeTakeFirst()
        ).numUpdatedRows;
  if (changed !== 1n) throw new Refused("revision", name);
  if (tool === null || remove.length > 0) await removeVersions(transaction, name, tool === null ? null : remove);
}

/** Removes these versions, or all (null). */
async function removeVersions(
  transaction: Transaction<Tables>,
  name: string,
  versions: readonly string[] | null,
): Promise<void> {
  let going = transaction.deleteFrom("catalog_versions").where("name", "=", name);
  let called = transaction
    .selectFrom("catalog_versions")
    .select("version")
    .where("name", "=", name)
    .where("called_at", "is not", null);
  let definitions = transaction.deleteFrom("catalog_definitions").where("name", "=", name);
  if (versions !== null) {
    going = going.where("version", "in", versions);
    called = called.where("version", "in", versions);
    definitions = definitions.where("version", "in", versions);
  }
  await going.where("called_at", "is", null).execute();
  // After the removal: one that was called while this transaction waited for its row is still there.
  if ((await called.executeTakeFirst()) !== undefined) throw new Refused("called", name);
  await definitions.execute();
}

async function putVersions(transaction: Transaction<Tables>, changes: readonly CatalogChange[]): Promise<void> {
  const versions = changes.flatMap(({ name, put }) => put.map((version) => ({ name, ...version })));
  for (let index = 0; index < versions.length; index += BATCH) {
    const batch = versions.slice(index, index + BATCH);
    await transaction
      .insertInto("catalog_versions")
      .values(
        batch.map(({ name, version, digest, source, at, by, reason }) => ({
          ...{ name, version, digest, source, called_at: null, published_at: at, published_by: by, reason },
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["name", "version"]).doUpdateSet((row) => ({
          digest: row.ref("excluded.digest"),
          source: row.ref("excluded.source"),
          published_at: row.ref("excluded.published_at"),
          published_by: row.ref("excluded.published_by"),
          reason: row.ref("excluded.reason"),
        })),
      )
      .execute();
    await transaction
      .insertInto("catalog_definitions")
      .values(batch.map(({ name, version, definition }) => ({ name, version, definition: JSON.stringify(definition) })))
      .onConflict((conflict) =>
        conflict.columns(["name", "version"]).doUpdateSet((row) => ({ definition: row.ref("excluded.definition") })),
      )
      .execute();
  }
}
