import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { describeCatalogStore } from "../../testing/catalog-store-suite.ts";
import { createSqlCatalogStore } from "./catalog-store.ts";
import { openSqliteDatabase } from "./sqlite/open-database.ts";

describe("the catalogue store in SQLite", () => {
  describeCatalogStore({
    test,
    async open() {
      const dir = await mkdtemp(join(tmpdir(), "toolyard-catalog-"));
      const database = await openSqliteDatabase({ path: join(dir, "state.db"), part: "state" });
      return {
        store: createSqlCatalogStore(database),
        async close() {
          await database.close();
          await rm(dir, { recursive: true });
        },
      };
    },
  });
});
