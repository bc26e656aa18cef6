import { describe, expect, test } from "vitest";
import { describeSlotStore } from "../../testing/slot-store-suite.ts";
import { createMemorySlotStore } from "./slot-store.ts";

describe("createMemorySlotStore", () => {
  describeSlotStore({ test, open: () => ({ store: createMemorySlotStore() }) });

  test("keeps nothing when nothing runs", () => {
    const store = createMemorySlotStore();
    const releases = Array.from({ length: 1_000 }, (_, index) => store.take([{ key: `k${index % 100}`, max: 10 }]));
    expect(store.size).toBe(100);
    for (const taken of releases) if (taken.ok) taken.release();
    expect(store.size).toBe(0);
  });
});
