// The invariants of the quota store, on random histories with more keys than it may keep, wall clock steps, weights and
// late times. The same checks are run against stores with a known fault and have to fail on each.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../kernel/clock.ts";
import type { Random } from "../../kernel/random.ts";
import type { QuotaReading, QuotaRequest, QuotaTaken } from "../../ports/quota-store.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { type Grant, measureOverGrant } from "../../testing/over-grant.ts";
import { createMemoryQuotaStore, type MemoryQuotaStore } from "./quota-store.ts";

type Measure = Omit<QuotaRequest, "key" | "cost">;
type Ask = { readonly key: number; readonly cost: number };
type Step =
  | { readonly kind: "advance"; readonly ms: number }
  | { readonly kind: "stepWall"; readonly ms: number }
  | { readonly kind: "take"; readonly asks: readonly Ask[] };

interface History {
  readonly startMs: number;
  readonly maxKeys: number;
  readonly seed: number;
  readonly measures: readonly Measure[];
  readonly steps: readonly Step[];
}

interface StoreSetting {
  readonly clock: Clock;
  readonly maxKeys: number;
  readonly random: Random;
}

type Store = Pick<MemoryQuotaStore, "take" | "read" | "size">;
type CreateStore = (setting: StoreSetting) => Store;

const KEYS = 40;
const TEN_YEARS = 315_576_000_000;
// What counts as none: a step of the store's own arithmetic.
const ROUNDING = 0.000_001;

const amount = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 300 }).map((tenths) => tenths / 10),
);
const measure: fc.Arbitrary<Measure> = fc
  .record({
    algorithm: fc.constantFrom<Measure["algorithm"][]>("token-bucket", "token-bucket", "fixed-window"),
    capacity: amount,
    windowMs: fc.integer({ min: 1, max: 5_000 }),
    burst: fc.option(amount, { nil: null }),
  })
  .map(({ algorithm, capacity, windowMs, burst }) => ({
    algorithm,
    capacity,
    windowMs,
    burst: algorithm === "fixed-window" ? capacity : (burst ?? capacity),
  }));
const ask = fc.record({
  key: fc.nat(KEYS - 1),
  cost: fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.nat(40).map((tenths) => tenths / 10),
  ),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("advance" as const),
      ms: fc.oneof(fc.nat(40), fc.double({ min: 0, max: 900, noNaN: true })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("stepWall" as const),
      ms: fc.integer({ min: -7_200_000, max: 7_200_000 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("take" as const), asks: fc.array(ask, { minLength: 1, maxLength: 3 }) }),
  },
);
const history: fc.Arbitrary<History> = fc.record({
  startMs: fc.constantFrom(0, 0.3, 86_400_000.7, TEN_YEARS, TEN_YEARS + 0.123),
  maxKeys: fc.integer({ min: 1, max: 6 }),
  seed: fc.integer(),
  measures: fc.array(measure, { minLength: 1, maxLength: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: 120, size: "max" }),
});

interface Granted extends Grant {
  readonly key: number;
}

/** Runs a history and says what was wrong with the answers; null when nothing was. */
async function findViolation(
  createStore: CreateStore,
  { startMs, maxKeys, seed, measures, steps }: History,
): Promise<string | null> {
  const clock = createManualClock();
  await clock.advance(startMs);
  const wallOffset = clock.now() - clock.monotonic();
  const store = createStore({ clock, maxKeys, random: createSequence(seed) });
  const toMeasure = (key: number): Measure => measures[key % measures.length] as Measure;
  const granted: Granted[] = [];
  for (const one of steps) {
    if (one.kind === "stepWall") clock.stepWall(one.ms);
    else if (one.kind === "advance") await clock.advance(one.ms);
    else {
      const requests = one.asks.map(({ key, cost }) => ({ ...toMeasure(key), key: `t\0limit\0\0${key}`, cost }));
      const before = store.read(requests);
      if (store.take(requests).ok)
        granted.push(...one.asks.map(({ key, cost }) => ({ at: clock.monotonic(), key, units: cost })));
      else if (!isSame(before, store.read(requests))) return "a refused take took something";
    }
    if (store.size > maxKeys) return `${store.size} accounts kept, ${maxKeys} allowed`;
  }
  return findOverGrant(granted, toMeasure, wallOffset);
}

function findOverGrant(
  granted: readonly Granted[],
  toMeasure: (key: number) => Measure,
  wallOffset: number,
): string | null {
  for (let key = 0; key < KEYS; key++) {
    const own = granted.filter((grant) => grant.key === key);
    const rule = toMeasure(key);
    const over =
      rule.algorithm === "fixed-window" ? measureWindows(own, rule, wallOffset) : measureOverGrant(own, rule);
    if (over > ROUNDING) return `key ${key} got ${over} units too many`;
  }
  return null;
}

