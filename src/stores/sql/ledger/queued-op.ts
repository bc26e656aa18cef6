// An op that waits to be written, as the text that goes to the writer.
import type { LedgerOp } from "./ledger-op.ts";

export interface QueuedOp {
  readonly id: number;
  readonly do: LedgerOp["do"];
  /** JSON of the op. */
  readonly text: string;
  /** The call it is about, and its key, where an `abandon` would need them. */
  readonly callId: string | null;
  readonly key: string | null;
  state: "queued" | "sent" | "dropped";
}

/** The op, to be queued. */
export function toQueuedOp(op: LedgerOp): QueuedOp {
  return { id: op.id, do: op.do, text: JSON.stringify(op), ...toCall(op), state: "queued" };
}

/** Whether it takes a key, or announces an effect: what is nobody's once nobody waits for it. */
export function isClaiming(op: QueuedOp): boolean {
  return op.do === "begin" || op.do === "claim";
}

function toCall(op: LedgerOp): Pick<QueuedOp, "callId" | "key"> {
  if (op.do === "claim") return { callId: op.claim.owner, key: op.claim.key };
  if (op.do === "begin") return { callId: op.event.callId, key: op.claim?.key ?? null };
  return { callId: null, key: null };
}
