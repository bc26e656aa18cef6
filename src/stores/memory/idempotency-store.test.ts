import { describe, expect, test, vi } from "vitest";
import type { IdempotencyClaim } from "../../ports/idempotency-store.ts";
import { describeIdempotencyStore } from "../../testing/idempotency-store-suite.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createMemoryIdempotencyStore, type MemoryIdempotencyStore } from "./idempotency-store.ts";

const toKey = (key: string | number, principal = "alice", tenant = "t"): string =>
  `${tenant}\0${principal}\0tool\0${key}`;
const toClaim = (key: string): IdempotencyClaim => ({
  key,
  owner: "a",
  version: "1.0.0",
  argumentsDigest: "digest",
  leaseMs: 1_000,
});
const FULL = { ok: false, record: null };

/** Claims and stores; whether the claim was granted. */
function fill(store: MemoryIdempotencyStore, key: string, outcome: string, keepMs: number | null): boolean {
  return store.claim(toClaim(key)).ok && store.store(key, "a", outcome, keepMs);
}

describe("createMemoryIdempotencyStore", () => {
  describeIdempotencyStore({
    test,
    open() {
      const clock = createManualClock();
      return { store: createMemoryIdempotencyStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });

  test("refuses claims when it has no record left, until the one that expires first is gone", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxRecords: 3 });
    for (const [index, keepMs] of [300, 100.5, 200].entries()) fill(store, toKey("k", `p${index}`), "1", keepMs);
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ...FULL, retryAfterMs: 101 });
    await clock.advance(100);
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ...FULL, retryAfterMs: 1 });
    await clock.advance(0.5);
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ok: true });
    expect(store.claim(toClaim(toKey("newer")))).toEqual({ ...FULL, retryAfterMs: 100 });
    expect(store.size).toBe(3);
  });

  test("forgets nothing that has not expired, however many claims it has to refuse", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxRecords: 3 });
    fill(store, toKey("stored"), '"stored"', 60_000);
    fill(store, toKey("for ever"), '"for ever"', null);
    store.claim(toClaim(toKey("running")));
    for (let index = 0; index < 500; index++) {
      expect(store.claim(toClaim(toKey(index)))).toMatchObject(FULL);
      await clock.advance(100);
    }
    const states = ["stored", "for ever", "running"].map((key) => store.read(toKey(key))?.state);
    expect(states).toEqual(["stored", "stored", "abandoned"]);
  });

  test("says that nothing goes by itself when all that it has runs, was abandoned or is kept without an end", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxRecords: 2 });
    store.claim(toClaim(toKey("running")));
    fill(store, toKey("for ever"), "1", null);
    await clock.advance(5_000);
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ...FULL, retryAfterMs: Number.POSITIVE_INFINITY });
    store.release(toKey("running"), "a");
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ok: true });
  });

  test("answers claims of known keys although it is full", () => {
    const store = createMemoryIdempotencyStore({ clock: createManualClock(), maxRecords: 1 });
    fill(store, toKey("k"), "1", 1_000);
    expect(store.claim(toClaim(toKey("k")))).toMatchObject({ ok: false, record: { state: "stored", outcome: "1" } });
    expect(store.store(toKey("k"), "a", "2", 2_000)).toBe(true);
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ...FULL, retryAfterMs: 2_000 });
  });

  test("lets no principal have more records than his part, and the others have theirs", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxPerPrincipal: 2 });
    fill(store, toKey("other", "bob"), "1", 50);
    fill(store, toKey(1), "1", 200);
    fill(store, toKey(2), "1", 100);
    expect(store.claim(toClaim(toKey(3)))).toEqual({ ...FULL, retryAfterMs: 100 });
    for (const key of [toKey(3, "bob"), toKey(3, "alice", "u"), toKey(3, "alice2"), toKey(3, "", "t\0alice")]) {
      expect(store.claim(toClaim(key)).ok, JSON.stringify(key)).toBe(key !== toKey(3, "", "t\0alice"));
    }
    await clock.advance(100);
    expect(store.claim(toClaim(toKey(3)))).toEqual({ ok: true });
    expect(store.claim(toClaim(toKey(4)))).toEqual({ ...FULL, retryAfterMs: 100 });
  });

  test("refuses claims from the byte on that it may not have more of, and keeps the outcomes of those it granted", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxBytes: 20, maxBytesPerPrincipal: 20 });
    for (const key of [1, 2, 3]) expect(store.claim(toClaim(toKey(key, `p${key}`)))).toEqual({ ok: true });
    store.store(toKey(1, "p1"), "a", "123456789", 100);
    expect(store.claim(toClaim(toKey(4)))).toEqual({ ok: true });
    store.store(toKey(2, "p2"), "a", "x", 200);
    expect(store.claim(toClaim(toKey(5)))).toEqual({ ...FULL, retryAfterMs: 100 });
    expect(store.store(toKey(3, "p3"), "a", "y".repeat(1_000), 300)).toBe(true);
    expect(store.bytes).toBe(2_020);
    await clock.advance(200);
    expect(store.claim(toClaim(toKey(5)))).toEqual({ ...FULL, retryAfterMs: 100 });
    await clock.advance(100);
    expect(store.claim(toClaim(toKey(5)))).toEqual({ ok: true });
    expect(store.bytes).toBe(0);
  });

  test("lets no principal have more than a quarter of the bytes, unless told otherwise", () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxBytes: 80 });
    fill(store, toKey(1), "0123456789", 500);
    expect(store.claim(toClaim(toKey(2)))).toEqual({ ...FULL, retryAfterMs: 500 });
    expect(store.claim(toClaim(toKey(2, "bob")))).toEqual({ ok: true });
    const roomy = createMemoryIdempotencyStore({ clock, maxBytes: 80, maxBytesPerPrincipal: 22 });
    fill(roomy, toKey(1), "0123456789", 500);
    expect(fill(roomy, toKey(2), "1", 600)).toBe(true);
    expect(roomy.claim(toClaim(toKey(3)))).toEqual({ ...FULL, retryAfterMs: 500 });
  });

  test("counts the bytes of an outcome once, and not those of one that is gone", () => {
    const store = createMemoryIdempotencyStore({ clock: createManualClock() });
    fill(store, toKey(1), "12345", 1_000);
    store.store(toKey(1), "a", "123", null);
    fill(store, toKey(2, "bob"), "😀", 1_000);
    expect([store.size, store.bytes]).toEqual([2, 10]);
    store.release(toKey(1), "a");
    expect([store.size, store.bytes]).toEqual([1, 4]);
    store.release(toKey(2, "bob"), "a");
    expect([store.size, store.bytes]).toEqual([0, 0]);
  });

  test("clears expired records away when it is used, a part at a time", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxRecords: 100 });
    for (let index = 0; index < 100; index++) fill(store, toKey(index), "1", 1 + index);
    await clock.advance(100);
    expect(store.size).toBe(100);
    expect(store.read(toKey(99))).toBeNull();
    expect(store.size).toBe(67);
    for (let reads = 0; reads < 3; reads++) store.read(toKey("absent"));
    expect([store.size, store.bytes]).toEqual([0, 0]);
  });

  test("has room again for all that has expired, however much that is", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxBytes: 2_000, maxBytesPerPrincipal: 2_000 });
    for (let index = 0; index < 500; index++) store.claim(toClaim(toKey(index)));
    for (let index = 0; index < 500; index++) store.store(toKey(index), "a", "1234567890", 10);
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ...FULL, retryAfterMs: 10 });
    await clock.advance(10);
    expect(store.claim(toClaim(toKey("new")))).toEqual({ ok: true });
    expect(store.bytes).toBeLessThan(2_000);
  });

  test("wakes the watchers of a key when its record has changed, and none for a change that was refused", () => {
    const store = createMemoryIdempotencyStore({ clock: createManualClock() });
    const seen: (string | undefined)[] = [];
    const other = vi.fn<() => void>();
    store.watch(toKey("k"), () => seen.push(store.read(toKey("k"))?.state));
    store.watch(toKey("other"), other);
    store.claim(toClaim(toKey("k")));
    store.store(toKey("k"), "stranger", "1", null);
    store.release(toKey("k"), "stranger");
    expect(seen).toEqual([]);
    store.store(toKey("k"), "a", "1", null);
    store.release(toKey("k"), "a");
    expect(seen).toEqual(["stored", undefined]);
    expect(other).not.toHaveBeenCalled();
  });

  test("goes by the time since the process began, whatever the wall clock does", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock });
    store.claim(toClaim(toKey("running")));
    fill(store, toKey("stored"), "1", 1_000);
    clock.stepWall(3_600_000);
    await clock.advance(999);
    expect([store.read(toKey("running"))?.state, store.read(toKey("stored"))?.state]).toEqual(["running", "stored"]);
    clock.stepWall(-7_200_000);
    await clock.advance(1);
    expect([store.read(toKey("running"))?.state, store.read(toKey("stored"))]).toEqual(["abandoned", null]);
  });

  test("keeps what was claimed, whatever becomes of the object it was claimed with", () => {
    const store = createMemoryIdempotencyStore({ clock: createManualClock() });
    const claim = toClaim(toKey("k"));
    store.claim(claim);
    Object.assign(claim, { owner: "b", key: toKey("other") });
    expect(store.release(toKey("k"), "b")).toBe(false);
    expect(store.release(toKey("k"), "a")).toBe(true);
    expect(store.size).toBe(0);
  });

  test.each([Number.NaN, -1])("throws for a lease or a keeping time of %s ms, and changes nothing", (ms) => {
    const store = createMemoryIdempotencyStore({ clock: createManualClock() });
    expect(() => store.claim({ ...toClaim(toKey("k")), leaseMs: ms })).toThrow(`not ${ms}`);
    expect(store.size).toBe(0);
    store.claim(toClaim(toKey("k")));
    expect(() => store.store(toKey("k"), "a", "1", ms)).toThrow(`not ${ms}`);
    expect([store.read(toKey("k"))?.state, store.bytes]).toEqual(["running", 0]);
  });

  test.each(["maxRecords", "maxPerPrincipal", "maxBytes", "maxBytesPerPrincipal"])("refuses a bad %s", (name) => {
    for (const value of [0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => createMemoryIdempotencyStore({ clock: createManualClock(), [name]: value })).toThrow(
        `${name}: received ${value}, expected an integer of 1 or more`,
      );
    }
  });
});
