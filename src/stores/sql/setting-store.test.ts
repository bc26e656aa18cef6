import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { createMemorySettingStore } from "../memory/setting-store.ts";
import { describeSettingStore } from "../../testing/setting-store-suite.ts";
import { createSqlSettingStore } from "./setting-store.ts";
import { openSqliteDatabase } from "./sqlite/open-database.ts";

describe("createMemorySettingStore", () => {
  describeSettingStore({ test, open: () => ({ store: createMemorySettingStore() }) });
});

describe("createSqlSettingStore on SQLite", () => {
  describeSettingStore({
    test,
    async open() {
      const dir = mkdtempSync(join(tmpdir(), "toolyard-settings-"));
      const database = await openSqliteDatabase({ path: join(dir, "state.db"), part: "state" });
      return {
        store: createSqlSettingStore(database),
        async close() {
          await database.close();
          rmSync(dir, { recursive: true });
        },
      };
    },
  });
});
