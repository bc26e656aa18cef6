import { describe, test } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { describeQuotaStore } from "../../testing/quota-store-suite.ts";
import { createMemoryQuotaStore } from "./quota-store.ts";

describe("createMemoryQuotaStore", () => {
  describeQuotaStore({
    test,
    open() {
      const clock = createManualClock();
      return { store: createMemoryQuotaStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });
});
