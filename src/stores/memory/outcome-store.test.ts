import { describe, expect, test } from "vitest";
import type { UnknownOutcome } from "../../ports/outcome-store.ts";
import { describeOutcomeStore } from "../../testing/outcome-store-suite.ts";
import { createMemoryOutcomeStore, type MemoryOutcomeStore } from "./outcome-store.ts";

const OWNER = { tenant: "t", principal: "p" };

const toOutcome = (index: number): UnknownOutcome => ({
  id: `call_${index}`,
  tenant: "t",
  principal: "p",
  tool: `tool${index % 3}`,
  version: "1.0.0",
  code: "OUTCOME_UNKNOWN",
  at: 0,
  idempotencyKey: null,
});

function createFilled(count: number): MemoryOutcomeStore {
  const store = createMemoryOutcomeStore();
  for (let index = 0; index < count; index++) store.add(toOutcome(index));
  return store;
}

describe("createMemoryOutcomeStore", () => {
  describeOutcomeStore({ test, open: () => ({ store: createMemoryOutcomeStore() }) });

  test("gives at least one and at most a thousand at a time", () => {
    const store = createFilled(1_100);
    expect(store.list({ limit: 5_000 })).toHaveLength(1_000);
    expect(store.list({ limit: 0 })).toHaveLength(1);
    expect(store.list({ limit: -1, after: "call_1098" })).toEqual([toOutcome(1_099)]);
  });

  test("finds its place in a long list, whatever was removed", () => {
    const store = createFilled(2_000);
    for (let index = 0; index < 2_000; index++) if (index % 5 !== 0) store.remove(`call_${index}`);
    for (let index = 0; index < 1_995; index++) {
      const next = 5 * (Math.floor(index / 5) + 1);
      expect(store.list({ after: `call_${index}`, limit: 1 })[0]?.id).toBe(`call_${next}`);
    }
    expect(store.count().all).toBe(400);
    expect([0, 1, 2].map((index) => store.count({ ...OWNER, tool: `tool${index}` }).own)).toEqual([134, 133, 133]);
  });

  test("remembers the places of the last ten thousand that were removed", () => {
    const store = createFilled(10_003);
    for (let index = 1; index <= 10_001; index++) store.remove(`call_${index}`);
    expect(store.list({ after: "call_1" }).map(({ id }) => id)).toEqual(["call_0", "call_10002"]);
    expect(store.list({ after: "call_2" }).map(({ id }) => id)).toEqual(["call_10002"]);
  });

  test("keeps what was added, whatever becomes of the object it was told with", () => {
    const store = createMemoryOutcomeStore();
    const outcome = { ...toOutcome(0) };
    store.add(outcome);
    Object.assign(outcome, { tool: "forged", id: "call_9" });
    expect(store.list({})).toEqual([toOutcome(0)]);
    expect(() => Object.assign(store.get("call_0") as object, { tool: "forged" })).toThrow(TypeError);
    expect([
      store.remove("call_0"),
      store.count({ ...OWNER, tool: "tool0" }).own,
      store.count({ ...OWNER, tool: "forged" }).own,
    ]).toEqual([true, 0, 0]);
  });
});
