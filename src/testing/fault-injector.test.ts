import fc from "fast-check";
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { createFaultInjector, type FaultInjector } from "./fault-injector.ts";
import type { FaultOptions } from "./fault-options.ts";
import { createManualClock } from "./manual-clock.ts";

/** Work that counts how often it was done. */
function createWork(): { readonly run: (...args: unknown[]) => string; readonly done: () => number } {
  let done = 0;
  return {
    run: () => {
      done++;
      return "answer";
    },
    done: () => done,
  };
}

/** What became of a call once nothing moves any more. */
async function settle(call: Promise<unknown>): Promise<unknown> {
  let state: unknown = "pending";
  call.then(
    (answer) => (state = answer),
    (error: unknown) => (state = error),
  );
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return state;
}

/** Which fault strikes each of `count` calls; `none` where none does. */
async function record(faults: FaultInjector, count: number): Promise<readonly string[]> {
  const call = faults.wrap(() => {});
  const struck: string[] = [];
  for (let index = 0; index < count; index++) {
    const before = faults.counts;
    await settle(call());
    const { counts } = faults;
    const kinds = (Object.keys(counts) as (keyof typeof counts)[]).filter((kind) => counts[kind] > before[kind]);
    struck.push(kinds.filter((kind) => kind !== "calls").join("+") || "none");
  }
  return struck;
}

const MIXED = {
  seed: 5,
  latency: { rate: 0.1, minMs: 1, maxMs: 9 },
  error: { rate: 0.2 },
  hang: { rate: 0.15 },
  dropAfterCommit: { rate: 0.05 },
  hangAfterCommit: { rate: 0.1 },
} satisfies FaultOptions;

function create(options: Partial<FaultOptions>): FaultInjector {
  return createFaultInjector({ seed: 1, ...options });
}

