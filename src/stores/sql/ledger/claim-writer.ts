// Idempotency keys, many at once: who gets a key, whose outcome is kept, whose key is free again.
// INVARIANT: of two claims of one key one is granted, whoever asks: the primary key decides, not a question before it.
import type { Kysely } from "kysely";
import type { ClaimAnswer, IdempotencyClaim, IdempotencyRecord } from "../../../ports/idempotency-store.ts";
import type { Tables } from "../database.ts";
import { toStoredText } from "../stored-text.ts";
import type { LedgerOp } from "./ledger-op.ts";

type Db = Kysely<Tables>;

/** A claim and the time it was made. */
export interface TimedClaim {
  readonly claim: IdempotencyClaim;
  /** Epoch ms. */
  readonly now: number;
}

/** Rows of one statement: the databases bound the number of values. */
const MAX_ROWS = 200;

/** Answers each claim, in order. */
export async function takeClaims(db: Db, claims: readonly TimedClaim[]): Promise<readonly ClaimAnswer[]> {
  const answers = new Map<TimedClaim, ClaimAnswer>();
  // In one order everywhere: two writers that take the same keys never wait for each other in a circle.
  const sorted = claims.toSorted((a, b) => (a.claim.key < b.claim.key ? -1 : 1));
  for (let at = 0; at < sorted.length; at += MAX_ROWS) await takeSome(db, sorted.slice(at, at + MAX_ROWS), answers);
  return claims.map((claim) => answers.get(claim) as ClaimAnswer);
}

async function takeSome(db: Db, claims: readonly TimedClaim[], answers: Map<TimedClaim, ClaimAnswer>): Promise<void> {
  const keys = [...new Set(claims.map(({ claim }) => toStoredText(claim.key)))];
  const now = Math.max(...claims.map((timed) => timed.now));
  await db.deleteFrom("claims").where("key", "in", keys).where("expires_at", "<=", now).execute();
  // Of several claims of one key in a batch the first goes in.
  const first = new Map(claims.toReversed().map((timed) => [timed.claim.key, timed]));
  const rows = [...first.values()].map(({ claim, now: at }) => ({
    key: toStoredText(claim.key),
    owner: claim.owner,
    version: claim.version,
    arguments_digest: claim.argumentsDigest,
    lease_until: at + claim.leaseMs,
    outcome: null,
    expires_at: null,
  }));
  const granted = await db
    .insertInto("claims")
    .values(rows)
    .onConflict((conflict) => conflict.column("key").doNothing())
    .returning("key")
    .execute();
  const won = new Set(granted.map(({ key }) => key));
  const losers: TimedClaim[] = [];
  for (const timed of claims) {
    if (first.get(timed.claim.key) === timed && won.has(toStoredText(timed.claim.key)))
      answers.set(timed, { ok: true });
    else losers.push(timed);
  }
  if (losers.length > 0) await tellLosers(db, losers, answers);
}

async function tellLosers(db: Db, losers: readonly TimedClaim[], answers: Map<TimedClaim, ClaimAnswer>): Promise<void> {
  const keys = [...new Set(losers.map(({ claim }) => toStoredText(claim.key)))];
  const found = await db.selectFrom("claims").selectAll().where("key", "in", keys).execute();
  const byKey = new Map(found.map((row) => [row.key, row]));
  for (const timed of losers) {
    const row = byKey.get(toStoredText(timed.claim.key));
    // Gone between the two statements: whoever asks again gets it.
    const answer: ClaimAnswer =
      row === undefined
        ? { ok: false, record: null, retryAfterMs: 0 }
        : { ok: false, record: toRecord(row, timed.now) as IdempotencyRecord };
    answers.set(timed, answer);
  }
}

/** What a row says at `now`; null when its time is over. */
export function toRecord(row: Tables["claims"], now: number): IdempotencyRecord | null {
  const { owner, version, arguments_digest: argumentsDigest, outcome } = row;
  if (row.expires_at !== null && row.expires_at <= now) return null;
  if (outcome !== null) return { state: "stored", owner, version, argumentsDigest, outcome };
  return { state: row.lease_until <= now ? "abandoned" : "running", owner, version, argumentsDigest };
}

/** Keeps an outcome under its key; false when the record is not the owner's. */
export async function storeOutcome(db: Db, op: LedgerOp & { readonly do: "store" }): Promise<boolean> {
  const changed = await db
    .updateTable("claims")
    .set({ outcome: op.outcome, expires_at: op.keepMs === null ? null : op.now + op.keepMs })
    .where("key", "=", toStoredText(op.key))
    .where("owner", "=", op.owner)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", op.now)]))
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Makes a key free; false when the record is not the owner's. */
export async function releaseKey(
  db: Db,
  op: { readonly key: string; readonly owner: string; readonly now: number },
): Promise<boolean> {
  const changed = await db
    .deleteFrom("claims")
    .where("key", "=", toStoredText(op.key))
    .where("owner", "=", op.owner)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", op.now)]))
    .executeTakeFirst();
  return changed.numDeletedRows > 0n;
}

/** Forgets kept outcomes whose time is over, some at a time. */
export async function purgeClaims(db: Db, now: number): Promise<void> {
  const over = db.selectFrom("claims").select("key").where("expires_at", "<=", now).limit(1_000);
  await db.deleteFrom("claims").where("key", "in", over).execute();
}
