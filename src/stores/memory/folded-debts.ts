// What is left of accounts that had to go while they owed something: a fixed number of slots, each with the largest debt
// of all that was folded into it. Who comes back finds at least what he owed. Who only shares the slot may find a debt
// that is not his, and gets less for as long as that debt would have taken: never more.
import type { QuotaRule } from "../../quota/rule.ts";
import { toTick } from "../../quota/token-bucket.ts";

interface Slots {
  /** When the slot owes nothing any more, monotonic ms. */
  readonly wholeAt: Float64Array;
  /** Steps. */
  readonly debt: Float64Array;
}

export class FoldedDebts {
  readonly #count: number;
  #slots: Slots | null = null;

  constructor(count: number) {
    this.#count = count;
  }

  /** Keeps `debt` (steps, over 0) of an account under `rule`. */
  fold(slot: number, rule: QuotaRule, debt: number, now: number): void {
    this.#slots ??= { wholeAt: new Float64Array(this.#count), debt: new Float64Array(this.#count) };
    const { wholeAt, debt: debts } = this.#slots;
    const until = wholeAt[slot] as number;
    const before = until > now ? (debts[slot] as number) : 0;
    wholeAt[slot] = Math.max(until, toTick(now + rule.wholeInMs(debt, now)));
    debts[slot] = Math.max(before, Math.ceil(debt));
  }

  /** The debt, in steps, from which an account under `rule` starts that belongs to the slot. */
  debtOf(slot: number, rule: QuotaRule, now: number): number {
    if (this.#slots === null) return 0;
    const leftMs = (this.#slots.wholeAt[slot] as number) - now;
    if (leftMs <= 0) return 0;
    // Two bounds, and the truth is below both: what was owed, and what can be paid off in the time that is left.
    return Math.min(this.#slots.debt[slot] as number, Math.ceil(rule.debtPaidIn(leftMs)));
  }
}
