import { describe, expect, test } from "vitest";
import { describeArtefactStore } from "../../testing/artefact-store-suite.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createMemoryArtefactStore, type MemoryArtefactStore } from "./artefact-store.ts";
import { toEntryBytes } from "./sized-map.ts";

const OWNER = { tenant: "t", principal: "p" };

describe("createMemoryArtefactStore", () => {
  describeArtefactStore({
    test,
    open() {
      const clock = createManualClock();
      return { store: createMemoryArtefactStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });

  const ENTRY = toEntryBytes("t\0p\0i0", "text");
  const keptOf = (store: MemoryArtefactStore, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `i${index}`).filter((id) => store.get(OWNER, id) !== null);

  test("lets the oldest go first, however often it was read", () => {
    const store = createMemoryArtefactStore({ clock: createManualClock(), maxBytes: 4 * ENTRY });
    for (let index = 0; index < 4; index++) store.put(OWNER, `i${index}`, "text", 1_000);
    store.get(OWNER, "i0");
    expect(store.put(OWNER, "i4", "text", 10)).toBe(true);
    expect(keptOf(store, 5)).toEqual(["i1", "i2", "i3", "i4"]);
    expect([store.size, store.bytes]).toEqual([4, 4 * ENTRY]);
  });

  test("lets those whose time has passed go before the oldest", async () => {
    const clock = createManualClock();
    const store = createMemoryArtefactStore({ clock, maxBytes: 4 * ENTRY });
    for (const [index, keepMs] of [1_000, 1_000, 10, 1_000].entries()) store.put(OWNER, `i${index}`, "text", keepMs);
    await clock.advance(10);
    store.put(OWNER, "i4", "text", 1_000);
    expect(keptOf(store, 5)).toEqual(["i0", "i1", "i3", "i4"]);
    store.put(OWNER, "i5", "text", 1_000);
    expect(keptOf(store, 6)).toEqual(["i1", "i3", "i4", "i5"]);
  });

  test("refuses a text of more than a quarter of its room, and keeps the others", () => {
    const store = createMemoryArtefactStore({ clock: createManualClock(), maxBytes: 4 * ENTRY });
    for (let index = 0; index < 4; index++) expect(store.put(OWNER, `i${index}`, "text", 1_000)).toBe(true);
    expect(store.put(OWNER, "i4", "text.", 1_000)).toBe(false);
    expect(keptOf(store, 5)).toEqual(["i0", "i1", "i2", "i3"]);
    expect(store.put(OWNER, "i0", "text.", 1_000)).toBe(false);
    expect(keptOf(store, 5)).toEqual(["i1", "i2", "i3"]);
    expect([store.size, store.bytes]).toEqual([3, 3 * ENTRY]);
  });

  test.each([Number.NaN, -1, 0])("refuses to keep a text for %s ms", (keepMs) => {
    const store = createMemoryArtefactStore({ clock: createManualClock() });
    expect(store.put(OWNER, "i0", "text", keepMs)).toBe(false);
    expect(store.size).toBe(0);
  });

  test("never takes more bytes than it may, and counts nothing that is gone", async () => {
    const clock = createManualClock();
    const store = createMemoryArtefactStore({ clock, maxBytes: 20_000 });
    for (let index = 0; index < 5_000; index++) {
      store.put(OWNER, `i${(index * 7) % 300}`, "t".repeat((index * 13) % 3_000), 1 + ((index * 17) % 90));
      store.get(OWNER, `i${(index * 11) % 300}`);
      expect(store.bytes).toBeLessThanOrEqual(20_000);
      await clock.advance(1);
    }
    expect(store.size).toBeGreaterThan(3);
    await clock.advance(100);
    expect(keptOf(store, 300)).toEqual([]);
    expect([store.size, store.bytes]).toEqual([0, 0]);
  });

  test("clears expired texts away when it is used, a part at a time", async () => {
    const clock = createManualClock();
    const store = createMemoryArtefactStore({ clock });
    for (let index = 0; index < 100; index++) store.put(OWNER, `i${index}`, "text", 10);
    await clock.advance(10);
    const sizes = Array.from({ length: 5 }, (_, index) => {
      store.put(OWNER, `new${index}`, "text", 10);
      return store.size;
    });
    expect(sizes).toEqual([69, 38, 7, 4, 5]);
  });

  test.each([0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses to keep %s bytes", (maxBytes) => {
    expect(() => createMemoryArtefactStore({ clock: createManualClock(), maxBytes })).toThrow(
      `maxBytes: received ${maxBytes}, expected an integer of 1 or more`,
    );
  });
});
