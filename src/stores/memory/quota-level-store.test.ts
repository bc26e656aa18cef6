import { test } from "vitest";
import { describeQuotaLevelStore } from "../../testing/quota-level-store-suite.ts";
import { createMemoryQuotaLevelStore } from "./quota-level-store.ts";

describeQuotaLevelStore({ test, open: () => ({ store: createMemoryQuotaLevelStore() }) });
