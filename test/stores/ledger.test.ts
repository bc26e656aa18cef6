// The ledger keeps what its suite asks in both databases.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { systemClock } from "../../src/kernel/clock.ts";
import { openPostgresLedger } from "../../src/stores/sql/ledger/open-postgres-ledger.ts";
import { openSqliteLedger } from "../../src/stores/sql/ledger/open-sqlite-ledger.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import { describeLedger } from "../../src/testing/ledger-store-suite.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";
import { type Opening, toOpenedLedger } from "./opened-ledger.ts";

/** On a busy machine a write takes longer than a call should wait. */
const PATIENT = { writeTimeoutMs: 20_000 };
const surroundings = { clock: systemClock, version: "0.0.0" };

async function openInFile(file: string): Promise<Opening> {
  const { reader, ...opened } = await openSqliteLedger({ path: file, ...PATIENT }, surroundings);
  const database = await openSqliteDatabase({ path: file, part: "ledger" });
  return {
    opened,
    database,
    async close() {
      await opened.close();
      await reader.close();
      await database.close();
    },
  };
}

describe("the ledger over SQLite", () => {
  describeLedger({
    test,
    survives: true,
    async open() {
      const dir = await mkdtemp(path.join(tmpdir(), "toolyard-ledger-"));
      return toOpenedLedger(
        () => openInFile(path.join(dir, "ledger.db")),
        () => rm(dir, { recursive: true }),
      );
    },
  });
});

describe.skipIf(!hasPostgres())("the ledger over PostgreSQL", () => {
  let postgres: PrivatePostgres;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());

  const openInDatabase = async (url: string): Promise<Opening> => {
    const database = await openPostgresDatabase({ url, parts: ["ledger"] });
    const opened = await openPostgresLedger({ url }, PATIENT, { ...surroundings, reader: database });
    return {
      opened,
      database,
      async close() {
        await opened.close();
        await database.close();
      },
    };
  };

  describeLedger({
    test,
    survives: true,
    async open() {
      const url = await postgres.createDatabase();
      return toOpenedLedger(
        () => openInDatabase(url),
        async () => {},
      );
    },
  });
});
