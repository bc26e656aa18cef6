// Sealed secrets in a database. A change holds the row that names the master key, so that no secret is written under one that is
// being replaced: it would be lost.
import type { Selectable, Transaction } from "kysely";
import type { SealedSecret, SecretStore } from "../../ports/secret-store.ts";
import type { Database, Tables } from "./database.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import type { SecretTables } from "./tables/secret-tables.ts";

type Row = Selectable<SecretTables["secrets"]>;

const MASTER = "master";
/** Secrets in memory at once while all are sealed anew. */
const PAGE = 100;

/** Creates a secret store over the tables of the part `state`. */
export function createSqlSecretStore(database: Database): SecretStore {
  const { db } = database;
  const readMasterKeyId = async (): Promise<string | null> => {
    const row = await db.selectFrom("secret_marks").select("mark").where("purpose", "=", MASTER).executeTakeFirst();
    return row?.mark ?? null;
  };
  return {
    readMasterKeyId,

    async keepMasterKeyId(masterKeyId) {
      const row = { purpose: MASTER, mark: masterKeyId };
      await db
        .insertInto("secret_marks")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await readMasterKeyId()) ?? masterKeyId;
    },

    async get(name) {
      const row = await db.selectFrom("secrets").selectAll().where("name", "=", toStoredText(name)).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async page(after, limit) {
      let query = db.selectFrom("secrets").selectAll().orderBy("name").limit(limit);
      if (after !== null) query = query.where("name", ">", toStoredText(after));
      return (await query.execute()).map(fromRow);
    },

    set: (secret, expected) =>
      database.transaction(async (transaction) => {
        if ((await holdMasterKeyId(database, transaction)) !== secret.masterKeyId) return false;
        return expected === 0 ? insert(transaction, secret) : update(transaction, secret, expected);
      }),

    async remove(name) {
      const { numDeletedRows: removed } = await db
        .deleteFrom("secrets")
        .where("name", "=", toStoredText(name))
        .executeTakeFirst();
      return removed === 1n;
    },

    replaceMasterKey: (from, to, rewrap) =>
      database.transaction(async (transaction) => {
        const { numUpdatedRows: replaced } = await transaction
          .updateTable("secret_marks")
          .set({ mark: to })
          .where("purpose", "=", MASTER)
          .where("mark", "=", from)
          .executeTakeFirst();
        return replaced === 1n ? rewrapAll(transaction, rewrap) : null;
      }),
  };
}

/** The id of the master key, which nobody changes before the transaction ends. SQLite: the transaction has the file for itself. */
async function holdMasterKeyId({ dialect }: Database, transaction: Transaction<Tables>): Promise<string | null> {
  const query = transaction.selectFrom("secret_marks").select("mark").where("purpose", "=", MASTER);
  const row = await (dialect === "postgres" ? query.forShare() : query).executeTakeFirst();
  return row?.mark ?? null;
}

async function insert(transaction: Transaction<Tables>, secret: SealedSecret): Promise<boolean> {
  const { numInsertedOrUpdatedRows: added } = await transaction
    .insertInto("secrets")
    .values(toRow(secret))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return added === 1n;
}

async function update(transaction: Transaction<Tables>, secret: SealedSecret, expected: number): Promise<boolean> {
  const { name, ...rest } = toRow(secret);
  const { numUpdatedRows: changed } = await transaction
    .updateTable("secrets")
    .set(rest)
    .where("name", "=", name)
    .where("revision", "=", expected)
    .executeTakeFirst();
  return changed === 1n;
}

async function rewrapAll(
  transaction: Transaction<Tables>,
  rewrap: (secret: SealedSecret) => SealedSecret,
): Promise<number> {
  let count = 0;
  for (let after: string | null = null; ;) {
    let query = transaction.selectFrom("secrets").selectAll().orderBy("name").limit(PAGE);
    if (after !== null) query = query.where("name", ">", after);
    const rows = await query.execute();
    for (const row of rows) {
      const { name, ...rest } = toRow(rewrap(fromRow(row)));
      await transaction.updateTable("secrets").set(rest).where("name", "=", name).execute();
    }
    count += rows.length;
    if (rows.length < PAGE) return count;
    after = rows.at(-1)?.name ?? null;
  }
}

function toRow({ name, revision, masterKeyId, sealed, at, by, reason }: SealedSecret): Row {
  return {
    name: toStoredText(name),
    revision,
    master_key_id: masterKeyId,
    sealed,
    changed_at: at,
    changed_by: by === null ? null : toStoredText(by),
    reason: reason === null ? null : toStoredText(reason),
  };
}

function fromRow(row: Row): SealedSecret {
  return {
    name: fromStoredText(row.name),
    revision: row.revision,
    masterKeyId: row.master_key_id,
    sealed: row.sealed,
    at: row.changed_at,
    by: row.changed_by === null ? null : fromStoredText(row.changed_by),
    reason: row.reason === null ? null : fromStoredText(row.reason),
  };
}
