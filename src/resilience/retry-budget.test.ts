import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRetryBudget, tryRepeatAll, type RetryBudget } from "./retry-budget.ts";

/** A budget with so many calls under way. */
function withActive(calls: number): RetryBudget {
  const budget = createRetryBudget();
  for (let call = 0; call < calls; call++) budget.begin();
  return budget;
}

/** How many repeats are granted before the first refusal; those before it go on. */
function repeatAsOftenAsPossible(budget: RetryBudget): number {
  let granted = 0;
  while (budget.tryRepeat()) granted++;
  return granted;
}

describe("createRetryBudget", () => {
  it("pays for 35 repeats that fail, one after the other, and for none after that", () => {
    const budget = createRetryBudget();
    for (let repeat = 0; repeat < 35; repeat++) {
      expect(budget.tryRepeat()).toBe(true);
      budget.endRepeat(false);
    }
    expect(budget.tokens).toBe(10);
    expect(budget.tryRepeat()).toBe(false);
    expect([budget.tokens, budget.repeating]).toEqual([10, 0]);
  });

  it("grants again after four first attempts that succeed", () => {
    const budget = withActive(1_000);
    repeatAsOftenAsPossible(budget);
    for (let success = 0; success < 3; success++) budget.succeed();
    expect(budget.tryRepeat()).toBe(false);
    budget.succeed();
    expect(budget.tryRepeat()).toBe(true);
    expect(budget.tokens).toBe(0);
  });

  it("gives a repeat's tokens back when it succeeds, and never has more than 500", () => {
    const budget = createRetryBudget();
    budget.succeed();
    expect(budget.tokens).toBe(500);
    budget.tryRepeat();
    budget.succeed();
    expect(budget.tokens).toBe(487);
    budget.endRepeat(true);
    expect(budget.tokens).toBe(500);
  });

  it("lets one repeat go on for five calls, and three however few there are", () => {
    const counts = [0, 1, 15, 19, 20, 24, 25, 50];
    expect(counts.map((calls) => repeatAsOftenAsPossible(withActive(calls)))).toEqual([3, 3, 3, 3, 4, 4, 5, 10]);
  });

  it("grants no more while those that go on are too many for the calls that are left", () => {
    const budget = withActive(50);
    expect(repeatAsOftenAsPossible(budget)).toBe(10);
    for (let call = 0; call < 20; call++) budget.end();
    for (let repeat = 0; repeat < 4; repeat++) budget.endRepeat(true);
    expect(budget.tryRepeat()).toBe(false);
    budget.endRepeat(true);
    expect(budget.tryRepeat()).toBe(true);
    expect([budget.active, budget.repeating]).toEqual([30, 6]);
  });

  it("grants no more repeats than the tokens pay for, over any stretch of any history, nor too many at the same time", () => {
    const steps = fc.array(
      fc.constantFrom("begin", "end", "succeed", "try", "try", "endFailed", "endFailed", "endWell"),
      {
        maxLength: 400,
        size: "max",
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), steps, (calls, history) => {
        const budget = withActive(calls);
        // What repeats cost so far less what came in: from its lowest point it may rise by 500, the most there can be.
        let spent = 0;
        let lowest = 0;
        for (const step of history) {
          if (step === "begin") budget.begin();
          else if (step === "end" && budget.active > budget.repeating) budget.end();
          else if (step === "succeed") {
            budget.succeed();
            spent -= 1;
          } else if (step === "try") {
            if (!budget.tryRepeat()) continue;
            spent += 14;
            expect(budget.repeating).toBeLessThanOrEqual(Math.max(3, budget.active / 5));
          } else if (step !== "end" && budget.repeating > 0) {
            budget.endRepeat(step === "endWell");
            if (step === "endWell") spent -= 14;
          }
          lowest = Math.min(lowest, spent);
          expect(spent - lowest).toBeLessThanOrEqual(500);
          expect(budget.tokens).toBe(500 - (spent - lowest));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("keeps attempts under 1.2 per call when all of 1,000 calls fail, 50 at a time, with three repeats allowed", () => {
    // The second: an upstream that works for repeats, which all get their tokens back. Only the share bounds them then.
    for (const [repeatsSucceed, mostRepeats] of [
      [false, 35],
      [true, 200],
    ] as const) {
      const budget = createRetryBudget();
      expect(countRepeats(budget, repeatsSucceed)).toBeLessThanOrEqual(mostRepeats);
      expect([budget.active, budget.repeating]).toEqual([0, 0]);
    }
  });
});

/** Repeats of 1,000 calls, 50 at a time, whose first attempts all fail. An attempt of each takes the same time. */
function countRepeats(budget: RetryBudget, repeatsSucceed: boolean): number {
  let waiting = 1_000;
  let repeats = 0;
  let calls: { repeats: number }[] = [];
  while (calls.length > 0 || waiting > 0) {
    while (calls.length < 50 && waiting > 0) {
      waiting--;
      budget.begin();
      calls.push({ repeats: 0 });
    }
    calls = calls.filter((call) => {
      if (call.repeats > 0) budget.endRepeat(repeatsSucceed);
      if (!(call.repeats > 0 && repeatsSucceed) && call.repeats < 3 && budget.tryRepeat()) {
        call.repeats++;
        repeats++;
        return true;
      }
      budget.end();
      return false;
    });
  }
  return repeats;
}

describe("tryRepeatAll", () => {
  it("takes from every budget", () => {
    const budgets = [createRetryBudget(), createRetryBudget()];
    expect(tryRepeatAll(budgets)).toBe(true);
    expect(budgets.map(({ tokens, repeating }) => [tokens, repeating])).toEqual([
      [486, 1],
      [486, 1],
    ]);
    expect(tryRepeatAll([])).toBe(true);
  });

  it("takes nothing when one refuses, first or last", () => {
    const full = createRetryBudget();
    repeatAsOftenAsPossible(full);
    const other = createRetryBudget();
    for (const budgets of [
      [full, other],
      [other, full],
      [other, other, full],
    ]) {
      expect(tryRepeatAll(budgets)).toBe(false);
      expect([other.tokens, other.repeating]).toEqual([500, 0]);
      expect([full.tokens, full.repeating]).toEqual([458, 3]);
    }
  });
});
