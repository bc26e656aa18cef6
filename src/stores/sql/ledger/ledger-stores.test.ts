// The stores of keys and of unknown outcomes over the ledger keep what their suites ask, in SQLite.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "vitest";
import { createManualClock } from "../../../testing/manual-clock.ts";
import { describeIdempotencyStore } from "../../../testing/idempotency-store-suite.ts";
import { describeOutcomeStore } from "../../../testing/outcome-store-suite.ts";
import { openSqliteLedger } from "./open-sqlite-ledger.ts";

async function open() {
  const dir = await mkdtemp(path.join(tmpdir(), "toolyard-ledger-"));
  const clock = createManualClock();
  const opened = await openSqliteLedger({ path: path.join(dir, "ledger.db") }, { clock, version: "0.0.0" });
  return {
    opened,
    clock,
    async close() {
      await opened.close();
      await opened.reader.close();
      await rm(dir, { recursive: true });
    },
  };
}

describe("the idempotency store over SQLite", () => {
  describeIdempotencyStore({
    test,
    async open() {
      const { opened, clock, close } = await open();
      return { store: opened.idempotency, advance: (ms) => clock.advance(ms), close };
    },
  });
});

describe("the outcome store over SQLite", () => {
  describeOutcomeStore({
    test,
    async open() {
      const { opened, close } = await open();
      return { store: opened.outcomes, close };
    },
  });
});
