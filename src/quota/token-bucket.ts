// The token bucket, kept as what was charged since the bucket was last full (`used`, whole steps) and when that was
// (`at`). Nothing that is rounded is ever written back, so that errors cannot add up: the usual single number, the time
// at which the bucket is full again, gains or loses a rounding with every call, and ten years into a process a rounding
// is 0.00006 ms, more than a unit of a fast limit.
import type { QuotaRequest } from "../ports/quota-store.ts";
import type { Account, QuotaRule } from "./rule.ts";
import { toSteps } from "./steps.ts";

const TICKS_PER_MS = 1_024;

/** `ms` rounded up to a 1,024th: adding whole windows to such a time is exact for 278 years. */
export function toTick(ms: number): number {
  return Math.ceil(ms * TICKS_PER_MS) / TICKS_PER_MS;
}

/**
 * The rule of a bucket that holds `burst` and refills at `capacity / windowMs`.
 * INVARIANT: in any time t it grants at most `burst + capacity / windowMs * t`, and a step for rounding:
 * "never grants more than burst and refill in any window" in stores/memory/over-grant.test.ts.
 */
export function createTokenBucket(request: Pick<QuotaRequest, "capacity" | "windowMs" | "burst">): QuotaRule {
  return new TokenBucket(request);
}

class TokenBucket implements QuotaRule {
  readonly algorithm = "token-bucket";
  readonly capacity: number;
  readonly windowMs: number;
  readonly burst: number;
  readonly burstSteps: number;
  readonly #capacitySteps: number;

  constructor({ capacity, windowMs, burst }: Pick<QuotaRequest, "capacity" | "windowMs" | "burst">) {
    this.capacity = capacity;
    this.windowMs = windowMs;
    this.burst = burst;
    this.burstSteps = toSteps(burst);
    this.#capacitySteps = toSteps(capacity);
  }

  debtAt(account: Account, now: number): number {
    const elapsed = now - account.at;
    if (elapsed <= 0) return account.used;
    const debt = account.used - (elapsed * this.#capacitySteps) / this.windowMs;
    return debt > 0 ? debt : 0;
  }

  charge(account: Account, steps: number, now: number): void {
    if (this.debtAt(account, now) === 0) {
      this.owe(account, steps, now);
      return;
    }
    const windows = Math.floor((now - account.at) / this.windowMs);
    if (windows > 0) {
      // Whole windows pay whole capacities: exact, and `used` stays small however long the bucket is never full.
      account.at += windows * this.windowMs;
      account.used -= windows * this.#capacitySteps;
    }
    account.used += steps;
  }

  owe(account: Account, debt: number, now: number): void {
    account.at = toTick(now);
    account.used = Math.ceil(debt);
  }

  wholeInMs(debt: number): number {
    return (debt * this.windowMs) / this.#capacitySteps;
  }

  shrinksInMs(excess: number): number {
    return this.wholeInMs(excess);
  }

  debtPaidIn(ms: number): number {
    return (ms * this.#capacitySteps) / this.windowMs;
  }
}
