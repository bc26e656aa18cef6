// Random histories of a bulkhead beside the plainest thing that could replace it: a count and a list.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BulkheadPolicy, Complete } from "../tool/resilience.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createBulkhead, type Bulkhead, type Waiter } from "./bulkhead.ts";

interface Step {
  readonly what: "take" | "wait" | "leave" | "release";
  /** Which of the candidates. */
  readonly pick: number;
  readonly pauseMs: number;
}

const STEPS = ["take", "wait", "wait", "leave", "release", "release"] as const;
const histories = (length: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ what: fc.constantFrom(...STEPS), pick: fc.nat(1_000), pauseMs: fc.nat(20) }), {
    maxLength: length,
    size: "max",
  });

interface Person {
  readonly waiter: Waiter | null;
}

/** A history: the bulkhead, and who by the model waits, holds a slot, and was granted one. */
function createHistory(bulkhead: Bulkhead, queue: number) {
  let line: Person[] = [];
  let holders: Person[] = [];
  let granted = 0;
  const inOrder: Person[] = [];
  const told: Person[] = [];

  // The limit is read after the step: it moves in `release`, before slots are handed on.
  const handOn = (): void => {
    while (line.length > 0 && holders.length < bulkhead.limit) {
      const [first] = line.splice(0, 1) as [Person];
      holders.push(first);
      inOrder.push(first);
      granted++;
    }
  };
  const hasRoom = (): boolean => line.length === 0 && holders.length < bulkhead.limit;
  const steps: Record<Step["what"], (pick: number) => void> = {
    take() {
      const expected = hasRoom();
      expect(bulkhead.tryTake()).toBe(expected);
      if (expected) holders.push({ waiter: null });
    },
    wait() {
      const isShed = !hasRoom() && line.length >= queue;
      const waiter = bulkhead.wait();
      expect(waiter === null).toBe(isShed);
      if (waiter === null) return;
      const person: Person = { waiter };
      void waiter.granted.then(() => told.push(person));
      line.push(person);
      handOn();
    },
    leave(pick) {
      const candidates = [...line, ...holders].filter(({ waiter }) => waiter !== null);
      const person = candidates[pick % candidates.length];
      if (person === undefined) return;
      person.waiter?.leave();
      // A second time does nothing.
      person.waiter?.leave();
      line = line.filter((other) => other !== person);
      holders = holders.filter((other) => other !== person);
      handOn();
    },
    release(pick) {
      const person = holders[pick % holders.length];
      if (person === undefined) return;
      // Slower and slower, so that an adaptive limit has a reason to fall; now and then no time at all.
      bulkhead.release(pick % 50 === 0 ? Number.NaN : Math.floor(granted / 60) * 100 + 10);
      holders = holders.filter((other) => other !== person);
      handOn();
    },
  };
  const check = async (): Promise<void> => {
    await Promise.resolve();
    const isIdle = bulkhead.waiting > 0 && bulkhead.running < bulkhead.limit;
    const found = [bulkhead.running, bulkhead.waiting, isIdle, told.length];
    expect(found).toEqual([holders.length, Math.min(line.length, queue), false, inOrder.length]);
    expect(told.at(-1)).toBe(inOrder.at(-1));
  };
  return {
    async run({ what, pick }: Step): Promise<void> {
      const before = holders.length;
      steps[what](pick);
      await check();
      // Never a new one over the limit, though it may have fallen under what runs.
      expect(holders.length <= before || holders.length <= bulkhead.limit).toBe(true);
    },
    async finish(): Promise<void> {
      while (holders.length > 0) steps.release(1);
      await check();
      expect([bulkhead.running, bulkhead.waiting]).toEqual([0, 0]);
      expect(told.every((person, index) => person === inOrder[index])).toBe(true);
    },
  };
}

async function replay(policy: Complete<BulkheadPolicy>, history: readonly Step[], limits: Set<number>): Promise<void> {
  const clock = createManualClock();
  const bulkhead = createBulkhead(policy, clock);
  // Long enough for every call to have begun after the bulkhead was made.
  await clock.advance(60_000);
  const { run, finish } = createHistory(bulkhead, policy.queue);
  for (const step of history) {
    await clock.advance(step.pauseMs);
    await run(step);
    limits.add(bulkhead.limit);
  }
  await finish();
}

describe("createBulkhead, in any history", () => {
  it("grants what a list would", async () => {
    const policies = fc.record({ max: fc.integer({ min: 1, max: 4 }), queue: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(policies, histories(120), async ({ max, queue }, history) => {
        const limits = new Set([max]);
        await replay({ max, queue, adaptive: false, min: 1 }, history, limits);
        expect([...limits]).toEqual([max]);
      }),
      { numRuns: 200 },
    );
  });

  it("grants what a list would while its limit moves", async () => {
    const limits = new Set<number>();
    const policies = fc.record({ max: fc.integer({ min: 8, max: 14 }), queue: fc.integer({ min: 4, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(policies, histories(800), async ({ max, queue }, history) => {
        await replay({ max, queue, adaptive: true, min: 2 }, history, limits);
      }),
      { numRuns: 40 },
    );
    expect(limits.size).toBeGreaterThan(5);
  });
});
