// How much a tool, or the system behind it, is repeated at all, whatever the policy of each call allows: repeats must not
// turn an overload into a collapse. Two rules, and both must hold: tokens, as the AWS SDKs keep them (numbers of 2026),
// which bound repeats that fail over any time; and Envoy's retry budget, which bounds how many go on at the same time.
// INVARIANT: every `begin` has one `end`, every granted repeat one `endRepeat`. Nothing here is slower than a few additions.

const CAPACITY = 500;
const REPEAT_COST = 14;
const SUCCESS_GAIN = 1;
/** Repeats that may always go on at the same time. */
const FREE_REPEATS = 3;
/** One repeat for so many calls under way: 20 %. */
const CALLS_PER_REPEAT = 5;

/**
 * INVARIANT: over any stretch of time, 14 × (repeats granted - repeats that succeeded) ≤ 500 + first attempts that
 * succeeded: "grants no more repeats than the tokens pay for" in retry-budget.test.ts.
 */
export interface RetryBudget {
  /** 0 to 500. A repeat takes 14 and gives them back when it succeeds; a first attempt that succeeds gives 1. */
  readonly tokens: number;
  /** Calls between `begin` and `end`. */
  readonly active: number;
  /** Repeats granted and not ended, whether they wait for their time or run. */
  readonly repeating: number;
  /** A call begins its first attempt. */
  begin(): void;
  /** The call has its answer, and repeats no more. */
  end(): void;
  /** A first attempt succeeded. */
  succeed(): void;
  /** Takes what a repeat needs; false: do not repeat. */
  tryRepeat(): boolean;
  /** A granted repeat is over. True also for one that never ran: its tokens come back. */
  endRepeat(succeeded: boolean): void;
}

/** Creates a budget with all of its tokens. */
export function createRetryBudget(): RetryBudget {
  return new Budget();
}

/** A repeat from every budget, or from none of them. */
export function tryRepeatAll(budgets: readonly RetryBudget[]): boolean {
  for (let index = 0; index < budgets.length; index++) {
    if ((budgets[index] as RetryBudget).tryRepeat()) continue;
    // What was taken a moment ago fits in again to the last token.
    for (let taken = 0; taken < index; taken++) (budgets[taken] as RetryBudget).endRepeat(true);
    return false;
  }
  return true;
}

class Budget implements RetryBudget {
  tokens = CAPACITY;
  active = 0;
  repeating = 0;

  begin(): void {
    this.active++;
  }

  end(): void {
    this.active--;
  }

  succeed(): void {
    this.#give(SUCCESS_GAIN);
  }

  tryRepeat(): boolean {
    if (this.tokens < REPEAT_COST) return false;
    const repeating = this.repeating + 1;
    if (repeating > FREE_REPEATS && repeating * CALLS_PER_REPEAT > this.active) return false;
    this.tokens -= REPEAT_COST;
    this.repeating = repeating;
    return true;
  }

  endRepeat(succeeded: boolean): void {
    this.repeating--;
    if (succeeded) this.#give(REPEAT_COST);
  }

  #give(tokens: number): void {
    this.tokens = Math.min(CAPACITY, this.tokens + tokens);
  }
}
