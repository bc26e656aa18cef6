// Records that hold the chains together. `kind` is one of `CHAIN_KINDS`, and nothing else begins with `chain.`.
import type { ChainHead, Pruning } from "../../ports/audit-reader.ts";

export const CHAIN_KINDS: readonly ChainKind[] = [
  "chain.opened",
  "chain.anchored",
  "chain.dropped",
  "chain.checkpoint",
  "chain.closed",
];

/**
 * `chain.opened` is the first record of every chain and `chain.closed` the last one of a writer that ended in order.
 * `chain.anchored` names the heads of other chains, as `chain.opened` does. `chain.dropped`: events of reads were not
 * kept. `chain.checkpoint`: the beginnings of chains were pruned.
 */
export type ChainKind = "chain.opened" | "chain.anchored" | "chain.dropped" | "chain.checkpoint" | "chain.closed";

/** What the body of a first record says. */
export interface OpenedBody {
  /** Version of the form of records. */
  readonly format: 1;
  readonly algorithm: HashAlgorithm;
  /** Version of the package that writes. */
  readonly toolyard: string;
  readonly anchors: readonly ChainHead[];
}

export type HashAlgorithm = "sha256" | "hmac-sha256";

export interface AnchoredBody {
  readonly anchors: readonly ChainHead[];
}

export interface DroppedBody {
  /** How many events were dropped since the record before this one of the same kind. */
  readonly events: number;
}

export type CheckpointBody = Pruning;

export interface ClosedBody {
  /** How many records the chain has, this one included. */
  readonly records: number;
}

/** Heads in one record, at most; more go into `chain.anchored` records behind it. */
export const MAX_ANCHORS = 500;

/** Whether a record of this kind holds the chains together, and is no event of the trail. */
export function isChainKind(kind: string): boolean {
  return kind.startsWith("chain.");
}

/** The body of a first record. */
export function toOpenedBody(keyed: boolean, toolyard: string, anchors: readonly ChainHead[]): OpenedBody {
  return { format: 1, algorithm: keyed ? "hmac-sha256" : "sha256", toolyard, anchors: anchors.map(toHead) };
}

export function toAnchoredBody(anchors: readonly ChainHead[]): AnchoredBody {
  return { anchors: anchors.map(toHead) };
}

/** The bodies of the records that say what was pruned. */
export function toCheckpointBodies({ before, pruned }: Pruning): readonly CheckpointBody[] {
  const bodies: CheckpointBody[] = [];
  for (let from = 0; from === 0 || from < pruned.length; from += MAX_ANCHORS)
    bodies.push({ before, pruned: pruned.slice(from, from + MAX_ANCHORS).map(toHead) });
  return bodies;
}

function toHead({ writer, seq, hash }: ChainHead): ChainHead {
  return { writer, seq, hash };
}
