import { describe, test } from "vitest";
import type { ChainHead, ChainRecord } from "../../ports/audit-reader.ts";
import { describeAuditReader } from "../../testing/audit-reader-suite.ts";
import { createMemoryAuditReader } from "./audit-reader.ts";

describe("createMemoryAuditReader", () => {
  describeAuditReader({
    test,
    open: () => {
      const records: ChainRecord[] = [];
      const heads: ChainHead[] = [];
      const openCalls: string[] = [];
      return {
        reader: createMemoryAuditReader(() => ({ records, heads, openCalls })),
        put(trail) {
          records.push(...trail.records);
          heads.push(...trail.heads);
          openCalls.push(...trail.openCalls);
        },
      };
    },
  });
});
