import { describe, expect, it } from "vitest";
import type { BulkheadPolicy, Complete } from "../tool/resilience.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createBulkhead, type Bulkhead, type Waiter } from "./bulkhead.ts";

const POLICY: Complete<BulkheadPolicy> = { max: 2, queue: 3, adaptive: false, min: 1 };

function createFull(policy: Partial<Complete<BulkheadPolicy>> = {}): Bulkhead {
  const bulkhead = createBulkhead({ ...POLICY, ...policy }, createManualClock());
  while (bulkhead.tryTake());
  return bulkhead;
}

/** A waiter that notes its name when it is granted. */
function waitAs(name: string, bulkhead: Bulkhead, granted: string[]): Waiter {
  const waiter = bulkhead.wait() as Waiter;
  void waiter.granted.then(() => granted.push(name));
  return waiter;
}

const state = ({ running, waiting }: Bulkhead): readonly number[] => [running, waiting];

describe("createBulkhead", () => {
  it("gives as many slots as there are, and one more for each that comes back", () => {
    const bulkhead = createFull();
    expect(state(bulkhead)).toEqual([2, 0]);
    bulkhead.release(10);
    expect([bulkhead.tryTake(), bulkhead.tryTake()]).toEqual([true, false]);
  });

  it("hands slots on in order of arrival", async () => {
    const bulkhead = createFull();
    const granted: string[] = [];
    for (const name of ["a", "b", "c"]) waitAs(name, bulkhead, granted);
    expect(state(bulkhead)).toEqual([2, 3]);
    bulkhead.release(10);
    bulkhead.release(10);
    expect(state(bulkhead)).toEqual([2, 1]);
    await Promise.resolve();
    expect(granted).toEqual(["a", "b"]);
  });

  it("sheds what no longer fits in the line", () => {
    const bulkhead = createFull();
    for (let call = 0; call < 3; call++) expect(bulkhead.wait()).not.toBeNull();
    expect(bulkhead.wait()).toBeNull();
    expect(createFull({ queue: 0 }).wait()).toBeNull();
  });

  it("lets nobody wait while there is room, also one who did not try first", async () => {
    const bulkhead = createBulkhead({ ...POLICY, queue: 0 }, createManualClock());
    const granted: string[] = [];
    waitAs("a", bulkhead, granted);
    await Promise.resolve();
    expect(granted).toEqual(["a"]);
    expect(state(bulkhead)).toEqual([1, 0]);
  });

  it("passes over those who left, wherever they stood, and has room for others in their place", async () => {
    const bulkhead = createFull();
    const granted: string[] = [];
    const waiters = ["a", "b", "c"].map((name) => waitAs(name, bulkhead, granted));
    waiters[0]?.leave();
    waiters[1]?.leave();
    waiters[1]?.leave();
    expect(state(bulkhead)).toEqual([2, 1]);
    waitAs("d", bulkhead, granted);
    for (let call = 0; call < 4; call++) bulkhead.release(10);
    await Promise.resolve();
    expect(granted).toEqual(["c", "d"]);
    expect(state(bulkhead)).toEqual([0, 0]);
  });

  it("gives the slot of one who leaves too late to the next, once", async () => {
    const bulkhead = createFull();
    const granted: string[] = [];
    const [first] = ["a", "b"].map((name) => waitAs(name, bulkhead, granted));
    bulkhead.release(10);
    first?.leave();
    first?.leave();
    expect(state(bulkhead)).toEqual([2, 0]);
    await Promise.resolve();
    expect(granted).toEqual(["a", "b"]);
    bulkhead.release(10);
    bulkhead.release(10);
    expect(state(bulkhead)).toEqual([0, 0]);
  });

  it("tells the shed to come back when a slot should be free for them", () => {
    const bulkhead = createFull();
    expect(bulkhead.retryAfterMs).toBe(1_000);
    bulkhead.release(400);
    expect(bulkhead.retryAfterMs).toBe(200);
    bulkhead.tryTake();
    for (let call = 0; call < 3; call++) bulkhead.wait();
    expect(bulkhead.retryAfterMs).toBe(800);
  });

  it("says at least a millisecond and at most a minute", () => {
    const bulkhead = createFull();
    bulkhead.release(0);
    expect(bulkhead.retryAfterMs).toBe(1);
    for (let call = 0; call < 100; call++) {
      bulkhead.tryTake();
      bulkhead.release(86_400_000);
    }
    expect(bulkhead.retryAfterMs).toBe(60_000);
  });

  it("follows how long slots are held lately, and ignores what is no time", () => {
    const bulkhead = createFull({ max: 1 });
    bulkhead.release(100);
    for (const durationMs of [Number.NaN, Infinity, -1]) {
      bulkhead.tryTake();
      bulkhead.release(durationMs);
    }
    expect(state(bulkhead)).toEqual([0, 0]);
    expect(bulkhead.retryAfterMs).toBe(100);
    for (let call = 0; call < 100; call++) {
      bulkhead.tryTake();
      bulkhead.release(1_000);
    }
    expect(bulkhead.retryAfterMs).toBeGreaterThan(990);
  });

  it("measures nothing for a slot that was not used", () => {
    const bulkhead = createFull();
    const waiter = bulkhead.wait();
    bulkhead.release(500);
    waiter?.leave();
    expect(bulkhead.retryAfterMs).toBe(250);
  });

  it("with an adaptive limit, lets fewer run when they take longer, and those who run already go on", async () => {
    const clock = createManualClock();
    const bulkhead = createBulkhead({ max: 40, queue: 1_000, adaptive: true, min: 1 }, clock);
    // As many as may run, all the time; each takes `ms`.
    const run = async (ms: number, rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        while (bulkhead.tryTake());
        await clock.advance(ms);
        for (let call = bulkhead.running; call > 0; call--) bulkhead.release(ms);
      }
    };
    expect(bulkhead.limit).toBe(20);
    await run(100, 40);
    expect(bulkhead.limit).toBe(40);
    while (bulkhead.tryTake());
    for (let call = 0; call < 100; call++) bulkhead.wait();
    // Everybody who runs now, 40 of them, and those who come after takes ten times longer.
    let granted = 0;
    for (let call = 0; call < 100; call++) {
      await clock.advance(25);
      const { running, waiting } = bulkhead;
      bulkhead.release(1_000);
      granted += waiting - bulkhead.waiting;
      expect(bulkhead.running).toBeLessThanOrEqual(running);
      if (bulkhead.waiting < waiting) expect(bulkhead.running).toBeLessThanOrEqual(bulkhead.limit);
    }
    expect(bulkhead.limit).toBeLessThan(40);
    expect(granted).toBeLessThan(100);
    expect(bulkhead.running).toBe(bulkhead.limit);
  });
});
