// Idempotency records in memory. Nothing that has not expired is ever dropped to make room: a forgotten record could let
// an effect happen twice. A store that is full refuses to remember more calls instead, and so do the parts of it that
// one principal can have, so that nobody can fill it for all.
// Everything here is synchronous: an `await` between looking and claiming would let two calls have the same key.
import type { Clock } from "../../kernel/clock.ts";
import { invariant } from "../../kernel/invariant.ts";
import type {
  ClaimAnswer,
  IdempotencyClaim,
  IdempotencyRecord,
  IdempotencyStore,
} from "../../ports/idempotency-store.ts";
import { assertBound } from "./bound-option.ts";
import type { Expiry } from "./expiry-queue.ts";
import { Room } from "./room.ts";
import { Shares } from "./shares.ts";
import { Watchers } from "./watchers.ts";

// How many expired records one operation clears away without needing their room: bounds its pause.
const MAX_CLEARED = 32;
const UNIT_BYTES = 2;

export interface MemoryIdempotencyStoreOptions {
  readonly clock: Clock;
  /** Records kept at the most, 1 or more; about 500 bytes each beside their outcomes. @default 100,000 */
  readonly maxRecords?: number;
  /** Records kept for one principal of one tenant at the most, 1 or more. @default 10,000 */
  readonly maxPerPrincipal?: number;
  /**
   * Bytes of outcomes from which no more calls are remembered, 1 or more; 2 for each UTF-16 unit. The outcomes of calls
   * that were claimed before are kept whatever their size. @default 67,108,864 (64 MiB)
   */
  readonly maxBytes?: number;
  /** The same for one principal of one tenant. @default a quarter of `maxBytes` */
  readonly maxBytesPerPrincipal?: number;
}

/** An idempotency store that answers at once. */
export interface MemoryIdempotencyStore extends IdempotencyStore {
  read(key: string): IdempotencyRecord | null;
  /** When there is no room and nothing goes by itself, `retryAfterMs` is Infinity. */
  claim(claim: IdempotencyClaim): ClaimAnswer;
  store(key: string, owner: string, outcome: string, keepMs: number | null): boolean;
  release(key: string, owner: string): boolean;
  /**
   * Calls `onChange`, which must not throw, whenever the record is stored or released. Time alone calls nobody: a lease
   * that passes is seen by who reads.
   */
  watch(key: string, onChange: () => void): () => void;
  /** Records kept now; some may be expired and wait to be cleared away. */
  readonly size: number;
  /** Bytes of their outcomes. */
  readonly bytes: number;
}

/** Creates a store in which every key is absent. Throws INVALID_OPTION for a bound that is no integer of 1 or more. */
export function createMemoryIdempotencyStore(options: MemoryIdempotencyStoreOptions): MemoryIdempotencyStore {
  const { clock, maxRecords = 100_000, maxPerPrincipal = 10_000, maxBytes = 67_108_864 } = options;
  const { maxBytesPerPrincipal = Math.ceil(maxBytes / 4) } = options;
  const bounds: Bounds = { maxRecords, maxPerPrincipal, maxBytes, maxBytesPerPrincipal };
  for (const [name, value] of Object.entries(bounds)) assertBound(name, value);
  return new RecordsInMemory(clock, bounds);
}

interface Bounds {
  readonly maxRecords: number;
  readonly maxPerPrincipal: number;
  readonly maxBytes: number;
  readonly maxBytesPerPrincipal: number;
}

interface Kept {
  readonly claim: IdempotencyClaim;
  /** Monotonic ms. */
  readonly leaseEndsAt: number;
  /** The principal's part of the store. */
  readonly share: Room;
  /** null until it is stored. */
  outcome: string | null;
  /** When it goes, in the whole store and in the share; null: not by itself. */
  expiry: Expiry | null;
  shareExpiry: Expiry | null;
}

const CLAIMED: ClaimAnswer = Object.freeze({ ok: true });

class RecordsInMemory implements MemoryIdempotencyStore {
  readonly #clock: Clock;
  readonly #records = new Map<string, Kept>();
  readonly #all: Room;
  readonly #shares: Shares;
  readonly #watchers = new Watchers();

  constructor(clock: Clock, bounds: Bounds) {
    this.#clock = clock;
    this.#shares = new Shares(bounds.maxPerPrincipal, bounds.maxBytesPerPrincipal);
    this.#all = new Room(bounds.maxRecords, bounds.maxBytes);
  }

  get size(): number {
    return this.#all.records;
  }

