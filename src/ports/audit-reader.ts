// How the kept trail is read: records as they were chained, in pages, never all at once.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { JsonValue } from "../kernel/json.ts";

/** One record of a chain, as it is stored. */
export interface ChainRecord {
  /** Which chain: the id of its writer. */
  readonly writer: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  /** An event of the trail, or what holds the chains together: `chain.opened`, `chain.anchored`, `chain.checkpoint`, `chain.closed` … */
  readonly kind: string;
  readonly body: JsonValue;
  /** Hash of the record before; of the first one the empty text. */
  readonly prev: string;
  /** Hex. */
  readonly hash: string;
}

export interface ChainHead {
  readonly writer: string;
  readonly seq: number;
  readonly hash: string;
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

export interface AuditReader {
  /** Every chain there is, with the number of its first record that is still kept, in the order of their ids. */
  chains(): MaybePromise<readonly (ChainHead & { readonly first: number })[]>;
  /** Records of one chain after `afterSeq`, at most `limit`, in order. */
  chain(writer: string, afterSeq: number, limit: number): MaybePromise<readonly ChainRecord[]>;
  /** Events (no records of the chains themselves) newest or oldest first, after `cursor`, at most `limit`. */
  search(
    filter: AuditFilter,
    order: "newest" | "oldest",
    cursor: string | null,
    limit: number,
  ): MaybePromise<{ readonly records: readonly ChainRecord[]; readonly cursor: string | null }>;
}
