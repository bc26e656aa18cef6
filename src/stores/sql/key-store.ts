// API keys in a database. Whether a key may still be ended or replaced is decided by the statement that does so, so that of two
// processes one is refused.
import { sql } from "kysely";
import type { KeyFilter, KeyStore, KeyUse, StoredKey } from "../../ports/key-store.ts";
import type { Database } from "./database.ts";
import { fromKeyRow, toKeyRow } from "./key-row.ts";
import { toStoredText } from "./stored-text.ts";

const PEPPER = "pepper";

/** Ends the transaction with nothing done. */
class Taken extends Error {}

/** Creates a key store over the tables of the part `state`. */
export function createSqlKeyStore(database: Database): KeyStore {
  const { db } = database;
  const readMark = async (): Promise<string | null> => {
    const row = await db.selectFrom("key_marks").select("mark").where("purpose", "=", PEPPER).executeTakeFirst();
    return row?.mark ?? null;
  };
  return {
    readMark,

    async keepMark(mark) {
      const row = { purpose: PEPPER, mark };
      await db
        .insertInto("key_marks")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await readMark()) ?? mark;
    },

    async add(key) {
      const { numInsertedOrUpdatedRows: added } = await db
        .insertInto("api_keys")
        .values(toKeyRow(key))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      return added === 1n;
    },

    async get(id) {
      const row = await db.selectFrom("api_keys").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : fromKeyRow(row);
    },

    list: (filter) => listKeys(database, filter),

    replace: (id, successor, expiresAt) => replaceKey(database, id, successor, expiresAt),

    async revoke(id, at) {
      const { numUpdatedRows: revoked } = await db
        .updateTable("api_keys")
        .set({ revoked_at: at })
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .executeTakeFirst();
      return revoked === 1n;
    },

    touch: (uses) => touchKeys(database, uses),
  };
}

async function listKeys(
  { db }: Database,
  { tenant, principal, after, limit = 100 }: KeyFilter,
): Promise<readonly StoredKey[]> {
  let query = db.selectFrom("api_keys").selectAll().orderBy("id");
  if (tenant !== undefined) query = query.where("tenant", "=", toStoredText(tenant));
  if (principal !== undefined) query = query.where("principal", "=", toStoredText(principal));
  if (after !== undefined) query = query.where("id", ">", after);
  const rows = await query.limit(Math.min(Math.max(1, limit), 1_000)).execute();
  return rows.map(fromKeyRow);
}

async function touchKeys(database: Database, uses: readonly KeyUse[]): Promise<void> {
  if (uses.length === 0) return;
  await database.transaction(async (transaction) => {
    for (const { id, at } of uses) {
      await transaction
        .updateTable("api_keys")
        .set({ last_used_at: at })
        .where("id", "=", id)
        .where(({ or, eb }) => or([eb("last_used_at", "is", null), eb("last_used_at", "<", at)]))
        .execute();
    }
  });
}

async function replaceKey(database: Database, id: string, successor: StoredKey, expiresAt: number): Promise<boolean> {
  try {
    return await database.transaction(async (transaction) => {
      const { numUpdatedRows: ended } = await transaction
        .updateTable("api_keys")
        .set({
          replaced_by: successor.id,
          expires_at: sql<number>`case when expires_at < ${expiresAt} then expires_at else ${expiresAt} end`,
        })
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .where("replaced_by", "is", null)
        .where(({ or, eb }) => or([eb("expires_at", "is", null), eb("expires_at", ">", successor.createdAt)]))
        .executeTakeFirst();
      if (ended !== 1n) return false;
      const { numInsertedOrUpdatedRows: added } = await transaction
        .insertInto("api_keys")
        .values(toKeyRow(successor))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (added !== 1n) throw new Taken();
      return true;
    });
  } catch (error) {
    if (error instanceof Taken) return false;
    throw error;
  }
}
