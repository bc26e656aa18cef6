import { describe, test } from "vitest";
import { describeSecretStore } from "../../testing/secret-store-suite.ts";
import { createMemorySecretStore } from "./secret-store.ts";

describe("createMemorySecretStore", () => {
  describeSecretStore({ test, open: () => ({ store: createMemorySecretStore() }) });
});
