// The beginning of a chain: it is registered, names the heads of the others, takes over from a writer of the same process whose thread
// has died, and ends what dead processes have left open. And its end.
import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { type Chain, createChain, MAX_ANCHORS, toOpenedBody } from "../../../audit/chain/index.ts";
import type { UnknownOutcome } from "../../../ports/outcome-store.ts";
import type { Database, Tables } from "../database.ts";
import { anchorOthers, takeUnanchored, toAnchorEntries } from "./anchor-others.ts";
import type { AddUsage } from "./batch.ts";
import type { BatchWriter } from "./batch-writer.ts";
import type { ProcessMark } from "./process-mark.ts";
import { readChain } from "./record-writer.ts";
import { recoverDead } from "./recover-dead.ts";
import { replaySpools } from "./replay-spool.ts";
import type { SpooledOps } from "./spool.ts";

type Db = Kysely<Tables>;

export interface OpeningParts {
  readonly database: Database;
  readonly chain: Chain;
  readonly writer: BatchWriter;
  readonly version: string;
  readonly mark: ProcessMark;
  /** Epoch ms. */
  readonly now: () => number;
  /** A writer of this process whose thread has died. */
  readonly previous: string | null;
  readonly addUsage: AddUsage;
  /** What earlier processes could not write. */
  readonly spooled: readonly SpooledOps[];
}

export interface OpenedChain {
  readonly recovered: readonly UnknownOutcome[];
  /** How many ops the previous writer has written. */
  readonly adopted: number;
  /** Spool files that are not needed any more. */
  readonly replayed: readonly string[];
}

/** A chain that nobody has written to. */
export function createNewChain(key: Uint8Array | null): Chain {
  const writer = `w_${randomBytes(12).toString("base64url")}`;
  return createChain({ writer, ...(key !== null && { key }) });
}

/** Writes the beginning of the chain. */
export async function openChain(parts: OpeningParts): Promise<OpenedChain> {
  const { database, chain, writer, version, now } = parts;
  return writer.transact(async (transaction) => {
    await register(transaction, parts);
    const heads = await takeUnanchored(transaction, database.dialect, writer.writer);
    const body = toOpenedBody(chain.keyed, version, heads.slice(0, MAX_ANCHORS));
    const more = toAnchorEntries(heads.slice(MAX_ANCHORS), now());
    await writer.append(transaction, [{ at: now(), kind: "chain.opened", body }, ...more]);
    const adopted = await adopt(transaction, parts);
    const work = { transaction, dialect: database.dialect, writer, now: now() };
    const replayed = await replaySpools(work, parts.spooled, parts);
    return { adopted, replayed, recovered: await recoverDead(work) };
  });
}

async function register(transaction: Db, { writer, mark, now }: OpeningParts): Promise<void> {
  await transaction
    .insertInto("audit_chains")
    .values({
      writer: writer.writer,
      opened_at: now(),
      host: mark.host,
      pid: mark.pid,
      process_started: mark.started,
      seen_at: now(),
      closed_at: null,
      head_seq: 0,
      head_hash: "",
      taken: 0,
      first_seq: 1,
      anchored_seq: 0,
    })
    .execute();
}

/** The calls of the previous writer go on: their process lives. */
async function adopt(transaction: Db, { writer, previous, now }: OpeningParts): Promise<number> {
  if (previous === null) return 0;
  await transaction.updateTable("open_intents").set({ writer: writer.writer }).where("writer", "=", previous).execute();
  await transaction.updateTable("audit_chains").set({ closed_at: now() }).where("writer", "=", previous).execute();
  return (await readChain(transaction, previous))?.taken ?? 0;
}

/** Writes the end of the chain. */
export async function closeChain({
  database,
  writer,
  now,
}: Pick<OpeningParts, "database" | "writer" | "now">): Promise<void> {
  await writer.transact(async (transaction) => {
    await anchorOthers({ transaction, dialect: database.dialect, writer, now: now() });
    await writer.append(transaction, [{ at: now(), kind: "chain.closed", body: { records: writer.records + 1 } }]);
    await transaction
      .updateTable("audit_chains")
      .set({ closed_at: now() })
      .where("writer", "=", writer.writer)
      .execute();
  });
}
