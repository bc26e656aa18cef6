// The beginning of a chain: it is registered, names the heads of the others, and ends what dead writers have left open. A call whose
// intent is there without an outcome had its effect or had not: from now on it is listed as unknown, and its key waits no longer.
import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { type Chain, createChain, MAX_ANCHORS, toAnchoredBody, toOpenedBody } from "../../../audit/chain/index.ts";
import type { AuditEvent } from "../../../ports/audit-sink.ts";
import type { ChainHead } from "../../../ports/audit-reader.ts";
import type { UnknownOutcome } from "../../../ports/outcome-store.ts";
import type { Tables } from "../database.ts";
import { fromStoredText } from "../stored-text.ts";
import { listOutcomes } from "./outcome-writer.ts";
import { isRunning, type ProcessMark } from "./process-mark.ts";

type Db = Kysely<Tables>;

export interface NewChain {
  readonly chain: Chain;
  /** Registers it: the first thing that is written. */
  open(transaction: Db, append: Append): Promise<readonly UnknownOutcome[]>;
}

type Append = (transaction: Db, entries: readonly Parameters<Chain["append"]>[0][]) => Promise<void>;

export interface ChainParts {
  readonly key: Uint8Array | null;
  readonly version: string;
  readonly mark: ProcessMark;
  /** Epoch ms. */
  readonly now: () => number;
  /** A writer of this process that has failed. */
  readonly previous: string | null;
}

/** A chain that nobody has written to. */
export function createNewChain(parts: ChainParts): NewChain {
  const writer = `w_${randomBytes(12).toString("base64url")}`;
  const chain = createChain({ writer, ...(parts.key !== null && { key: parts.key }) });
  return {
    chain,
    async open(transaction, append) {
      const { mark, now, version } = parts;
      await transaction
        .insertInto("audit_chains")
        .values({
          writer,
          opened_at: now(),
          host: mark.host,
          pid: mark.pid,
          process_started: mark.started,
          seen_at: now(),
          closed_at: null,
          head_seq: 0,
          head_hash: "",
          first_seq: 1,
          anchored_seq: 0,
        })
        .execute();
      const heads = await takeUnanchored(transaction, writer);
      const body = toOpenedBody(chain.keyed, version, heads.slice(0, MAX_ANCHORS));
      await append(transaction, [
        { at: now(), kind: "chain.opened", body },
        ...toAnchorEntries(heads.slice(MAX_ANCHORS), now()),
      ]);
      return recover(transaction, append, parts, writer);
    },
  };
}

/** Names the heads of chains that have moved; nothing when none has. */
export async function anchorOthers(transaction: Db, append: Append, writer: string, now: number): Promise<void> {
  const entries = toAnchorEntries(await takeUnanchored(transaction, writer), now);
  if (entries.length > 0) await append(transaction, entries);
}

function toAnchorEntries(heads: readonly ChainHead[], at: number): readonly Parameters<Chain["append"]>[0][] {
  const entries = [];
  for (let from = 0; from < heads.length; from += MAX_ANCHORS)
    entries.push({ at, kind: "chain.anchored", body: toAnchoredBody(heads.slice(from, from + MAX_ANCHORS)) });
  return entries;
}

/** The heads of other chains that no chain names yet; from now on this one does. */
async function takeUnanchored(transaction: Db, own: string): Promise<readonly ChainHead[]> {
  const found = await transaction
    .selectFrom("audit_chains")
    .select(["writer", "head_seq", "head_hash"])
    .where("writer", "!=", own)
    .whereRef("head_seq", ">", "anchored_seq")
    .orderBy("writer")
    .execute();
  for (const { writer, head_seq: seq } of found)
    await transaction.updateTable("audit_chains").set({ anchored_seq: seq }).where("writer", "=", writer).execute();
  return found.map(({ writer, head_seq: seq, head_hash: hash }) => ({ writer, seq, hash }));
}

/** Ends what writers that run no more have left open. Two that look at once share it: each intent is taken by one. */
async function recover(
  transaction: Db,
  append: Append,
  { now, previous }: ChainParts,
  own: string,
): Promise<readonly UnknownOutcome[]> {
  const open = await transaction
    .selectFrom("audit_chains")
    .select(["writer", "host", "pid", "process_started", "seen_at"])
    .where("closed_at", "is", null)
    .where("writer", "!=", own)
    .execute();
  const dead = open.filter(
    ({ writer, host, pid, process_started: started, seen_at: seenAt }) =>
      writer === previous || !isRunning({ host, pid, started }, seenAt, now()),
  );
  const recovered: UnknownOutcome[] = [];
  for (const { writer } of dead) recovered.push(...(await recoverWriter(transaction, append, writer, now())));
  return recovered;
}

async function recoverWriter(
  transaction: Db,
  append: Append,
  writer: string,
  now: number,
): Promise<readonly UnknownOutcome[]> {
  const closed = await transaction
    .updateTable("audit_chains")
    .set({ closed_at: now })
    .where("writer", "=", writer)
    .where("closed_at", "is", null)
    .executeTakeFirst();
  if (closed.numUpdatedRows === 0n) return [];
  const intents = await transaction.deleteFrom("open_intents").where("writer", "=", writer).returningAll().execute();
  const outcomes = intents.map(toUnknown);
  await listOutcomes(transaction, outcomes);
  for (const { id } of outcomes) {
    await transaction
      .updateTable("claims")
      .set({ lease_until: now })
      .where("owner", "=", id)
      .where("outcome", "is", null)
      .where("lease_until", ">", now)
      .execute();
  }
  await append(
    transaction,
    outcomes.map((outcome) => ({ at: now, kind: "call.recovered", body: toEvent(outcome, now) })),
  );
  return outcomes;
}

function toUnknown(row: Tables["open_intents"]): UnknownOutcome {
  return {
    id: fromStoredText(row.call_id),
    tenant: fromStoredText(row.tenant),
    principal: fromStoredText(row.principal),
    tool: fromStoredText(row.tool),
    version: row.version,
    code: "OUTCOME_UNKNOWN",
    at: row.at,
    idempotencyKey: row.idempotency_key === null ? null : fromStoredText(row.idempotency_key),
  };
}

function toEvent(outcome: UnknownOutcome, now: number): AuditEvent {
  return {
    type: "call.recovered",
    at: now,
    tenant: outcome.tenant,
    principal: outcome.principal,
    roles: [],
    ip: null,
    callId: outcome.id,
    parentCallId: null,
    tool: outcome.tool,
    version: outcome.version,
    digest: null,
    code: "OUTCOME_UNKNOWN",
    attempts: 0,
    answeredBy: null,
    effect: "unknown",
    durationMs: 0,
    idempotencyKey: outcome.idempotencyKey,
    arguments: undefined,
    details: undefined,
  };
}
