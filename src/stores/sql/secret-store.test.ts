import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { describeSecretStore } from "../../testing/secret-store-suite.ts";
import { createSqlSecretStore } from "./secret-store.ts";
import { openSqliteDatabase } from "./sqlite/open-database.ts";

describe("createSqlSecretStore on SQLite", () => {
  describeSecretStore({
    test,
    async open() {
      const dir = mkdtempSync(join(tmpdir(), "toolyard-secrets-"));
      const database = await openSqliteDatabase({ path: join(dir, "state.db"), part: "state" });
      return {
        store: createSqlSecretStore(database),
        async close() {
          await database.close();
          rmSync(dir, { recursive: true });
        },
      };
    },
  });
});
