import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { describeKeyStore } from "../../testing/key-store-suite.ts";
import { createSqlKeyStore } from "./key-store.ts";
import { openSqliteDatabase } from "./sqlite/open-database.ts";

describe("createSqlKeyStore on SQLite", () => {
  describeKeyStore({
    test,
    async open() {
      const dir = mkdtempSync(join(tmpdir(), "toolyard-keys-"));
      const database = await openSqliteDatabase({ path: join(dir, "state.db"), part: "state" });
      return {
        store: createSqlKeyStore(database),
        async close() {
          await database.close();
          rmSync(dir, { recursive: true });
        },
      };
    },
  });
});
