// Verifies the chains of a trail, a page at a time: every record by itself and in its place, and what chains, checkpoints
// and heads that were kept outside say of one another. Reads only, also while others write.
// INVARIANT: no single change, deletion, insertion or exchange of records before the last anchor is missed, and of an
// untouched trail nothing is said: verify-chains.property.test.ts.
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { AuditReader, ChainHead, ChainRecord, ChainState } from "../../ports/audit-reader.ts";
import { type Anchor, type AnchorCheck, createAnchorCheck } from "./anchor-check.ts";
import { assertAuditKey } from "./audit-key.ts";
import { readHeads } from "./chain-head.ts";
import { type ChainProblem, createProblemList, type ProblemList } from "./chain-problem.ts";
import { type ChainScan, createChainScan, type ScannedChain } from "./chain-scan.ts";
import { createTextHash } from "./record-hash.ts";
import type { Hashes } from "./record-check.ts";

export interface VerifyOptions {
  /** The audit key of the chains that were written with one; chains without need a keyed one that vouches for them then. */
  readonly key?: Uint8Array;
  /** Heads that were kept outside of the store. */
  readonly anchors?: AsyncIterable<OutsideAnchor> | Iterable<OutsideAnchor>;
  /** Records read at once, 1 to 10,000. @default 500 */
  readonly pageSize?: number;
  /** Problems that are described, of all that are counted. @default 100 */
  readonly maxProblems?: number;
  /** Ends it between two pages; what was found is lost, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
  /** Called after each page; what it returns is awaited. */
  readonly onProgress?: (progress: VerifyProgress) => MaybePromise<void>;
}

/** A head that was kept outside, and where: `heads.jsonl:3`. */
export type OutsideAnchor = Omit<Anchor, "trusted">;

export interface VerifyProgress {
  readonly records: number;
  /** About how many there are. */
  readonly total: number;
}

export interface VerifyResult {
  readonly ok: boolean;
  readonly chains: readonly ScannedChain[];
  readonly records: number;
  /** The first ones. */
  readonly problems: readonly ChainProblem[];
  /** All of them. */
  readonly problemCount: number;
  /** The last record of each chain. */
  readonly heads: readonly ChainHead[];
  /** The last record that was pruned of each chain. */
  readonly pruned: readonly ChainHead[];
  /** Chains that are named by records and of which no record is left. */
  readonly gone: readonly string[];
}

/** Reads all chains of `reader` and resolves to what is wrong with them. */
export async function verifyChains(reader: AuditReader, options: VerifyOptions = {}): Promise<VerifyResult> {
  const list = createProblemList(options.maxProblems ?? 100);
  const verification = new Verification(reader, options, list);
  const chains = await verification.run();
  const { checks } = verification;
  return {
    ok: list.count === 0,
    chains,
    records: chains.reduce((sum, { records }) => sum + records, 0),
    problems: list.problems,
    problemCount: list.count,
    heads: chains.flatMap(({ head }) => (head === null ? [] : [head])),
    pruned: [...checks.checkpoints.values()].map(({ writer, seq, hash }) => ({ writer, seq, hash })),
    gone: [...checks.missing.keys()].filter((writer) => !chains.some((chain) => chain.writer === writer)),
  };
}

class Verification {
  readonly checks: AnchorCheck;
  readonly #reader: AuditReader;
  readonly #options: VerifyOptions;
  readonly #add: ProblemList["add"];
  readonly #hashes: Hashes;
  readonly #scans = new Map<string, ChainScan>();
  #records = 0;
  #total = 0;

  constructor(reader: AuditReader, options: VerifyOptions, list: ProblemList) {
    this.#reader = reader;
    this.#options = options;
    this.#add = (problem) => {
      list.add(problem);
    };
    const { key } = options;
    const keyed = key === undefined ? null : createTextHash(assertAuditKey(key));
    this.#hashes = { plain: createTextHash(null), keyed };
    this.checks = createAnchorCheck(reader, this.#add);
  }

