// Takes the beginnings of chains away, a piece at a time, the oldest first: whoever waits to write waits for one of them. What a crash
// leaves goes with the next pruning.
import { toCheckpointBodies } from "../../../audit/chain/index.ts";
import type { Database } from "../database.ts";
import type { BatchWriter } from "./batch-writer.ts";
import type { LedgerTask } from "./ledger-op.ts";

interface Parts {
  readonly database: Database;
  readonly writer: BatchWriter;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Rows of one piece. */
const PIECE = 1_000;

/** The steps of a pruning; each is done anew when it is called again after a failure. */
export function* toPruningSteps(
  { pruning, event }: LedgerTask & { readonly do: "prune" },
  parts: Parts,
): Generator<() => Promise<boolean>> {
  const { writer, now } = parts;
  // First it is said what goes, and where the chains begin from then on.
  yield async () => {
    await writer.transact((transaction) =>
      writer.append(transaction, [
        { at: event.at, kind: event.type, body: event },
        ...toCheckpointBodies(pruning).map((body) => ({ at: now(), kind: "chain.checkpoint", body })),
      ]),
    );
    return true;
  };
  for (const { writer: chain, seq } of pruning.pruned) yield () => removePiece(parts, chain, seq);
}

/** Whether there was nothing more to remove. */
async function removePiece({ database, writer }: Parts, chain: string, last: number): Promise<boolean> {
  const found = await database.db
    .selectFrom("audit_records")
    .select("seq")
    .where("writer", "=", chain)
    .where("seq", "<=", last)
    .orderBy("seq")
    .limit(PIECE)
    .execute();
  const until = found.at(-1)?.seq;
  await writer.transact(async (transaction) => {
    if (until !== undefined) {
      await transaction.deleteFrom("audit_records").where("writer", "=", chain).where("seq", "<=", until).execute();
      await transaction
        .updateTable("audit_chains")
        .set({ first_seq: until + 1 })
        .where("writer", "=", chain)
        .execute();
    }
    await transaction
      .deleteFrom("audit_chains")
      .where("writer", "=", chain)
      .where("closed_at", "is not", null)
      .whereRef("first_seq", ">", "head_seq")
      .execute();
  });
  return found.length < PIECE;
}
