// What an account owes as a level that outlives the process: in the time of the wall clock, because the other one begins anew.
// INVARIANT: who starts from a level is granted no more than who had gone on: "grants no more after a restart" in
// stores/memory/kept-levels.test.ts.
import type { QuotaLevel } from "../ports/quota-level-store.ts";
import type { Account, QuotaRule } from "./rule.ts";

export interface LevelTimes {
  /** Monotonic ms. */
  readonly now: number;
  /** The same moment, epoch ms. */
  readonly wallNow: number;
}

/** The level of an account now. */
export function toLevel(key: string, rule: QuotaRule, account: Account, { now, wallNow }: LevelTimes): QuotaLevel {
  const { algorithm, capacity, windowMs, burst } = rule;
  const debt = Math.ceil(rule.debtAt(account, now));
  const at = Math.floor(wallNow);
  const until = debt === 0 ? at : Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(wallNow + rule.wholeInMs(debt, now)));
  return { key, algorithm, capacity, windowMs, burst, debt, at, until };
}

/** Steps that are still owed of a level. Where the clock went back nothing has been paid. */
export function toDebtLeft({ algorithm, debt, at, windowMs }: QuotaLevel, rule: QuotaRule, wallNow: number): number {
  if (algorithm === "fixed-window") return Math.floor(at / windowMs) >= Math.floor(wallNow / windowMs) ? debt : 0;
  const elapsed = wallNow - at;
  return elapsed > 0 ? Math.max(0, debt - rule.debtPaidIn(elapsed)) : debt;
}