function measureWindows(grants: readonly Grant[], { capacity, windowMs }: Measure, wallOffset: number): number {
  const windows = new Map<number, number>();
  for (const { at, units } of grants) {
    const window = Math.floor((at + wallOffset) / windowMs);
    windows.set(window, (windows.get(window) ?? 0) + units);
  }
  return Math.max(...windows.values(), 0) - capacity;
}

function isSame(before: readonly QuotaReading[], after: readonly QuotaReading[]): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

function createSequence(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}

/** Whether some history shows a fault of the store. */
async function hasFault(createStore: CreateStore, histories: fc.Arbitrary<History> = history): Promise<boolean> {
  const property = fc.asyncProperty(histories, async (random) => (await findViolation(createStore, random)) === null);
  return (await fc.check(property, { numRuns: 2_000 })).failed;
}

async function assertNone(
  histories: fc.Arbitrary<History>,
  createStore: CreateStore = createMemoryQuotaStore,
): Promise<void> {
  const property = fc.asyncProperty(histories, async (random) => {
    expect(await findViolation(createStore, random)).toBeNull();
  });
  await fc.assert(property, { numRuns: 400 });
}

function withAlgorithm(wanted: Measure["algorithm"]): fc.Arbitrary<History> {
  const measures = fc.array(
    measure.filter(({ algorithm }) => algorithm === wanted),
    { minLength: 1, maxLength: 4 },
  );
  return fc.tuple(history, measures).map(([random, only]) => ({ ...random, measures: only }));
}

describe("the quota store in memory", () => {
  test("never grants more than burst and refill in any window", async () => {
    await assertNone(withAlgorithm("token-bucket"));
  });

  test("never grants more than the capacity in one window", async () => {
    await assertNone(withAlgorithm("fixed-window"));
  });

  test("forgets no debt when keys come and go, and keeps no more than it may", async () => {
    await assertNone(history.map((random) => ({ ...random, maxKeys: 1 + (random.maxKeys % 3) })));
  });

  test("forgets no debt when there are more limits than have slots of their own", async () => {
    await assertNone(history, (setting) => {
      const store = createMemoryQuotaStore(setting);
      for (let capacity = 1; capacity <= 64; capacity++)
        store.read([{ ...toBucket(capacity, 77), key: "other", cost: 1 }]);
      return store;
    });
  });

  test("grants whatever the limit allows as long as nothing is evicted", async () => {
    const property = fc.asyncProperty(withAlgorithm("token-bucket"), async ({ measures, steps, startMs }) => {
      expect(await findUnderGrant(startMs, measures[0] as Measure, steps)).toBeNull();
    });
    await fc.assert(property, { numRuns: 400 });
  });

  test("grants no more over a change of the limit than the old and the new one together", async () => {
    const choice = fc.array(fc.tuple(fc.nat(900), fc.nat(2), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 120,
      size: "max",
    });
    const buckets = fc.tuple(...[1, 2, 3].map(() => measure.filter(({ algorithm }) => algorithm === "token-bucket")));
    const property = fc.asyncProperty(buckets, choice, async (measures, takes) => {
      expect(await measureChanges(measures, takes)).toBeLessThan(ROUNDING);
    });
    await fc.assert(property, { numRuns: 400 });
  });

  // A unit of this limit is a few roundings of a time ten years on.
  test("counts every unit of a fast limit ten years into the process", async () => {
    for (let capacity = 900_001; capacity < 1_000_000; capacity += 9_973) {
      expect(await countAtOnce(createMemoryQuotaStore, capacity)).toBe(1_000);
    }
  });
});

describe("the checks find", () => {
  test("an eviction that forgets", async () => {
    expect(await hasFault(createForgetting)).toBe(true);
  });

  test("a refill by the wall clock", async () => {
    expect(
      await hasFault((setting) =>
        createMemoryQuotaStore({ ...setting, clock: { ...setting.clock, monotonic: setting.clock.now } }),
      ),
    ).toBe(true);
  });

  test("a first request that is debited before the second refuses", async () => {
    expect(await hasFault(createDebitingEarly)).toBe(true);
  });

  test("a key that is looked at twice and counted once", async () => {
    expect(await hasFault(createCountingOnce)).toBe(true);
  });

  test("a store that grows without bound", async () => {
    expect(await hasFault((setting) => createMemoryQuotaStore({ ...setting, maxKeys: KEYS }))).toBe(true);
  });

  test("windows that move with the start of the process", async () => {
    const moving: CreateStore = ({ clock, ...setting }) =>
      createMemoryQuotaStore({ ...setting, clock: { ...clock, now: () => clock.now() + 333 } });
    expect(await hasFault(moving, withAlgorithm("fixed-window"))).toBe(true);
  });

  test("a bucket that is kept as one time stamp", async () => {
    const counts: number[] = [];
    for (let capacity = 900_001; capacity < 1_000_000; capacity += 9_973)
      counts.push(await countAtOnce(createTimeStamped, capacity));
    expect(Math.max(...counts)).toBeGreaterThan(1_000);
  });
});

