// Idempotency keys, many at once: who gets a key, whose outcome is kept, whose key is free again.
// INVARIANT: of two claims of one key one is granted, whoever asks: the primary key decides, not a question before it.
import { type Kysely, sql } from "kysely";
import type { ClaimAnswer, IdempotencyClaim, IdempotencyRecord } from "../../../ports/idempotency-store.ts";
import type { Tables } from "../database.ts";
import { toStoredText } from "../stored-text.ts";
import { createChunkedStatement, toPlaces } from "./chunked-statement.ts";

type Db = Kysely<Tables>;
type Row = Tables["claims"];

/** A claim and the time it was made. */
export interface TimedClaim {
  readonly claim: IdempotencyClaim;
  /** Epoch ms. */
  readonly now: number;
}

/** A key and whose it is said to be. */
export interface OwnedKey {
  readonly key: string;
  readonly owner: string;
  /** Epoch ms. */
  readonly now: number;
}

export interface StoredOutcome extends OwnedKey {
  readonly outcome: string;
  readonly keepMs: number | null;
}

/** A key may become free between two statements, and be taken again: by then somebody else has got it. */
const ROUNDS = 5;

const INSERT = createChunkedStatement<TimedClaim, Pick<Row, "key">>(
  (db, count) =>
    db
      .insertInto("claims")
      .values(
        toPlaces(count, () => ({
          key: "",
          owner: "",
          version: "",
          arguments_digest: "",
          lease_until: 0,
          outcome: null,
          expires_at: null,
        })),
      )
      .onConflict((conflict) => conflict.column("key").doNothing())
      .returning("key"),
  ({ claim: { key, owner, version, argumentsDigest, leaseMs }, now }) => [
    ...[toStoredText(key), owner, version, argumentsDigest],
    ...[now + Math.ceil(leaseMs), null, null],
  ],
);
const READ = createChunkedStatement<string, Row>(
  (db, count) =>
    db
      .selectFrom("claims")
      .selectAll()
      .where(
        "key",
        "in",
        toPlaces(count, () => ""),
      ),
  (key) => [key],
);
const FORGET = createChunkedStatement<string>(
  (db, count) =>
    db
      .deleteFrom("claims")
      .where(
        "key",
        "in",
        toPlaces(count, () => ""),
      )
      .where("expires_at", "<=", 0),
  (key) => [key],
);

/** Answers each claim, in order. */
export async function takeClaims(db: Db, claims: readonly TimedClaim[]): Promise<readonly ClaimAnswer[]> {
  const answers = new Map<TimedClaim, ClaimAnswer>();
  // In one order everywhere: two writers that take the same keys never wait for each other in a circle.
  let open = claims.toSorted((a, b) => (a.claim.key < b.claim.key ? -1 : a.claim.key > b.claim.key ? 1 : 0));
  for (let round = 0; open.length > 0 && round < ROUNDS; round++) open = await takeSome(db, open, answers);
  return claims.map((claim) => answers.get(claim) ?? { ok: false, record: null, retryAfterMs: 0 });
}

/** Those whose key has become free meanwhile. */
async function takeSome(
  db: Db,
  claims: readonly TimedClaim[],
  answers: Map<TimedClaim, ClaimAnswer>,
): Promise<TimedClaim[]> {
  // Of several claims of one key in a batch the first goes in: they are sorted, and sorting keeps their order.
  const first = claims.filter((timed, index) => timed.claim.key !== claims[index - 1]?.claim.key);
  const granted = new Set((await INSERT.run(db, first)).map(({ key }) => key));
  for (const timed of first) if (granted.has(toStoredText(timed.claim.key))) answers.set(timed, { ok: true });
  const losers = claims.filter((timed) => !answers.has(timed));
  return losers.length === 0 ? [] : tellLosers(db, losers, answers);
}

async function tellLosers(
  db: Db,
  losers: readonly TimedClaim[],
  answers: Map<TimedClaim, ClaimAnswer>,
): Promise<TimedClaim[]> {
  const keys = [...new Set(losers.map(({ claim }) => toStoredText(claim.key)))];
  const byKey = new Map((await READ.run(db, keys)).map((row) => [row.key, row]));
  const free: TimedClaim[] = [];
  for (const timed of losers) {
    const row = byKey.get(toStoredText(timed.claim.key));
    const record = row === undefined ? null : toRecord(row, timed.now);
    if (record === null) free.push(timed);
    else answers.set(timed, { ok: false, record });
  }
  if (free.length > 0) {
    const over = [...new Set(free.map(({ claim }) => toStoredText(claim.key)))];
    await FORGET.run(db, over, [Math.max(...free.map(({ now }) => now))]);
  }
  return free;
}

