// How the kept trail is read: records as they were chained, in pages, never all at once.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/** What records are found by, taken out of their body; null where the body has no such field. */
export interface RecordIndex {
  readonly tenant: string | null;
  readonly principal: string | null;
  readonly tool: string | null;
  readonly code: string | null;
  readonly callId: string | null;
}

/** One record of a chain, as it is stored. */
export interface ChainRecord {
  /** Which chain: the id of its writer. */
  readonly writer: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** Epoch ms, an integer. */
  readonly at: number;
  /** An event of the trail, or what holds the chains together: `chain.opened`, `chain.anchored`, `chain.checkpoint`, `chain.closed` … */
  readonly kind: string;
  /** RFC 8785 text of an AuditEvent, or of what holds the chains together. It is stored as it was hashed, so that no way back through a parser can change it. */
  readonly bodyText: string;
  /** Hash of the record before; of the first one the empty text. */
  readonly prev: string;
  /** Hex. */
  readonly hash: string;
  /** Not hashed: the verifier compares it with the body. */
  readonly index: RecordIndex;
}

export interface ChainHead {
  readonly writer: string;
  readonly seq: number;
  readonly hash: string;
}

/** A chain as the store's list of chains has it, which the verifier compares with the records. */
export interface ChainState extends ChainHead {
  /** The number of the first record that is still kept. A chain that was pruned whole is not listed. */
  readonly first: number;
  /** Whether nobody writes to it any more: its writer has closed it, or was found dead. */
  readonly ended: boolean;
  /** Whether the list names the chain; false where only records do, then its head is the last of them. */
  readonly listed: boolean;
}

/** What a pruning takes: everything up to these records, some of which earlier prunings have taken already. */
export interface Pruning {
  /** Epoch ms; only what is older goes. */
  readonly before: number;
  /** The last record that goes, of each chain. */
  readonly pruned: readonly ChainHead[];
}

export interface AuditFilter {
  /** Epoch ms, the first included, the last not. */
  readonly from?: number;
  readonly until?: number;
  readonly tenant?: string;
  readonly principal?: string;
  readonly tool?: string;
  readonly kind?: string;
  readonly code?: string;
  readonly callId?: string;
}

export interface RecordPage {
  readonly records: readonly ChainRecord[];
  /** What to go on with; null when there is nothing more. */
  readonly cursor: string | null;
}

export interface AuditReader {
  /** Every chain that is listed or has records, in the order of their ids. */
  chains(): MaybePromise<readonly ChainState[]>;
  /** Records of one chain after `afterSeq`, at most `limit`, in order. */
  chain(writer: string, afterSeq: number, limit: number): MaybePromise<readonly ChainRecord[]>;
  /** Events (no records of the chains themselves) newest or oldest first, after `cursor`, at most `limit`. */
  search(
    filter: AuditFilter,
    order: "newest" | "oldest",
    cursor: string | null,
    limit: number,
  ): MaybePromise<RecordPage>;
  /** Ids of calls whose intent is written and whose outcome is not, among the running and the dead. */
  openCalls(): MaybePromise<readonly string[]>;
}
