import { describe, expect, it } from "vitest";
import type { QuotaLevel } from "../ports/quota-level-store.ts";
import { createMemoryQuotaLevelStore } from "../stores/memory/quota-level-store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createLevelKeeper, type LevelSource, restoreLevels } from "./level-keeper.ts";

const clockAt = 1_000_000;
const toLevel = (key: string, debt = 1, until = clockAt + 3_600_000_000): QuotaLevel => ({
  ...({ key, algorithm: "token-bucket", capacity: 1, windowMs: 1_000, burst: 1, at: clockAt } as const),
  debt,
  until,
});

/** A source whose changed levels are set by the test. */
function createSource(): LevelSource & { changed: QuotaLevel[]; readonly restored: QuotaLevel[] } {
  const restored: QuotaLevel[] = [];
  return {
    changed: [],
    restored,
    takeLevels(most) {
      return this.changed.splice(0, most);
    },
    restoreLevels: (levels) => restored.push(...levels),
  };
}

function open() {
  const clock = createManualClock(clockAt);
  const store = createMemoryQuotaLevelStore();
  const source = createSource();
  const errors: unknown[] = [];
  const puts: number[] = [];
  let broken: Error | null = null;
  const keeper = createLevelKeeper({
    source,
    clock,
    store: {
      ...store,
      put(levels) {
        if (broken !== null) throw broken;
        puts.push(levels.length);
        store.put(levels);
      },
    },
    report: (error) => errors.push(error),
  });
  const kept = () => store.page(clockAt, null, 10_000);
  return { clock, store, source, errors, puts, keeper, kept, break: (error: Error | null) => void (broken = error) };
}

describe("the keeper of levels", () => {
  it("writes what has changed every ten seconds, some at a time, and nothing when nothing has", async () => {
    const opened = open();
    opened.source.changed = Array.from({ length: 600 }, (_, index) => toLevel(`k${index}`));
    await opened.clock.advance(9_999);
    expect(opened.puts).toEqual([]);
    await opened.clock.advance(1);
    await expect.poll(() => opened.puts).toEqual([256, 256, 88]);
    expect(opened.kept()).toHaveLength(600);
    await opened.clock.advance(60_000);
    expect(opened.puts).toHaveLength(3);
    await opened.keeper.close();
  });

  it("writes for the last time when it is closed, and holds no timer afterwards", async () => {
    const opened = open();
    opened.source.changed = [toLevel("k")];
    await opened.keeper.close();
    expect(opened.kept()).toEqual([toLevel("k")]);
    expect(opened.clock.pending).toBe(0);
  });

  it("tells of a store that fails, and writes what it did not take with the next, the newer of each key", async () => {
    const opened = open();
    const failure = new Error("full");
    opened.break(failure);
    opened.source.changed = [toLevel("a"), toLevel("b")];
    await opened.clock.advance(10_000);
    expect(opened.errors).toEqual([failure]);
    opened.break(null);
    opened.source.changed = [toLevel("a", 2)];
    await opened.clock.advance(10_000);
    await expect.poll(() => opened.kept()).toEqual([toLevel("a", 2), toLevel("b")]);
    opened.break(failure);
    opened.source.changed = [toLevel("c")];
    await expect(opened.keeper.close()).rejects.toBe(failure);
  });

  it("comes to an end while a key is always in use", async () => {
    const clock = createManualClock(clockAt);
    const source = createSource();
    let puts = 0;
    const store = {
      ...createMemoryQuotaLevelStore(),
      put() {
        puts++;
        source.changed = [toLevel("k", puts)];
      },
    };
    source.changed = [toLevel("k")];
    const keeper = createLevelKeeper({ source, store, clock, report: () => {} });
    await clock.advance(10_000);
    expect(puts).toBe(1);
    await clock.advance(10_000);
    expect(puts).toBe(2);
    await keeper.close();
    expect(puts).toBe(3);
  });

  it("forgets what owes nothing any more, once an hour", async () => {
    const opened = open();
    opened.store.put([toLevel("old", 1, clockAt + 1)]);
    await opened.clock.advance(10_000);
    await expect.poll(() => opened.store.page(0, null, 10)).toEqual([]);
    opened.store.put([toLevel("old", 1, clockAt + 20_000)]);
    await opened.clock.advance(60_000);
    expect(opened.store.page(0, null, 10)).toHaveLength(1);
    await opened.clock.advance(3_600_000);
    await expect.poll(() => opened.store.page(0, null, 10)).toEqual([]);
    await opened.keeper.close();
  });

  it("reads all that is kept, page by page", async () => {
    const { clock, store, source, keeper } = open();
    store.put(Array.from({ length: 4_001 }, (_, index) => toLevel(`k${index}`)));
    await restoreLevels({ source, store, clock });
    expect(new Set(source.restored.map(({ key }) => key)).size).toBe(4_001);
    await keeper.close();
  });
});
