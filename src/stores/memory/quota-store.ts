// Quotas in memory: at most `maxKeys` accounts, and no debt forgotten. An account that owes nothing equals one that does
// not exist and goes first; when all owe something, the debt of one that was not used lately is folded into a slot
// (`folded-debts.ts`) from which its key starts when it comes back.
// Everything here is synchronous: an `await` between looking and taking would let two calls take the same unit.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Random } from "../../kernel/random.ts";
import type { QuotaLevel } from "../../ports/quota-level-store.ts";
import type { QuotaReading, QuotaRequest, QuotaStore, QuotaTaken } from "../../ports/quota-store.ts";
import { toDebtLeft, toLevel } from "../../quota/level.ts";
import type { LevelSource } from "../../quota/level-keeper.ts";
import { toReading, toRetryAfterMs } from "../../quota/rule.ts";
import { toSteps } from "../../quota/steps.ts";
import { type Account, Accounts } from "./accounts.ts";

export interface MemoryQuotaStoreOptions {
  readonly clock: Clock;
  /** Accounts kept at the most, 1 or more; about 250 bytes each. @default 100,000 */
  readonly maxKeys?: number;
  /** Draws the words of the hash that spreads evicted debts; for tests. @default unpredictable */
  readonly random?: Random;
  /** Remembers which accounts have changed, for `takeLevels`. @default false */
  readonly track?: boolean;
}

/** A quota store that answers at once. */
export interface MemoryQuotaStore extends QuotaStore, LevelSource {
  take(requests: readonly QuotaRequest[]): QuotaTaken;
  read(requests: readonly QuotaRequest[]): readonly QuotaReading[];
  reset(keys: readonly string[]): void;
  /** Accounts kept now. */
  readonly size: number;
}

/** Creates an empty store. Throws INVALID_OPTION for a `maxKeys` that is no integer of 1 or more. */
export function createMemoryQuotaStore(options: MemoryQuotaStoreOptions): MemoryQuotaStore {
  const { clock, maxKeys = 100_000, random, track = false } = options;
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
    throw new ToolyardError("INVALID_OPTION", `maxKeys: received ${String(maxKeys)}, expected an integer of 1 or more`);
  }
  return new QuotasInMemory(clock, new Accounts(maxKeys, clock.now() - clock.monotonic(), random, track));
}

const TAKEN: QuotaTaken = Object.freeze({ ok: true });

class QuotasInMemory implements MemoryQuotaStore {
  readonly #clock: Clock;
  readonly #accounts: Accounts;
  /** The accounts of the call being served, in the order of its requests. */
  readonly #found: Account[] = [];

  constructor(clock: Clock, accounts: Accounts) {
    this.#clock = clock;
    this.#accounts = accounts;
  }

  get size(): number {
    return this.#accounts.size;
  }

  // INVARIANT: all or nothing, because the first pass only looks: "takes nothing when one of several refuses" in
  // testing/quota-store-suite.ts.
  take(requests: readonly QuotaRequest[]): QuotaTaken {
    const now = this.#clock.monotonic();
    let refusing = -1;
    let longest = 0;
    for (let index = 0; index < requests.length; index++) {
      const retryAfterMs = this.#look(requests, index, now);
      if (retryAfterMs <= longest) continue;
      refusing = index;
      longest = retryAfterMs;
    }
    if (refusing === -1) {
      this.#debit(requests, now);
      return TAKEN;
    }
    const account = this.#found[refusing] as Account;
    const { rule } = account.kind;
    return { ok: false, index: refusing, reading: toReading(rule, rule.debtAt(account, now), longest, now) };
  }

  read(requests: readonly QuotaRequest[]): readonly QuotaReading[] {
    const now = this.#clock.monotonic();
    return requests.map((request) => {
      const { rule, debt } = this.#accounts.inspect(request, now);
      return toReading(rule, debt, toRetryAfterMs(rule, debt, toSteps(request.cost), now), now);
    });
  }

  reset(keys: readonly string[]): void {
    const now = this.#clock.monotonic();
    for (const key of keys) this.#accounts.clear(key, now);
  }

  takeLevels(most: number): readonly QuotaLevel[] {
    const times = { now: this.#clock.monotonic(), wallNow: this.#clock.now() };
    return this.#accounts.takeChanged(most).map((account) => toLevel(account.key, account.kind.rule, account, times));
  }

  restoreLevels(levels: readonly QuotaLevel[]): void {
    const now = this.#clock.monotonic();
    const wallNow = this.#clock.now();
    for (const level of levels) {
      if (this.#accounts.has(level.key)) continue;
      const account = this.#accounts.create({ ...level, cost: 0 }, now);
      const { rule } = account.kind;
      rule.owe(account, toDebtLeft(level, rule, wallNow), now);
      if (account.used > 0) this.#accounts.keep(account, now);
    }
  }

  /** How long one request has to wait, on top of what those before it in the same call want of the same key. */
  #look(requests: readonly QuotaRequest[], index: number, now: number): number {
    const request = requests[index] as QuotaRequest;
    let account = this.#accounts.find(request, now);
    let wanted = 0;
    for (let earlier = 0; earlier < index; earlier++) {
      const other = this.#found[earlier] as Account;
      if (account === undefined ? other.kept || other.key !== request.key : other !== account) continue;
      account = other;
      wanted += toSteps((requests[earlier] as QuotaRequest).cost);
    }
    account ??= this.#accounts.create(request, now);
    this.#found[index] = account;
    const { rule } = account.kind;
    return toRetryAfterMs(rule, rule.debtAt(account, now) + wanted, toSteps(request.cost), now);
  }

  #debit(requests: readonly QuotaRequest[], now: number): void {
    let opened = false;
    for (let index = 0; index < requests.length; index++) {
      const { cost } = requests[index] as QuotaRequest;
      if (cost === 0) continue;
      const account = this.#found[index] as Account;
      account.kind.rule.charge(account, toSteps(cost), now);
      this.#accounts.touch(account);
      opened ||= !account.kept;
    }
    if (!opened) return;
    // Only now, when all is charged: keeping one account may evict another one of this call.
    for (let index = 0; index < requests.length; index++) {
      const account = this.#found[index] as Account;
      if (!account.kept && account.used > 0) this.#accounts.keep(account, now);
    }
  }
}
