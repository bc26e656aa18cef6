// What is asked of a store of levels of quotas.
import fc from "fast-check";
import type { QuotaLevel, QuotaLevelStore } from "../../../src/ports/quota-level-store.ts";
import { mostly, type Step, text, toStep } from "./step.ts";

const key = mostly(["t\0a\0u", "t\0a"], text);
const time = fc.constantFrom(0, 1, 1_000, 1_001, 2 ** 41, Number.MAX_SAFE_INTEGER);
const level: fc.Arbitrary<QuotaLevel> = fc.record({
  key,
  algorithm: fc.constantFrom("token-bucket", "fixed-window"),
  capacity: fc.constantFrom(0.5, 1, 1e9),
  windowMs: fc.constantFrom(1, 1_000.5, 86_400_000),
  burst: fc.constantFrom(0.1, 100),
  debt: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER),
  at: time,
  until: time,
});
const after = fc.option(key, { nil: null });
const put = toStep("put", fc.array(level, { maxLength: 6 }), (store: QuotaLevelStore, levels) => store.put(levels));

export const quotaLevelStep: fc.Arbitrary<Step<QuotaLevelStore>> = fc.oneof(
  put,
  put,
  toStep("page", fc.tuple(time, after, fc.constantFrom(1, 3, 100)), (store: QuotaLevelStore, [now, from, limit]) =>
    store.page(now, from, limit),
  ),
  toStep("prune", time, (store: QuotaLevelStore, now) => store.prune(now)),
);
