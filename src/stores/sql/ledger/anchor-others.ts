// Names the heads of other chains in the writer's own: whoever cuts off the end of a chain has to cut every chain that names it.
import type { Kysely } from "kysely";
import { type ChainEntry, MAX_ANCHORS, toAnchoredBody } from "../../../audit/chain/index.ts";
import type { ChainHead } from "../../../ports/audit-reader.ts";
import type { Dialect, Tables } from "../database.ts";
import type { BatchWriter } from "./batch-writer.ts";

type Db = Kysely<Tables>;

/** What the work beside the batches is done with. */
export interface ChainWork {
  /** A transaction of the writer's. */
  readonly transaction: Db;
  readonly dialect: Dialect;
  readonly writer: BatchWriter;
  /** Epoch ms. */
  readonly now: number;
}

/** Names the heads of chains that have moved since they were last named; nothing when none has. */
export async function anchorOthers({ transaction, dialect, writer, now }: ChainWork): Promise<void> {
  const entries = toAnchorEntries(await takeUnanchored(transaction, dialect, writer.writer), now);
  if (entries.length > 0) await writer.append(transaction, entries);
}

export function toAnchorEntries(heads: readonly ChainHead[], at: number): readonly ChainEntry[] {
  const entries: ChainEntry[] = [];
  for (let from = 0; from < heads.length; from += MAX_ANCHORS)
    entries.push({ at, kind: "chain.anchored", body: toAnchoredBody(heads.slice(from, from + MAX_ANCHORS)) });
  return entries;
}

/** The heads of other chains that no chain names yet; from now on this one does. One whose writer is at work is left for later. */
export async function takeUnanchored(transaction: Db, dialect: Dialect, own: string): Promise<readonly ChainHead[]> {
  const found = await transaction
    .selectFrom("audit_chains")
    .select(["writer", "head_seq", "head_hash"])
    .where("writer", "!=", own)
    .whereRef("head_seq", ">", "anchored_seq")
    .orderBy("writer")
    .$if(dialect === "postgres", (query) => query.forUpdate().skipLocked())
    .execute();
  for (const { writer, head_seq: seq } of found)
    await transaction.updateTable("audit_chains").set({ anchored_seq: seq }).where("writer", "=", writer).execute();
  return found.map(({ writer, head_seq: seq, head_hash: hash }) => ({ writer, seq, hash }));
}