/** What a row says at `now`; null when its time is over. */
export function toRecord(row: Row, now: number): IdempotencyRecord | null {
  const { owner, version, arguments_digest: argumentsDigest, outcome } = row;
  if (row.expires_at !== null && row.expires_at <= now) return null;
  if (outcome !== null) return { state: "stored", owner, version, argumentsDigest, outcome };
  return { state: row.lease_until <= now ? "abandoned" : "running", owner, version, argumentsDigest };
}

const STORE = createChunkedStatement<StoredOutcome, Pick<Row, "key">>(
  (db, count) =>
    db
      .with("given(key, owner, outcome, expires_at, now)", () => {
        const place = sql`(${""}, ${""}, ${""}, cast(${0} as bigint), cast(${0} as bigint))`;
        return sql<{
          readonly key: string;
          readonly owner: string;
          readonly outcome: string;
          readonly expires_at: number | null;
          readonly now: number;
        }>`(values ${sql.join(toPlaces(count, () => place))})`;
      })
      .updateTable("claims")
      .from("given")
      .set(({ ref }) => ({ outcome: ref("given.outcome"), expires_at: ref("given.expires_at") }))
      .whereRef("claims.key", "=", "given.key")
      .whereRef("claims.owner", "=", "given.owner")
      .where((where) =>
        where.or([
          where("claims.expires_at", "is", null),
          where("claims.expires_at", ">", ({ ref }) => ref("given.now")),
        ]),
      )
      .returning("claims.key"),
  ({ key, owner, outcome, keepMs, now }) => [
    ...[toStoredText(key), owner, outcome],
    ...[keepMs === null ? null : now + Math.ceil(keepMs), now],
  ],
);
const RELEASE = createChunkedStatement<OwnedKey, Pick<Row, "key">>(
  (db, count) =>
    db
      .with("given(key, owner, now)", () => {
        const place = sql`(${""}, ${""}, cast(${0} as bigint))`;
        return sql<{
          readonly key: string;
          readonly owner: string;
          readonly now: number;
        }>`(values ${sql.join(toPlaces(count, () => place))})`;
      })
      .deleteFrom("claims")
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("given")
            .select("given.key")
            .whereRef("given.key", "=", "claims.key")
            .whereRef("given.owner", "=", "claims.owner")
            .where((where) =>
              where.or([
                where("claims.expires_at", "is", null),
                where("claims.expires_at", ">", ({ ref }) => ref("given.now")),
              ]),
            ),
        ),
      )
      .returning("key"),
  ({ key, owner, now }) => [toStoredText(key), owner, now],
);

/** Keeps outcomes under their keys. Whose record was the owner's, in order. */
export function storeOutcomes(db: Db, outcomes: readonly StoredOutcome[]): Promise<readonly boolean[]> {
  return inTurn(outcomes, async (some) => (await STORE.run(db, some)).map(({ key }) => key));
}

/** Makes keys free. Whose record was the owner's, in order. */
export function releaseKeys(db: Db, keys: readonly OwnedKey[]): Promise<readonly boolean[]> {
  return inTurn(keys, async (some) => (await RELEASE.run(db, some)).map(({ key }) => key));
}

/** Changes keys in the order in which they were given: those that come twice one after the other. */
async function inTurn<Item extends OwnedKey>(
  items: readonly Item[],
  change: (some: readonly Item[]) => Promise<readonly string[]>,
): Promise<readonly boolean[]> {
  const changed = new Set<Item>();
  for (let left = items; left.length > 0;) {
    const some = new Map<string, Item>();
    for (const item of left) if (!some.has(item.key)) some.set(item.key, item);
    const keys = new Set(await change([...some.values()]));
    for (const item of some.values()) if (keys.has(toStoredText(item.key))) changed.add(item);
    left = some.size === left.length ? [] : left.filter((item) => some.get(item.key) !== item);
  }
  return items.map((item) => changed.has(item));
}

/** Records forgotten at once, at most. */
const PURGED = 1_000;

/** Forgets kept outcomes whose time is over, some at a time. Whether there may be more. */
export async function purgeClaims(db: Db, now: number): Promise<boolean> {
  const over = db.selectFrom("claims").select("key").where("expires_at", "<=", now).limit(PURGED);
  const { numDeletedRows } = await db.deleteFrom("claims").where("key", "in", over).executeTakeFirst();
  return numDeletedRows >= BigInt(PURGED);
}
