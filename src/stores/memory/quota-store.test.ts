import { describe, expect, test } from "vitest";
import type { QuotaRequest } from "../../ports/quota-store.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { describeQuotaStore } from "../../testing/quota-store-suite.ts";
import { createMemoryQuotaStore } from "./quota-store.ts";

describe("createMemoryQuotaStore", () => {
  describeQuotaStore({
    test,
    open() {
      const clock = createManualClock();
      return { store: createMemoryQuotaStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });

  const ask = (key: string, cost: number): QuotaRequest => ({
    key,
    algorithm: "token-bucket",
    capacity: 10,
    windowMs: 1_000,
    burst: 10,
    cost,
  });
  const spend = (prefix: string, count: number): QuotaRequest[] =>
    Array.from({ length: count }, (_, index) => ask(`${prefix}${index}`, 10));

  test("keeps no account for what was only read, cost nothing or was refused", () => {
    const store = createMemoryQuotaStore({ clock: createManualClock() });
    store.read([ask("a", 1)]);
    store.take([ask("b", 0)]);
    store.take([ask("c", 5), ask("d", 11)]);
    store.reset(["e"]);
    expect(store.size).toBe(0);
    store.take([ask("b", 0), ask("a", 1), ask("c", 0)]);
    expect(store.size).toBe(1);
  });

  test("lets accounts go that owe nothing before those that do", async () => {
    const clock = createManualClock();
    const store = createMemoryQuotaStore({ clock, maxKeys: 8 });
    store.take([ask("owing", 10), ...spend("early", 7).map((request) => ({ ...request, cost: 1 }))]);
    await clock.advance(500);
    store.take(spend("late", 7));
    const newcomers = store.read(Array.from({ length: 500 }, (_, index) => ask(`new${index}`, 1)));
    expect(newcomers.every(({ remaining }) => remaining === 10)).toBe(true);
    expect(store.read([ask("owing", 1)])[0]?.remaining).toBe(5);
    expect(store.size).toBe(8);
  });

  test("makes a key whole on reset although its debt was evicted", () => {
    for (let others = 20; others < 30; others++) {
      const store = createMemoryQuotaStore({ clock: createManualClock(), maxKeys: 4 });
      store.take([ask("a", 10)]);
      for (const other of spend("other", others)) store.take([other]);
      expect(store.read([ask("a", 1)])[0]?.remaining).toBe(0);
      store.reset(["a"]);
      store.take([ask("newcomer", 1)]);
      expect(store.read([ask("a", 1)])[0]?.remaining).toBe(10);
      expect(store.take([ask("a", 10)])).toEqual({ ok: true });
      expect(store.take([ask("a", 1)]).ok).toBe(false);
    }
  });

  test("spares the accounts in use when strangers come and go", async () => {
    const clock = createManualClock();
    const store = createMemoryQuotaStore({ clock, maxKeys: 8 });
    for (const stranger of spend("stranger", 500)) {
      expect(store.take([ask("regular", 1)])).toEqual({ ok: true });
      store.take([stranger]);
      await clock.advance(100);
    }
    expect(store.read([ask("regular", 1)])[0]?.remaining).toBe(10);
  });

  test("lets strangers pay only while the debt that was evicted would have lasted", async () => {
    const clock = createManualClock();
    const store = createMemoryQuotaStore({ clock, maxKeys: 1 });
    for (const request of spend("a", 200)) store.take([request]);
    await clock.advance(999);
    expect(store.read(spend("b", 200)).some(({ remaining }) => remaining === 9)).toBe(true);
    await clock.advance(1);
    expect(store.read(spend("b", 200)).every(({ remaining }) => remaining === 10)).toBe(true);
  });

  test.each([0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses to keep %s keys", (maxKeys) => {
    expect(() => createMemoryQuotaStore({ clock: createManualClock(), maxKeys })).toThrow(
      `maxKeys: received ${maxKeys}, expected an integer of 1 or more`,
    );
  });
});
