import { describe, test } from "vitest";
import { describeCatalogStore } from "../../testing/catalog-store-suite.ts";
import { createMemoryCatalogStore } from "./catalog-store.ts";

describe("the catalogue store in memory", () => {
  describeCatalogStore({ test, open: () => ({ store: createMemoryCatalogStore() }) });
});
