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

const units = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 300 }).map((tenths) => tenths / 10));
const measure: fc.Arbitrary<Measure> = fc
  .record({
    algorithm: fc.constantFrom<Measure["algorithm"][]>("token-bucket", "token-bucket", "fixed-window"),
    capacity: units,
    windowMs: fc.integer({ min: 1, max: 5_000 }),
    burst: fc.option(units, { nil: null }),
  })
  .map(({ algorithm, capacity, windowMs, burst }) => ({
    algorithm,
    capacity,
    windowMs,
    burst: algorithm === "fixed-window" ? capacity : (burst ?? capacity),
  }));
const ask = fc.record({ key: fc.nat(KEYS - 1), cost: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.nat(40).map((tenths) => tenths / 10)) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("advance" as const), ms: fc.oneof(fc.nat(40), fc.double({ min: 0, max: 900, noNaN: true })) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stepWall" as const), ms: fc.integer({ min: -7_200_000, max: 7_200_000 }) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("take" as const), asks: fc.array(ask, { minLength: 1, maxLength: 3 }) }) },
);
const history: fc.Arbitrary<History> = fc.record({
  startMs: fc.constantFrom(0, 0.3, 86_400_000.7, TEN_YEARS, TEN_YEARS + 0.123),
  maxKeys: fc.integer({ min: 1, max: 6 }),
  seed: fc.integer(),
  measures: fc.array(measure, { minLength: 1, maxLength: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: 120, size: "max" }),
});

describe("the quota store in memory", () => {
  test("never grants more than burst and refill in any window", async () => {
    await fc.assert(fc.asyncProperty(history, async (random) => expectNone(await findViolation(createMemoryQuotaStore, random))));
  });
});

function expectNone(violation: string | null): void {
  expect(violation).toBeNull();
}
