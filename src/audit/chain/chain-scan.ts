// One chain, read from its first record to its last: a state machine that is handed records and finds what is wrong with
// each by itself and with its place. What other chains say of this one is the business of `anchor-check.ts`.
import { isObject } from "../../kernel/json.ts";
import type { ChainHead, ChainRecord, RecordIndex } from "../../ports/audit-reader.ts";
import { isChainKind } from "./bookkeeping.ts";
import { toRecordIndex } from "./chain.ts";
import type { ChainProblem } from "./chain-problem.ts";
import { createRecordCheck, type HashMode, type Hashes } from "./record-check.ts";

/** What is known of a chain that was read. */
export interface ScannedChain {
  readonly writer: string;
  /** Number of the first record that was read; 0 when there was none. */
  readonly first: number;
  /** The last record that was read; null when there was none. */
  readonly head: ChainHead | null;
  readonly records: number;
  /** How it is hashed; null when no record had a hash that could be computed. */
  readonly mode: HashMode | null;
  /** Whether its writer ended it in order. */
  readonly closed: boolean;
  /** Times of the first and the last record, epoch ms; null when there was none. */
  readonly from: number | null;
  readonly until: number | null;
  /** What was before the first record, where that is not the first of the chain. */
  readonly before: { readonly seq: number; readonly hash: string } | null;
}

/** The body of a record that is intact and holds chains together. */
export type OnBookkeeping = (body: Readonly<Record<string, unknown>>) => void;

export interface ChainScan {
  readonly chain: ScannedChain;
  take(record: ChainRecord, onBookkeeping: OnBookkeeping): void;
  /** Called once, when there is nothing more. */
  end(): void;
}

/** Creates the scan of one chain. */
export function createChainScan(writer: string, hashes: Hashes, add: (problem: ChainProblem) => void): ChainScan {
  return new Scan(writer, hashes, add);
}

const MAX_PENDING = 100;

class Scan implements ChainScan {
  readonly #writer: string;
  readonly #hashes: Hashes;
  readonly #add: (problem: ChainProblem) => void;
  readonly #check: ReturnType<typeof createRecordCheck>;
  #first: ChainRecord | null = null;
  #last: ChainRecord | null = null;
  #records = 0;
  #closed = false;
  /** Numbers of records that had neither hash, while none had one. */
  #pending: number[] = [];
  #mismatches = 0;

  constructor(writer: string, hashes: Hashes, add: (problem: ChainProblem) => void) {
    this.#writer = writer;
    this.#hashes = hashes;
    this.#add = add;
    this.#check = createRecordCheck(hashes);
  }

  get chain(): ScannedChain {
    const first = this.#first;
    const last = this.#last;
    return {
      writer: this.#writer,
      first: first?.seq ?? 0,
      head: last === null ? null : { writer: this.#writer, seq: last.seq, hash: last.hash },
      records: this.#records,
      mode: this.#check.mode,
      closed: this.#closed,
      from: first?.at ?? null,
      until: last?.at ?? null,
      before: first === null || first.seq === 1 ? null : { seq: first.seq - 1, hash: first.prev },
    };
  }

  take(record: ChainRecord, onBookkeeping: OnBookkeeping): void {
    if (record.writer !== this.#writer) {
      this.#find("foreign", record.seq, `a record of ${this.#writer}`, `one of ${record.writer}`);
      return;
    }
    this.#records++;
    const intact = this.#isIntact(record);
    const body = toBody(record);
    if (body === null) this.#find("unreadable", record.seq, "a body that is a JSON object", "something else");
    else this.#compareIndex(record, toRecordIndex(body));
    if (!this.#isInPlace(record)) return;
    this.#first ??= record;
    this.#last = record;
    if (this.#closed) this.#find("reopened", record.seq, "nothing behind chain.closed", record.kind);
    if (!intact || body === null || !isChainKind(record.kind)) return;
    if (record.kind === "chain.closed") this.#closed = true;
    onBookkeeping(body);
  }

  end(): void {
    if (this.#mismatches === 0 || this.#check.mode !== null) return;
    const tried = this.#hashes.keyed === null ? "SHA-256 (no key was given)" : "SHA-256 or of the key that was given";
    this.#find("key", null, `hashes of ${tried}`, `others in all of ${this.#mismatches} records`);
  }

  #isIntact(record: ChainRecord): boolean {
    if (this.#check.isIntact(record)) {
      // Now it is known that the key is the right one, so what came before was changed.
      for (const seq of this.#pending) this.#changed(seq);
      this.#pending = [];
      return true;
    }
    this.#mismatches++;
    if (this.#check.mode !== null) this.#changed(record.seq);
    else if (this.#pending.length < MAX_PENDING) this.#pending.push(record.seq);
    return false;
  }

  /** Whether the record stands where it may: the next of the chain, or its first. */
  #isInPlace(record: ChainRecord): boolean {
    const last = this.#last;
    if (last === null) {
      if (record.seq === 1) this.#checkOpening(record);
      return true;
    }
    const expected = last.seq + 1;
    if (!(record.seq >= expected)) {
      this.#find("repeated", record.seq, `record ${expected}`, `record ${record.seq} behind record ${last.seq}`);
      return false;
    }
    if (record.seq > expected) {
      this.#find("missing", expected, `record ${expected}`, `record ${record.seq} behind record ${last.seq}`);
    } else if (record.prev !== last.hash) {
      this.#find("unlinked", record.seq, `${toShort(last.hash)} before it`, toShort(record.prev));
    }
    return true;
  }

  #checkOpening(record: ChainRecord): void {
    if (record.prev !== "") this.#find("unlinked", 1, "nothing before the first record", toShort(record.prev));
    if (record.kind !== "chain.opened") this.#find("unopened", 1, "chain.opened", toShort(record.kind));
  }

  #compareIndex({ seq, index }: ChainRecord, expected: RecordIndex): void {
    for (const name of INDEXED) {
      if (index[name] === expected[name]) continue;
      this.#find("index", seq, `${name} ${toShown(expected[name])}, as the body says`, toShown(index[name]));
    }
  }

  #changed(seq: number): void {
    this.#find("changed", seq, "the hash of what the record says", "another");
  }

  #find(kind: ChainProblem["kind"], seq: number | null, expected: string, received: string): void {
    this.#add({ kind, writer: this.#writer, seq, expected, received });
  }
}

const INDEXED: readonly (keyof RecordIndex)[] = ["tenant", "principal", "tool", "code", "callId"];

/** The body of a record, when it is an object of JSON. */
export function toBody({ bodyText }: Pick<ChainRecord, "bodyText">): Readonly<Record<string, unknown>> | null {
  try {
    const body: unknown = JSON.parse(bodyText);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}

function toShown(value: unknown): string {
  return toShort(JSON.stringify(value) ?? "nothing");
}

/** What was found may be anybody's, and of any length. */
function toShort(text: unknown): string {
  const shown = String(text);
  return shown === "" ? "nothing" : shown.length <= 80 ? shown : `${shown.slice(0, 79)}…`;
}
