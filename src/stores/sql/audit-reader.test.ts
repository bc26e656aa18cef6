import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { putTrail } from "../../../test/stores/put-trail.ts";
import { describeAuditReader } from "../../testing/audit-reader-suite.ts";
import { createSqlAuditReader } from "./audit-reader.ts";
import { openSqliteDatabase } from "./sqlite/open-database.ts";

describe("createSqlAuditReader on SQLite", () => {
  describeAuditReader({
    test,
    async open() {
      const dir = mkdtempSync(join(tmpdir(), "toolyard-reader-"));
      const database = await openSqliteDatabase({ path: join(dir, "ledger.db"), part: "ledger" });
      return {
        reader: createSqlAuditReader(database),
        put: (trail) => putTrail(database, trail),
        async close() {
          await database.close();
          rmSync(dir, { recursive: true });
        },
      };
    },
  });
});
