// What is asked of a store of usage.
import fc from "fast-check";
import type { UsageRow, UsageStore } from "../../../src/ports/usage-store.ts";
import { mostly, type Step, text, toStep } from "./step.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const count = fc.constantFrom(0, 1, 7, 2 ** 40);
/** Sums of these are exact, in whatever order they are made. */
const ms = fc.constantFrom(0, 0.25, 1.5, 1_000, 2 ** 30);
const counts = fc.dictionary(fc.constantFrom("0", "1", "17", "TIMEOUT", "tool.failed"), fc.nat(5), { maxKeys: 3 });
const start = mostly([0, MINUTE], fc.constantFrom(59 * MINUTE, HOUR, HOUR + MINUTE, 25 * HOUR));
const tool = fc.constantFrom("a", "a.b", "B");
const who = mostly(["", "t"], text);
const row: fc.Arbitrary<UsageRow> = fc.record({
  start,
  tool,
  version: fc.constantFrom("", "1.0.0", "1.10.0"),
  tenant: who,
  principal: who,
  succeeded: count,
  failed: count,
  refused: count,
  measured: count,
  sumMs: ms,
  maxMs: ms,
  buckets: counts,
  errors: counts,
  marks: counts,
});
const filter = fc
  .record(
    { grain: fc.constantFrom("minute", "hour"), from: start, length: fc.constantFrom(MINUTE, HOUR, 48 * HOUR), tool },
    { requiredKeys: ["grain", "from", "length"] },
  )
  .chain((base) => fc.record({ tenant: who, principal: who }, { requiredKeys: [] }).map((of) => ({ ...base, ...of })));

export const usageStep: fc.Arbitrary<Step<UsageStore>> = fc.oneof(
  toStep("add", fc.array(row, { maxLength: 6 }), (store: UsageStore, rows) => store.add(rows)),
  toStep("add", fc.array(row, { minLength: 1, maxLength: 6 }), (store: UsageStore, rows) => store.add(rows)),
  toStep(
    "read",
    fc.tuple(filter, fc.integer({ min: 1, max: 30 }), fc.nat(3)),
    (store: UsageStore, [{ length, grain, ...by }, limit, offset]) =>
      store.read({ ...by, grain, until: by.from + length }, limit, offset),
  ),
  toStep("prune", fc.tuple(start, start), (store: UsageStore, [minutes, hours]) => store.prune(minutes, hours)),
);
