// Random sequences of operations on a store in a database and on the same one in memory: every answer is the same.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Stores } from "../../src/ports/stores.ts";
import { createMemoryCatalogStore } from "../../src/stores/memory/catalog-store.ts";
import { createMemoryIdempotencyStore } from "../../src/stores/memory/idempotency-store.ts";
import { createMemoryKeyStore } from "../../src/stores/memory/key-store.ts";
import { createMemoryOutcomeStore } from "../../src/stores/memory/outcome-store.ts";
import { createMemorySecretStore } from "../../src/stores/memory/secret-store.ts";
import { createMemorySettingStore } from "../../src/stores/memory/setting-store.ts";
import { createMemoryQuotaLevelStore } from "../../src/stores/memory/quota-level-store.ts";
import { createMemoryUsageStore } from "../../src/stores/memory/usage-store.ts";
import { catalogStep } from "./steps/catalog-steps.ts";
import { idempotencyStep, toTimed } from "./steps/idempotency-steps.ts";
import { keyStep } from "./steps/key-steps.ts";
import { outcomeStep } from "./steps/outcome-steps.ts";
import { secretStep } from "./steps/secret-steps.ts";
import { settingStep } from "./steps/setting-steps.ts";
import { findDifference, type Step } from "./steps/step.ts";
import { quotaLevelStep } from "./steps/quota-level-steps.ts";
import { usageStep } from "./steps/usage-steps.ts";
import type { SharedStores } from "./stored-world.ts";

const RUNS = 60;
const STEPS = 50;
const LIMIT_MS = 120_000;
const TIMEOUT_MS = 180_000;

/** Registers a test for each store of what `open` gives. */
export function describeAgainstMemory(open: () => SharedStores): void {
  const holdTo = <Store>(
    name: string,
    step: fc.Arbitrary<Step<Store>>,
    take: (stores: Stores, shared: SharedStores) => readonly [model: Store, store: Store],
  ): void => {
    it(`${name}, in whatever order it is asked`, { timeout: TIMEOUT_MS }, async () => {
      const shared = open();
      const property = fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: STEPS, size: "max" }),
        async (steps) => {
          await shared.empty();
          const [model, store] = take(shared.stores, shared);
          expect(await findDifference(model, store, steps)).toBeNull();
        },
      );
      // Also what looks for the shortest failing sequence ends.
      await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true });
    });
  };

  holdTo("the catalogue", catalogStep, ({ catalog }) => [createMemoryCatalogStore(), catalog]);
  holdTo("settings", settingStep, ({ settings }) => [createMemorySettingStore(), settings]);
  holdTo("API keys", keyStep, ({ keys }) => [createMemoryKeyStore(), keys]);
  holdTo("secrets", secretStep, ({ secrets }) => [createMemorySecretStore(), secrets]);
  holdTo("quotas", quotaLevelStep, ({ quotas }) => [createMemoryQuotaLevelStore(), quotas]);
  holdTo("usage", usageStep, ({ usage }) => [createMemoryUsageStore(), usage]);
  holdTo("unknown outcomes", outcomeStep, ({ outcomes }) => [createMemoryOutcomeStore(), outcomes]);
  holdTo("idempotency keys", idempotencyStep, ({ idempotency }, { clock }) => [
    toTimed(createMemoryIdempotencyStore({ clock }), clock),
    toTimed(idempotency, null),
  ]);
}
