// Stores in memory and in SQLite that have no test beside their code are held to the suites of their ports here.
import { describe, test } from "vitest";
import { createMemoryUsageStore } from "../../src/stores/memory/usage-store.ts";
import { describeQuotaLevelStore } from "../../src/testing/quota-level-store-suite.ts";
import { describeUsageStore } from "../../src/testing/usage-store-suite.ts";
import { openInSqlite } from "./stored-world.ts";

describe("the usage store in memory", () => {
  describeUsageStore({ test, open: () => ({ store: createMemoryUsageStore() }) });
});

describe("the usage store in SQLite", () => {
  describeUsageStore({
    test,
    open: async () => {
      const { stores, close } = await openInSqlite();
      return { store: stores.usage, close };
    },
  });
});

describe("the levels of quotas in SQLite", () => {
  describeQuotaLevelStore({
    test,
    open: async () => {
      const { stores, close } = await openInSqlite();
      return { store: stores.quotas, close };
    },
  });
});
