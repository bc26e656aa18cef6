// The fixed window: everything comes back at once when the window ends. Windows are those of the wall clock (a day
// starts at 00:00 UTC), as the wall clock stood when the store was made: a step of it afterwards moves no window.
import type { QuotaRequest } from "../ports/quota-store.ts";
import type { Account, QuotaRule } from "./rule.ts";
import { toSteps } from "./steps.ts";

/**
 * The rule of a window of `capacity`. An account's `at` is the number of its window.
 * INVARIANT: grants at most `capacity` in each window: "never grants more than the capacity in one window" in
 * stores/memory/over-grant.test.ts.
 * @param wallOffset wall clock minus monotonic clock, ms
 */
export function createFixedWindow(
  request: Pick<QuotaRequest, "capacity" | "windowMs" | "burst">,
  wallOffset: number,
): QuotaRule {
  return new FixedWindow(request, wallOffset);
}

class FixedWindow implements QuotaRule {
  readonly algorithm = "fixed-window";
  readonly capacity: number;
  readonly windowMs: number;
  readonly burst: number;
  readonly burstSteps: number;
  readonly #wallOffset: number;

  constructor(
    { capacity, windowMs, burst }: Pick<QuotaRequest, "capacity" | "windowMs" | "burst">,
    wallOffset: number,
  ) {
    this.capacity = capacity;
    this.windowMs = windowMs;
    this.burst = burst;
    this.burstSteps = toSteps(capacity);
    this.#wallOffset = wallOffset;
  }

  debtAt(account: Account, now: number): number {
    return account.at === this.#windowAt(now) ? account.used : 0;
  }

  charge(account: Account, steps: number, now: number): void {
    this.owe(account, this.debtAt(account, now) + steps, now);
  }

  owe(account: Account, debt: number, now: number): void {
    account.at = this.#windowAt(now);
    account.used = Math.ceil(debt);
  }

  wholeInMs(_debt: number, now: number): number {
    return (this.#windowAt(now) + 1) * this.windowMs - (now + this.#wallOffset);
  }

  shrinksInMs(_excess: number, now: number): number {
    return this.wholeInMs(_excess, now);
  }

  debtPaidIn(_ms: number): number {
    return Number.POSITIVE_INFINITY;
  }

  #windowAt(now: number): number {
    return Math.floor((now + this.#wallOffset) / this.windowMs);
  }
}
