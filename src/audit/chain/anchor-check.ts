// What others say of a chain, held against its records: heads that other chains have anchored, heads that were written down
// outside, and checkpoints of what was pruned. Bounded by the number of chains: an anchor is looked up when it is met.
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { AuditReader, ChainHead } from "../../ports/audit-reader.ts";
import type { ChainProblem } from "./chain-problem.ts";
import type { ScannedChain } from "./chain-scan.ts";

/** A head, and who says so. */
export interface Anchor extends ChainHead {
  /** `record 5 of w_…`, `heads.jsonl:3`. */
  readonly by: string;
  /** When, epoch ms. */
  readonly at: number;
  /** Whether whoever can write to the database could not have made it up. */
  readonly trusted: boolean;
}

export interface AnchorCheck {
  /** Looks the anchored record up. */
  anchor(anchor: Anchor): MaybePromise<void>;
  /** Remembers the last record that was pruned of a chain, when everything from before `before` may have been. */
  checkpoint(pruned: Anchor, before: number): void;
  /** The last record that was pruned of each chain. */
  readonly checkpoints: ReadonlyMap<string, ChainHead>;
  /** Chains that anchors name and that have no such record any more. */
  readonly missing: ReadonlyMap<string, Anchor>;
  /** The last record of each chain that a trusted anchor names. */
  readonly vouched: ReadonlyMap<string, number>;
  /** Called once, when all chains are read: finds what no checkpoint explains. */
  end(chains: ReadonlyMap<string, ScannedChain>): Promise<void>;
}

/** Creates the check of what is said of the chains of `reader`. */
export function createAnchorCheck(reader: AuditReader, add: (problem: ChainProblem) => void): AnchorCheck {
  return new Check(reader, add);
}

class Check implements AnchorCheck {
  readonly checkpoints = new Map<string, Anchor>();
  readonly missing = new Map<string, Anchor>();
  readonly vouched = new Map<string, number>();
  readonly #reader: AuditReader;
  readonly #add: (problem: ChainProblem) => void;
  /** The last anchor of each chain that was found to hold: many say the same. */
  readonly #settled = new Map<string, ChainHead>();

  /** Everything from before it may have been pruned, epoch ms. */
  #horizon = Number.NEGATIVE_INFINITY;

  constructor(reader: AuditReader, add: (problem: ChainProblem) => void) {
    this.#reader = reader;
    this.#add = add;
  }

  async anchor(anchor: Anchor): Promise<void> {
    const { writer, seq, hash, trusted } = anchor;
    if (trusted) raise(this.vouched, writer, seq);
    if (isSame(this.#settled.get(writer), anchor)) return;
    const [record] = await this.#reader.chain(writer, seq - 1, 1);
    if (record === undefined || record.seq !== seq) {
      if (seq > toSeq(this.missing.get(writer))) this.missing.set(writer, anchor);
    } else if (record.hash === hash) {
      this.#settled.set(writer, anchor);
    } else {
      this.#find("replaced", anchor, `one with the hash ${record.hash}`);
    }
  }

  checkpoint(pruned: Anchor, before: number): void {
    this.#horizon = Math.max(this.#horizon, before);
    if (pruned.trusted) raise(this.vouched, pruned.writer, pruned.seq);
    if (pruned.seq > toSeq(this.checkpoints.get(pruned.writer))) this.checkpoints.set(pruned.writer, pruned);
  }

  async end(chains: ReadonlyMap<string, ScannedChain>): Promise<void> {
    for (const chain of chains.values()) await this.#checkBeginning(chain);
    for (const anchor of this.missing.values()) this.#checkMissing(anchor, chains.get(anchor.writer)?.head ?? null);
  }

  async #checkBeginning({ writer, before }: ScannedChain): Promise<void> {
    if (before === null) return;
    const checkpoint = this.checkpoints.get(writer);
    if (checkpoint === undefined || checkpoint.seq < before.seq) {
      const expected = `records 1 to ${before.seq}, or a checkpoint of their pruning`;
      this.#add({ kind: "missing", writer, seq: 1, expected, received: `record ${before.seq + 1} as the first` });
    } else if (checkpoint.seq > before.seq) {
      // A pruning was cut off: what it left hangs together up to the record that the checkpoint names.
      await this.anchor(checkpoint);
    } else if (checkpoint.hash !== before.hash) {
      const expected = `${checkpoint.hash} before it, as ${checkpoint.by} says`;
      this.#add({ kind: "unlinked", writer, seq: before.seq + 1, expected, received: before.hash });
    }
  }

  #checkMissing(anchor: Anchor, head: ChainHead | null): void {
    const checkpoint = this.checkpoints.get(anchor.writer);
    if (checkpoint !== undefined && checkpoint.seq >= anchor.seq) {
      if (checkpoint.seq === anchor.seq && checkpoint.hash !== anchor.hash)
        this.#find("replaced", anchor, `one with the hash ${checkpoint.hash}, which was pruned`);
      return;
    }
    // Of a chain that is gone whole, checkpoints are kept only as long as records name it. What was named before the time
    // up to which was pruned was older still, and had to go.
    if (head === null && anchor.at < this.#horizon) return;
    if (head === null) this.#find("truncated", anchor, "no record of this chain");
    else if (head.seq < anchor.seq) this.#find("truncated", anchor, `record ${head.seq} as the last one`);
    else this.#find("missing", anchor, "no record of this number");
  }

  #find(kind: ChainProblem["kind"], { writer, seq, hash, by }: Anchor, received: string): void {
    this.#add({ kind, writer, seq, expected: `record ${seq} with the hash ${hash}, named by ${by}`, received });
  }
}

function isSame(known: ChainHead | undefined, { seq, hash }: ChainHead): boolean {
  return known !== undefined && known.seq === seq && known.hash === hash;
}

function toSeq(head: ChainHead | undefined): number {
  return head === undefined ? 0 : head.seq;
}

function raise(numbers: Map<string, number>, writer: string, seq: number): void {
  if (seq > (numbers.get(writer) ?? 0)) numbers.set(writer, seq);
}
