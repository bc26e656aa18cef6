import { describe, test } from "vitest";
import { describeUsageStore } from "../../testing/usage-store-suite.ts";
import { createMemoryUsageStore } from "./usage-store.ts";

describe("createMemoryUsageStore", () => {
  describeUsageStore({ test, open: () => ({ store: createMemoryUsageStore() }) });
});
