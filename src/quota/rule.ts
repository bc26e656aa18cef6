// How the debt of one quota grows and shrinks. Pure arithmetic on an account of two numbers; the accounts themselves
// live in a store. Debts are in steps (`steps.ts`), times are monotonic milliseconds, so wall clock steps change nothing.
import type { QuotaReading, QuotaRequest } from "../ports/quota-store.ts";
import { toUnits } from "./steps.ts";

/** What a store keeps for one key. What the numbers mean is the rule's business. */
export interface Account {
  at: number;
  used: number;
}

export interface QuotaRule {
  readonly algorithm: QuotaRequest["algorithm"];
  readonly capacity: number;
  readonly windowMs: number;
  readonly burst: number;
  /** The debt above which nothing is granted. */
  readonly burstSteps: number;
  /** What is owed now: 0 or more, with fraction. 0 equals an account that does not exist. */
  debtAt(account: Account, now: number): number;
  /** Adds `steps`. */
  charge(account: Account, steps: number, now: number): void;
  /** Makes the debt `debt`, rounded up: to open an account, to make one whole, to carry a debt over from another rule. */
  owe(account: Account, debt: number, now: number): void;
  /** Milliseconds until `debt` is paid off, with fraction. */
  wholeInMs(debt: number, now: number): number;
  /** Milliseconds until the debt has shrunk by `excess`, with fraction. */
  shrinksInMs(excess: number, now: number): number;
  /** The largest debt that is paid off in `ms` (over 0). */
  debtPaidIn(ms: number): number;
}

/** Whether `rule` is what `request` asks for. */
export function fitsRule(rule: QuotaRule, request: QuotaRequest): boolean {
  return (
    rule.capacity === request.capacity &&
    rule.windowMs === request.windowMs &&
    rule.burst === request.burst &&
    rule.algorithm === request.algorithm
  );
}

/** Whole milliseconds until `steps` fit on top of `debt`; Infinity when they never do. Nothing always fits. */
export function toRetryAfterMs(rule: QuotaRule, debt: number, steps: number, now: number): number {
  const excess = debt + steps - rule.burstSteps;
  if (steps === 0 || excess <= 0) return 0;
  return steps > rule.burstSteps ? Number.POSITIVE_INFINITY : Math.ceil(rule.shrinksInMs(excess, now));
}

/** What a caller is told of an account that owes `debt`. */
export function toReading(rule: QuotaRule, debt: number, retryAfterMs: number, now: number): QuotaReading {
  return {
    remaining: Math.max(0, toUnits(rule.burstSteps - debt)),
    resetsInMs: Math.ceil(rule.wholeInMs(debt, now)),
    retryAfterMs,
  };
}