describe("createFaultInjector", () => {
  test("strikes the same calls for the same seed, and others for another", async () => {
    const first = await record(create({ ...MIXED, clock: createManualClock() }), 60);
    expect(await record(create({ ...MIXED, clock: createManualClock() }), 60)).toEqual(first);
    expect(await record(create({ ...MIXED, clock: createManualClock(), seed: 6 }), 60)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set(["none", "latency", "error", "hang", "dropAfterCommit", "hangAfterCommit"]));
  });

  test("the fault of a call depends on the seed and its number alone", async () => {
    const whole = await record(create({ ...MIXED, clock: createManualClock() }), 40);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), async (enabled) => {
        const faults = create({ ...MIXED, clock: createManualClock() });
        for (const [index, on] of enabled.entries()) {
          faults.enabled = on;
          expect(await record(faults, 1)).toEqual([on ? whole[index] : "none"]);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("strikes as often as asked, within five standard deviations", async () => {
    const count = 10_000;
    const faults = create({ ...MIXED, clock: createManualClock() });
    const call = faults.wrap(() => {});
    for (let index = 0; index < count; index++) void call().catch(() => {});
    await settle(Promise.resolve());
    const { calls, ...struck } = faults.counts;
    expect(calls).toBe(count);
    for (const [kind, times] of Object.entries(struck)) {
      const { rate } = MIXED[kind as keyof typeof struck];
      expect(Math.abs(times - count * rate), kind).toBeLessThan(5 * Math.sqrt(count * rate * (1 - rate)));
    }
  });

  test("strikes every call at rate 1 and none at rate 0", async () => {
    expect(new Set(await record(create({ error: { rate: 1 }, hang: { rate: 0 } }), 200))).toEqual(new Set(["error"]));
    expect(new Set(await record(create({ error: { rate: 0 } }), 200))).toEqual(new Set(["none"]));
    expect(new Set(await record(create({}), 200))).toEqual(new Set(["none"]));
  });

  test("counts are those of the moment they were read at", async () => {
    const faults = create({ error: { rate: 1 } });
    const before = faults.counts;
    await expect(faults.wrap(() => 1)()).rejects.toThrow();
    expect(before).toEqual({ calls: 0, latency: 0, error: 0, hang: 0, dropAfterCommit: 0, hangAfterCommit: 0 });
    expect(faults.counts).toEqual({ ...before, calls: 1, error: 1 });
  });
});

describe("a latency", () => {
  test("does the work late, by a whole number of milliseconds in the range, each of them now and then", async () => {
    const clock = createManualClock();
    const faults = create({ clock, latency: { rate: 1, minMs: 3, maxMs: 6 } });
    const late: number[] = [];
    const call = faults.wrap(() => late.push(clock.monotonic()));
    for (let index = 0; index < 400; index++) void call();
    expect(late).toEqual([]);
    await clock.advance(10);
    const times = [3, 4, 5, 6].map((ms) => late.filter((at) => at === ms).length);
    expect(late).toHaveLength(400);
    expect(Math.min(...times)).toBeGreaterThan(70);
  });

  test("ends with the signal: the work is not done", async () => {
    const clock = createManualClock();
    const { run, done } = createWork();
    const controller = new AbortController();
    const call = create({ clock, latency: { rate: 1, maxMs: 60_000 } }).wrap(run)("url", { signal: controller.signal });
    controller.abort("left");
    expect(await settle(call)).toBe("left");
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(done()).toBe(0);
  });
});

describe("an error", () => {
  test("fails before the work, and says by which seed and call", async () => {
    const { run, done } = createWork();
    const call = create({ seed: 42, error: { rate: 1 } }).wrap(run);
    await settle(call());
    const error = await settle(call());
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    expect((error as Error).message).toContain("seed 42, call 2");
    expect(done()).toBe(0);
  });

  test("is what the test makes it", async () => {
    const error = new TypeError("fetch failed");
    expect(await settle(create({ error: { rate: 1, make: () => error } }).wrap(() => 1)())).toBe(error);
  });
});

describe("a hang", () => {
  test("neither does the work nor answers", async () => {
    const clock = createManualClock();
    const { run, done } = createWork();
    const call = create({ clock, hang: { rate: 1 } }).wrap(run)();
    await clock.advance(86_400_000);
    expect(await settle(call)).toBe("pending");
    expect(done()).toBe(0);
  });

  test.each(["hang", "hangAfterCommit"] as const)("%s ends with the signal and leaves no listener", async (kind) => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = create({ [kind]: { rate: 1 } }).wrap(createWork().run)(signal);
    expect(await settle(call)).toBe("pending");
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort("left");
    expect(await settle(call)).toBe("left");
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("after the work does the work and does not answer", async () => {
    const { run, done } = createWork();
    const faults = create({ hangAfterCommit: { rate: 1 } });
    expect(await settle(faults.wrap(run)())).toBe("pending");
    expect(done()).toBe(1);
    expect(faults.counts.hangAfterCommit).toBe(1);
  });
});

describe("a lost answer", () => {
  test("comes after the work, as a connection that was reset", async () => {
    const { run, done } = createWork();
    expect(await settle(create({ dropAfterCommit: { rate: 1 } }).wrap(run)())).toMatchObject({ code: "ECONNRESET" });
    expect(done()).toBe(1);
  });

  test("is what the test makes it", async () => {
    const faults = create({ dropAfterCommit: { rate: 1, make: () => "lost" } });
    expect(await settle(faults.wrap(() => 1)())).toBe("lost");
  });

  test.each(["dropAfterCommit", "hangAfterCommit"] as const)(
    "%s leaves the error of work that failed, and does not count",
    async (kind) => {
      const faults = create({ [kind]: { rate: 1 } });
      const error = new Error("of the work");
      const failing = faults.wrap(() => {
        throw error;
      });
      expect(await settle(failing())).toBe(error);
      expect(faults.counts).toMatchObject({ calls: 1, [kind]: 0 });
    },
  );
});

describe("a wrapped function", () => {
  test("begins at once, with its arguments and its this, when nothing strikes before the work", async () => {
    for (const options of [{}, { dropAfterCommit: { rate: 1 } }]) {
      const seen: unknown[] = [];
      const object = {
        run: create(options).wrap(function (this: unknown, ...args: number[]) {
          seen.push(this, ...args);
        }),
      };
      void object.run(1, 2).catch(() => {});
      expect(seen).toEqual([object, 1, 2]);
    }
  });

  test("strikes while faults are enabled, and numbers the calls either way", async () => {
    const faults = create({ error: { rate: 1 } });
    const call = faults.wrap(createWork().run);
    faults.enabled = false;
    expect(await call()).toBe("answer");
    faults.enabled = true;
    expect(String(await settle(call()))).toContain("call 2");
    expect(faults.counts).toMatchObject({ calls: 2, error: 1 });
  });
});
