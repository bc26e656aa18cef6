// Settings in a database. The statement that changes one decides about its revision, so that of two changes made from the same state
// one is refused.
import type { Selectable } from "kysely";
import type { JsonValue } from "../../kernel/json.ts";
import type { Setting, SettingKind, SettingStore } from "../../ports/setting-store.ts";
import type { Database } from "./database.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import type { SettingTables } from "./tables/setting-tables.ts";

type Row = Selectable<SettingTables["settings"]>;

/** Creates a store over the tables of the part `state`. */
export function createSqlSettingStore(database: Database): SettingStore {
  return {
    ...createSingle(database.db),

    async save(changes, { at, by, reason }) {
      try {
        await database.transaction(async (transaction) => {
          const { set, remove } = createSingle(transaction);
          for (const { kind, id, body, expected } of changes) {
            const fits =
              body === null
                ? await remove(kind, id, expected)
                : (await set({ kind, id, body, at, by, reason }, expected)) !== null;
            if (!fits) throw new OtherRevision();
          }
        });
        return true;
      } catch (error) {
        if (error instanceof OtherRevision) return false;
        throw error;
      }
    },
  };
}

/** Ends the transaction. */
class OtherRevision extends Error {}

/** Each change a statement of its own. */
function createSingle(db: Database["db"]): Omit<SettingStore, "save"> {
  return {
    async get(kind, id) {
      const row = await db
        .selectFrom("settings")
        .selectAll()
        .where("kind", "=", kind)
        .where("id", "=", toStoredText(id))
        .executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async page(kind, after, limit) {
      let query = db.selectFrom("settings").selectAll().where("kind", "=", kind).orderBy("id").limit(limit);
      if (after !== null) query = query.where("id", ">", toStoredText(after));
      return (await query.execute()).map(fromRow);
    },

    async set(setting, expected) {
      const row = toRow(setting);
      if (expected === 0) {
        const added = await db
          .insertInto("settings")
          .values({ ...row, revision: 1 })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        return added.numInsertedOrUpdatedRows === 1n ? 1 : null;
      }
      if (expected !== null) {
        const changed = await db
          .updateTable("settings")
          .set({ ...row, revision: expected + 1 })
          .where("kind", "=", row.kind)
          .where("id", "=", row.id)
          .where("revision", "=", expected)
          .executeTakeFirstOrThrow();
        return changed.numUpdatedRows === 1n ? expected + 1 : null;
      }
      const { revision } = await db
        .insertInto("settings")
        .values({ ...row, revision: 1 })
        .onConflict((conflict) =>
          conflict
            .columns(["kind", "id"])
            .doUpdateSet((update) => ({ ...row, revision: update("settings.revision", "+", 1) })),
        )
        .returning("revision")
        .executeTakeFirstOrThrow();
      return revision;
    },

    async remove(kind, id, expected) {
      let query = db.deleteFrom("settings").where("kind", "=", kind).where("id", "=", toStoredText(id));
      if (expected !== null) query = query.where("revision", "=", expected);
      return (await query.executeTakeFirstOrThrow()).numDeletedRows === 1n;
    },
  };
}

function toRow({ kind, id, body, at, by, reason }: Omit<Setting, "revision">): Omit<Row, "revision"> {
  return {
    kind,
    id: toStoredText(id),
    body: JSON.stringify(body),
    at,
    by: by === null ? null : toStoredText(by),
    reason: reason === null ? null : toStoredText(reason),
  };
}

function fromRow({ kind, id, revision, body, at, by, reason }: Row): Setting {
  return {
    kind: kind as SettingKind,
    id: fromStoredText(id),
    revision,
    body: JSON.parse(body) as JsonValue,
    at,
    by: by === null ? null : fromStoredText(by),
    reason: reason === null ? null : fromStoredText(reason),
  };
}
