// The list of calls whose effect is not known.
import type { Kysely } from "kysely";
import type { UnknownOutcome } from "../../../ports/outcome-store.ts";
import type { Tables } from "../database.ts";
import { fromStoredText, toStoredText } from "../stored-text.ts";

/** How long a place is remembered after its outcome has gone, milliseconds: a day. */
const REMEMBERED_MS = 86_400_000;

/** Lists the outcomes at the end; one that is listed stays where it is. */
export async function listOutcomes(db: Kysely<Tables>, outcomes: readonly UnknownOutcome[]): Promise<void> {
  for (const outcome of outcomes) {
    const row = { ...toRow(outcome), removed_at: null };
    await db
      .insertInto("unknown_outcomes")
      .values({ ...row, place: await nextPlace(db) })
      .onConflict((conflict) =>
        conflict
          .column("id")
          .doUpdateSet({ ...row, place: (update) => update.ref("excluded.place") })
          .where("unknown_outcomes.removed_at", "is not", null),
      )
      .execute();
  }
}

async function nextPlace(db: Kysely<Tables>): Promise<number> {
  const { last } = await db
    .selectFrom("unknown_outcomes")
    .select(({ fn }) => fn.max("place").as("last"))
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

/** Whether it was listed. */
export async function unlistOutcome(db: Kysely<Tables>, id: string, now: number): Promise<boolean> {
  const changed = await db
    .updateTable("unknown_outcomes")
    .set({ removed_at: now })
    .where("id", "=", toStoredText(id))
    .where("removed_at", "is", null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Forgets the places of what has gone long ago. */
export async function purgeOutcomes(db: Kysely<Tables>, now: number): Promise<void> {
  await db
    .deleteFrom("unknown_outcomes")
    .where("removed_at", "<=", now - REMEMBERED_MS)
    .execute();
}

function toRow(outcome: UnknownOutcome): Omit<Tables["unknown_outcomes"], "place" | "removed_at"> {
  const { id, tenant, principal, tool, version, code, at, idempotencyKey } = outcome;
  return {
    id: toStoredText(id),
    tenant: toStoredText(tenant),
    principal: toStoredText(principal),
    tool: toStoredText(tool),
    version,
    code,
    at,
    idempotency_key: idempotencyKey === null ? null : toStoredText(idempotencyKey),
  };
}

/** The outcome of a row. */
export function fromRow(row: Tables["unknown_outcomes"]): UnknownOutcome {
  return {
    id: fromStoredText(row.id),
    tenant: fromStoredText(row.tenant),
    principal: fromStoredText(row.principal),
    tool: fromStoredText(row.tool),
    version: row.version,
    code: row.code as UnknownOutcome["code"],
    at: row.at,
    idempotencyKey: row.idempotency_key === null ? null : fromStoredText(row.idempotency_key),
  };
}