function toBucket(capacity: number, windowMs: number): Measure {
  return { algorithm: "token-bucket", capacity, windowMs, burst: capacity };
}

/** Runs a history on one key and compares each answer with what the definition of the limit says. */
async function findUnderGrant(startMs: number, rule: Measure, steps: readonly Step[]): Promise<string | null> {
  const clock = createManualClock();
  await clock.advance(startMs);
  const store = createMemoryQuotaStore({ clock });
  const granted: Grant[] = [];
  for (const one of steps) {
    if (one.kind === "advance") await clock.advance(Math.floor(one.ms));
    if (one.kind !== "take") continue;
    const units = one.asks.reduce((sum, { cost }) => sum + cost, 0);
    const asked = [...granted, { at: clock.monotonic(), units }];
    const { ok } = store.take(one.asks.map(({ cost }) => ({ ...rule, key: "a", cost })));
    if (ok) granted.push({ at: clock.monotonic(), units });
    else if (measureOverGrant(asked, rule) < -ROUNDING) return `${units} units were refused at ${clock.monotonic()}`;
  }
  return null;
}

/** Over-grant of one key whose limit is another one with each take. */
async function measureChanges(
  measures: readonly Measure[],
  takes: readonly (readonly [number, number, number])[],
): Promise<number> {
  const clock = createManualClock();
  const store = createMemoryQuotaStore({ clock });
  const largest = Math.max(...measures.map(({ burst }) => burst));
  const grants: { refilled: number; units: number }[] = [];
  let refilled = 0;
  let rate = 0;
  for (const [ms, choice, cost] of takes) {
    await clock.advance(ms);
    refilled += ms * rate;
    const rule = measures[choice] as Measure;
    if (store.take([{ ...rule, key: "a", cost }]).ok) grants.push({ refilled, units: cost });
    rate = rule.capacity / rule.windowMs;
  }
  let worst = Number.NEGATIVE_INFINITY;
  grants.forEach((first, start) => {
    let units = 0;
    for (const grant of grants.slice(start)) {
      units += grant.units;
      worst = Math.max(worst, units - largest - (grant.refilled - first.refilled));
    }
  });
  return worst;
}

/** How many units of a limit with a burst of 1,000 are granted at one moment, ten years in. */
async function countAtOnce(createStore: CreateStore, capacity: number): Promise<number> {
  const clock = createManualClock();
  await clock.advance(TEN_YEARS);
  const store = createStore({ clock, maxKeys: 10, random: createSequence(1) });
  const request: QuotaRequest = { ...toBucket(capacity, 1_000), burst: 1_000, key: "a", cost: 1 };
  let count = 0;
  while (count < 2_000 && store.take([request]).ok) count++;
  return count;
}

// The stores below have one fault each.

function createForgetting({ clock, maxKeys }: StoreSetting): Store {
  const inner = createMemoryQuotaStore({ clock });
  const kept = new Set<string>();
  return {
    read: (requests) => inner.read(requests),
    take(requests) {
      const taken = inner.take(requests);
      for (const { key } of requests) kept.delete(key);
      for (const { key } of requests) kept.add(key);
      for (const key of kept) {
        if (kept.size <= maxKeys) break;
        kept.delete(key);
        inner.reset([key]);
      }
      return taken;
    },
    get size() {
      return kept.size;
    },
  };
}

function createDebitingEarly(setting: StoreSetting): Store {
  const inner = createMemoryQuotaStore(setting);
  return {
    read: (requests) => inner.read(requests),
    take(requests) {
      for (const [index, request] of requests.entries()) {
        const taken = inner.take([request]);
        if (!taken.ok) return { ...taken, index };
      }
      return { ok: true };
    },
    get size() {
      return inner.size;
    },
  };
}

function createCountingOnce(setting: StoreSetting): Store {
  const inner = createMemoryQuotaStore(setting);
  return {
    read: (requests) => inner.read(requests),
    take: (requests) =>
      inner.take(requests.filter(({ key }, index) => requests.findIndex((other) => other.key === key) === index)),
    get size() {
      return inner.size;
    },
  };
}

function createTimeStamped({ clock }: StoreSetting): Store {
  const fullAt = new Map<string, number>();
  const take = ([request]: readonly QuotaRequest[]): QuotaTaken => {
    const { key, cost, capacity, windowMs, burst } = request as QuotaRequest;
    const now = clock.monotonic();
    const next = Math.max(fullAt.get(key) ?? 0, now) + (cost * windowMs) / capacity;
    if (next - now > (burst * windowMs) / capacity) {
      return { ok: false, index: 0, reading: { remaining: 0, resetsInMs: 0, retryAfterMs: 1 } };
    }
    fullAt.set(key, next);
    return { ok: true };
  };
  return { take, read: () => [], size: 0 };
}
