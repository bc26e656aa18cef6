// Every store in PostgreSQL is held to the suite of its port.
import { afterAll, beforeAll, describe, test } from "vitest";
import type { Stores } from "../../src/ports/stores.ts";
import { createSqlAuditReader } from "../../src/stores/sql/audit-reader.ts";
import type { Database } from "../../src/stores/sql/database.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";
import { describeAuditReader } from "../../src/testing/audit-reader-suite.ts";
import { describeCatalogStore } from "../../src/testing/catalog-store-suite.ts";
import { describeIdempotencyStore } from "../../src/testing/idempotency-store-suite.ts";
import { describeKeyStore } from "../../src/testing/key-store-suite.ts";
import { describeOutcomeStore } from "../../src/testing/outcome-store-suite.ts";
import { describeQuotaLevelStore } from "../../src/testing/quota-level-store-suite.ts";
import { describeSecretStore } from "../../src/testing/secret-store-suite.ts";
import { describeSettingStore } from "../../src/testing/setting-store-suite.ts";
import { describeUsageStore } from "../../src/testing/usage-store-suite.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";
import { putTrail } from "./put-trail.ts";
import { openSharedPostgres, type SharedStores } from "./stored-world.ts";

describe.skipIf(!hasPostgres())("in PostgreSQL", () => {
  let postgres: PrivatePostgres;
  let shared: SharedStores;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
    shared = await openSharedPostgres(postgres.url);
  });
  afterAll(async () => {
    await shared.close();
    await postgres.close();
  });

  const openEmpty = async <Name extends keyof Stores>(name: Name) => {
    await shared.empty();
    return { store: shared.stores[name] };
  };

  describe("the catalogue store", () => {
    describeCatalogStore({ test, open: () => openEmpty("catalog") });
  });
  describe("the setting store", () => {
    describeSettingStore({ test, open: () => openEmpty("settings") });
  });
  describe("the key store", () => {
    describeKeyStore({ test, open: () => openEmpty("keys") });
  });
  describe("the secret store", () => {
    describeSecretStore({ test, open: () => openEmpty("secrets") });
  });
  describe("the outcome store", () => {
    describeOutcomeStore({ test, open: () => openEmpty("outcomes") });
  });
  describe("the usage store", () => {
    describeUsageStore({ test, open: () => openEmpty("usage") });
  });
  describe("the levels of quotas", () => {
    describeQuotaLevelStore({ test, open: () => openEmpty("quotas") });
  });
  describe("the idempotency store", () => {
    describeIdempotencyStore({
      test,
      open: async () => ({ ...(await openEmpty("idempotency")), advance: (ms) => shared.clock.advance(ms) }),
    });
  });

  describe("the reader of the trail", () => {
    let schemas = 0;
    const openTables = (): Promise<Database> =>
      openPostgresDatabase({ url: postgres.url, schema: `reader_${schemas++}`, parts: ["ledger"] });
    describeAuditReader({
      test,
      open: async () => {
        const database = await openTables();
        return {
          reader: createSqlAuditReader(database),
          put: (trail) => putTrail(database, trail),
          close: () => database.close(),
        };
      },
    });
  });
});