  get bytes(): number {
    return this.#all.bytes;
  }

  read(key: string): IdempotencyRecord | null {
    const now = this.#clock.monotonic();
    const kept = this.#find(key, now);
    return kept === undefined ? null : toRecord(kept, now);
  }

  claim(claim: IdempotencyClaim): ClaimAnswer {
    invariant(claim.leaseMs >= 0, `a lease lasts 0 ms or more, not ${claim.leaseMs}`);
    const now = this.#clock.monotonic();
    const known = this.#find(claim.key, now);
    if (known !== undefined) return { ok: false, record: toRecord(known, now) };
    const full = this.#findFull(claim.key, now);
    if (full !== null) return { ok: false, record: null, retryAfterMs: full.toRetryAfterMs(now) };
    this.#add(claim, now);
    return CLAIMED;
  }

  store(key: string, owner: string, outcome: string, keepMs: number | null): boolean {
    invariant(keepMs === null || keepMs >= 0, `an outcome is kept for 0 ms or more, not ${keepMs}`);
    const now = this.#clock.monotonic();
    const kept = this.#find(key, now);
    if (kept?.claim.owner !== owner) return false;
    this.#setOutcome(kept, outcome);
    this.#setExpiry(kept, keepMs === null ? null : now + keepMs);
    this.#watchers.wake(key);
    return true;
  }

  release(key: string, owner: string): boolean {
    const kept = this.#find(key, this.#clock.monotonic());
    if (kept?.claim.owner !== owner) return false;
    this.#drop(kept);
    this.#watchers.wake(key);
    return true;
  }

  watch(key: string, onChange: () => void): () => void {
    return this.#watchers.watch(key, onChange);
  }

  /** The record of `key`, unless its time has passed. */
  #find(key: string, now: number): Kept | undefined {
    for (let cleared = 0; cleared < MAX_CLEARED; cleared++) if (!this.#dropExpired(this.#all, now)) break;
    const kept = this.#records.get(key);
    if (kept === undefined || kept.expiry === null || kept.expiry.at > now) return kept;
    this.#drop(kept);
    return undefined;
  }

  /** What keeps `key` from having a record. */
  #findFull(key: string, now: number): Room | null {
    // The principal's part first: what it waits for makes room in the whole store as well.
    for (const room of [this.#shares.find(key), this.#all]) {
      while (room?.isFull === true) if (!this.#dropExpired(room, now)) return room;
    }
    return null;
  }

  #add(claim: IdempotencyClaim, now: number): void {
    const share = this.#shares.add(claim.key);
    const leaseEndsAt = now + claim.leaseMs;
    this.#records.set(claim.key, {
      claim: { ...claim },
      leaseEndsAt,
      share,
      outcome: null,
      expiry: null,
      shareExpiry: null,
    });
    this.#all.records++;
  }

  #setOutcome(kept: Kept, outcome: string | null): void {
    const added = UNIT_BYTES * ((outcome?.length ?? 0) - (kept.outcome?.length ?? 0));
    kept.outcome = outcome;
    this.#all.bytes += added;
    kept.share.bytes += added;
  }

  #setExpiry(kept: Kept, at: number | null): void {
    if (kept.expiry !== null) this.#all.removeExpiry(kept.expiry);
    if (kept.shareExpiry !== null) kept.share.removeExpiry(kept.shareExpiry);
    kept.expiry = at === null ? null : this.#all.addExpiry(kept.claim.key, at);
    kept.shareExpiry = at === null ? null : kept.share.addExpiry(kept.claim.key, at);
  }

  // INVARIANT: the only way out besides `release`: "forgets nothing that has not expired" in idempotency-store.test.ts.
  #dropExpired(room: Room, now: number): boolean {
    const key = room.findExpired(now);
    if (key === undefined) return false;
    this.#drop(this.#records.get(key) as Kept);
    return true;
  }

  #drop(kept: Kept): void {
    const { key } = kept.claim;
    this.#setOutcome(kept, null);
    this.#setExpiry(kept, null);
    this.#records.delete(key);
    this.#all.records--;
    this.#shares.remove(key);
  }
}

function toRecord({ claim, leaseEndsAt, outcome }: Kept, now: number): IdempotencyRecord {
  const { owner, version, argumentsDigest } = claim;
  if (outcome !== null) return { state: "stored", outcome, owner, version, argumentsDigest };
  return { state: now < leaseEndsAt ? "running" : "abandoned", owner, version, argumentsDigest };
}
