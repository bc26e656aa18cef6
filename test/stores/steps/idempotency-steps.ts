// What is asked of a store of idempotency keys.
import fc from "fast-check";
import type { IdempotencyStore } from "../../../src/ports/idempotency-store.ts";
import type { ManualClock } from "../../../src/testing/manual-clock.ts";
import { type Step, text, toStep } from "./step.ts";

/** The stores share one clock: time passes once, when the model is asked. */
export interface TimedStore extends Pick<IdempotencyStore, "read" | "claim" | "store" | "release"> {
  readonly clock: ManualClock | null;
}

export function toTimed(store: IdempotencyStore, clock: ManualClock | null): TimedStore {
  return {
    clock,
    read: (of) => store.read(of),
    claim: (of) => store.claim(of),
    store: (...given) => store.store(...given),
    release: (...given) => store.release(...given),
  };
}

const key = fc.oneof(
  fc.constantFrom("t\0p\0tool\0a", "t\0p\0tool\0b"),
  fc.constantFrom("t\0p\0tool\0a"),
  text.map((last) => `t\0p\0tool\0${last}`),
);
// Mostly one: otherwise hardly any store or release would be the owner's.
const owner = fc.constantFrom("call_1", "call_1", "call_1", "call_2");
const ms = fc.constantFrom(1, 10, 20, 1_000);

export const idempotencyStep: fc.Arbitrary<Step<TimedStore>> = fc.oneof(
  toStep("advance", fc.constantFrom(1, 5, 10, 1_000), async (store: TimedStore, by) => {
    await store.clock?.advance(by);
  }),
  toStep("read", key, (store: TimedStore, of) => store.read(of)),
  ...[1, 2].map(() =>
    toStep(
      "claim",
      fc.record({
        key,
        owner,
        version: fc.constantFrom("1.0.0", "2.0.0"),
        argumentsDigest: fc.constantFrom("sha256:1", "sha256:2"),
        leaseMs: ms,
      }),
      (store: TimedStore, claim) => store.claim(claim),
    ),
  ),
  toStep("store", fc.tuple(key, owner, text, fc.option(ms)), (store: TimedStore, [of, by, outcome, keep]) =>
    store.store(of, by, JSON.stringify(outcome), keep),
  ),
  toStep("release", fc.tuple(key, owner), (store: TimedStore, [of, by]) => store.release(of, by)),
);
