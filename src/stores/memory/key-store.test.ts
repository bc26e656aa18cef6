import { describe, test } from "vitest";
import { describeKeyStore } from "../../testing/key-store-suite.ts";
import { createMemoryKeyStore } from "./key-store.ts";

describe("createMemoryKeyStore", () => {
  describeKeyStore({ test, open: () => ({ store: createMemoryKeyStore() }) });
});