  async run(): Promise<readonly ScannedChain[]> {
    const states = await this.#reader.chains();
    for (const { seq, first } of states) this.#total += Math.max(0, seq - first + 1);
    for (const state of states) await this.#readTo(state);
    // Others have written meanwhile, and may have pruned: then the checkpoint is among what is new.
    const later = await this.#reader.chains();
    for (const state of later) await this.#readTo(state);
    for (const scan of this.#scans.values()) scan.end();
    for await (const anchor of this.#options.anchors ?? []) {
      this.#options.signal?.throwIfAborted();
      await this.checks.anchor({ ...anchor, trusted: true });
    }
    const chains = new Map([...this.#scans].map(([writer, { chain }]) => [writer, chain]));
    for (const state of later) await this.#checkHead(state, chains.get(state.writer));
    await this.checks.end(chains);
    if (this.#hashes.keyed !== null) for (const chain of chains.values()) this.#checkKeyed(chain);
    return [...chains.values()];
  }

  /** Reads a chain on, up to the head that the list of chains gives. */
  async #readTo({ writer, seq }: ChainState): Promise<void> {
    const { pageSize = 500, signal, onProgress } = this.#options;
    const scan = this.#scans.get(writer) ?? this.#begin(writer);
    let last = scan.chain.head?.seq ?? 0;
    while (last < seq) {
      signal?.throwIfAborted();
      const page = await this.#reader.chain(writer, last, pageSize);
      await this.#takePage(page, last, writer);
      this.#records += page.length;
      await onProgress?.({ records: this.#records, total: Math.max(this.#total, this.#records) });
      const next = page.at(-1)?.seq ?? last;
      // A source that does not move on would be read for ever.
      if (!(next > last)) break;
      last = next;
    }
  }

  async #takePage(page: readonly ChainRecord[], last: number, writer: string): Promise<void> {
    const [first] = page;
    if (first === undefined) return;
    // Pruned while we read: what is left begins anew, and needs its checkpoint.
    const begins = last > 0 && first.seq > last + 1 && (await this.#isFirst(first));
    const scan = (begins ? undefined : this.#scans.get(writer)) ?? this.#begin(writer);
    const anchors: Anchor[] = [];
    for (const record of page) {
      scan.take(record, (body) => {
        this.#collect(body, record, scan.chain.mode === "keyed", anchors);
      });
    }
    for (const anchor of anchors) await this.checks.anchor(anchor);
  }

  #begin(writer: string): ChainScan {
    const scan = createChainScan(writer, this.#hashes, this.#add);
    this.#scans.set(writer, scan);
    return scan;
  }

  async #isFirst({ writer, seq }: ChainRecord): Promise<boolean> {
    const [first] = await this.#reader.chain(writer, 0, 1);
    return first?.seq === seq;
  }

  #collect(body: Readonly<Record<string, unknown>>, record: ChainRecord, trusted: boolean, anchors: Anchor[]): void {
    const { at, seq, writer } = record;
    const named = { by: `record ${seq} of ${writer}`, at, trusted };
    for (const head of readHeads(body["anchors"])) anchors.push({ ...head, ...named });
    if (record.kind !== "chain.checkpoint") return;
    const before = typeof body["before"] === "number" ? body["before"] : Number.NEGATIVE_INFINITY;
    for (const head of readHeads(body["pruned"])) this.checks.checkpoint({ ...head, ...named }, before);
  }

  /** The list of chains against their records. */
  async #checkHead(state: ChainState, chain: ScannedChain | undefined): Promise<void> {
    const { writer, seq, hash, listed } = state;
    const head = chain?.head ?? null;
    if (!listed) {
      this.#add({ kind: "head", writer, seq: null, expected: "a chain that is listed", received: "records only" });
      return;
    }
    const expected = `record ${seq} with the hash ${hash} as the last one, as the list of chains says`;
    if (head === null || head.seq < seq) {
      const isPruned = head === null && seq <= (this.checks.checkpoints.get(writer)?.seq ?? 0);
      if (!isPruned) this.#add({ kind: "truncated", writer, seq, expected, received: toEnd(head) });
    } else if (head.seq === seq && head.hash !== hash) {
      this.#add({ kind: "head", writer, seq, expected, received: `one with the hash ${head.hash}` });
    } else {
      await this.#checkBeyond(state, expected);
    }
  }

  /** What was put behind the head without the list of chains; while others write, both move together. */
  async #checkBeyond({ writer, seq }: ChainState, expected: string): Promise<void> {
    const [beyond] = await this.#reader.chain(writer, seq, 1);
    if (beyond === undefined) return;
    const now = (await this.#reader.chains()).find((chain) => chain.writer === writer);
    if (now !== undefined && now.seq >= beyond.seq) return;
    this.#add({ kind: "head", writer, seq: beyond.seq, expected, received: `record ${beyond.seq} behind it` });
  }

  /** With a key, what anybody could have written is believed as far as a keyed chain or a head kept outside vouches for it. */
  #checkKeyed({ writer, mode, head }: ScannedChain): void {
    if (mode !== "plain" || head === null) return;
    const vouched = this.checks.vouched.get(writer) ?? 0;
    if (vouched >= head.seq) return;
    const expected = "hashes under the audit key, or a keyed chain that names the last record";
    const received = vouched === 0 ? "plain hashes" : `plain hashes, named up to record ${vouched}`;
    this.#add({ kind: "unkeyed", writer, seq: vouched + 1, expected, received });
  }
}

function toEnd(head: ChainHead | null): string {
  return head === null ? "no record" : `record ${head.seq} as the last one`;
}
