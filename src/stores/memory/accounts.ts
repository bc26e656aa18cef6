// The accounts that are kept, at most `maxKeys` of them, and the way out for those that have to go. The search for one
// to evict is a clock hand: it goes round, takes the first that owes nothing or was not used since it last came by, and
// so costs a step or two per new key however many there are.
import type { Random } from "../../kernel/random.ts";
import type { QuotaRequest } from "../../ports/quota-store.ts";
import { type Account as Amounts, fitsRule, type QuotaRule } from "../../quota/rule.ts";
import { createTokenBucket } from "../../quota/token-bucket.ts";
import { FoldedDebts } from "./folded-debts.ts";
import { createLimitKinds, type LimitKind } from "./limit-kinds.ts";
import { createSeededHash, type Hash } from "./seeded-hash.ts";

// How many accounts in use are passed over for one new key: bounds the pause of a call.
const MAX_SPARED = 32;
const MIN_SLOT_BITS = 4;
const MAX_SLOT_BITS = 14;

// Of an account that owes nothing yet: its first use puts the right one in its place.
const NEUTRAL: LimitKind = {
  rule: createTokenBucket({ capacity: 1, windowMs: 1, burst: 1 }),
  folded: new FoldedDebts(1),
};

export class Account implements Amounts {
  at = 0;
  used = 0;
  readonly key: string;
  kind: LimitKind;
  /** Used since the hand last came by. */
  seen = true;
  /** Whether it was put among the kept ones. */
  kept = false;

  constructor(key: string, kind: LimitKind) {
    this.key = key;
    this.kind = kind;
  }
}

export class Accounts {
  readonly #maxKeys: number;
  readonly #kept = new Map<string, Account>();
  readonly #toKind: (request: QuotaRequest) => LimitKind;
  readonly #hash: Hash;
  // A live iterator: a new one per search would skip the holes of all that were deleted before, each time.
  #hand: Iterator<Account> = this.#kept.values();
  /** Whether any debt was folded: from then on an absent account may owe something. */
  #folding = false;
  /** Those that were touched since they were last taken, by key; null: nobody asks. */
  readonly #changed: Map<string, Account> | null;

  constructor(maxKeys: number, wallOffset: number, random: Random | undefined, track: boolean) {
    this.#changed = track ? new Map() : null;
    const bits = Math.min(MAX_SLOT_BITS, Math.max(MIN_SLOT_BITS, Math.ceil(Math.log2(maxKeys / 8))));
    this.#maxKeys = maxKeys;
    this.#toKind = createLimitKinds(2 ** bits, wallOffset);
    this.#hash = createSeededHash(bits, random);
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The kept account of the request's key, under the request's rule: what it owes carries over from another one. */
  find(request: QuotaRequest, now: number): Account | undefined {
    const account = this.#kept.get(request.key);
    if (account === undefined) return undefined;
    account.seen = true;
    if (!fitsRule(account.kind.rule, request)) {
      const debt = account.kind.rule.debtAt(account, now);
      account.kind = this.#toKind(request);
      account.kind.rule.owe(account, debt, now);
    }
    return account;
  }

  /** An account for a key that has none: not kept yet, and owing what was folded into its slot. */
  create(request: QuotaRequest, now: number): Account {
    const account = new Account(request.key, this.#toKind(request));
    const { rule, folded } = account.kind;
    rule.owe(account, this.#folding ? folded.debtOf(this.#hash(request.key), rule, now) : 0, now);
    return account;
  }

  /** What `request` would find: its rule and the debt, in steps. Changes nothing. */
  inspect(request: QuotaRequest, now: number): { readonly rule: QuotaRule; readonly debt: number } {
    const account = this.#kept.get(request.key) ?? this.create(request, now);
    const debt = account.kind.rule.debtAt(account, now);
    return { rule: fitsRule(account.kind.rule, request) ? account.kind.rule : this.#toKind(request).rule, debt };
  }

  /** Keeps `account`; another one may have to go. */
  keep(account: Account, now: number): void {
    this.#makeRoom(now);
    account.kept = true;
    this.#kept.set(account.key, account);
  }

  /** Makes what is owed for `key` nothing. */
  clear(key: string, now: number): void {
    const account = this.#kept.get(key);
    if (account !== undefined) {
      account.kind.rule.owe(account, 0, now);
      this.touch(account);
    }
    // What was folded stays in its slot, where it is not only this key's; an account that is kept does not start from it.
    else if (this.#folding) this.keep(new Account(key, NEUTRAL), now);
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  /** What it owes has changed. Of more than can be kept at a time, some are not remembered. */
  touch(account: Account): void {
    if (this.#changed !== null && this.#changed.size < this.#maxKeys) this.#changed.set(account.key, account);
  }

  /** Takes the accounts that were touched, at most `most`. */
  takeChanged(most: number): readonly Account[] {
    const taken: Account[] = [];
    for (const [key, account] of this.#changed ?? []) {
      if (taken.length === most) break;
      taken.push(account);
      this.#changed?.delete(key);
    }
    return taken;
  }

  // INVARIANT: a debt leaves the kept accounts only into a slot: "forgets no debt when keys come and go, and
  // keeps no more than it may" in over-grant.test.ts.
  #makeRoom(now: number): void {
    let spared = 0;
    while (this.#kept.size >= this.#maxKeys) {
      const { value: account, done } = this.#hand.next();
      if (done === true) {
        this.#hand = this.#kept.values();
        continue;
      }
      const debt = account.kind.rule.debtAt(account, now);
      if (account.seen && spared < MAX_SPARED && (debt > 0 || this.#folding)) {
        account.seen = false;
        spared++;
        continue;
      }
      if (debt > 0) this.#fold(account, debt, now);
      this.#kept.delete(account.key);
    }
  }

  #fold(account: Account, debt: number, now: number): void {
    const { rule, folded } = account.kind;
    folded.fold(this.#hash(account.key), rule, debt, now);
    this.#folding = true;
  }
}
