// Every step there is, in order. A step that was released is never changed: another one follows it.
import { createCatalogTables, dropCatalogTables } from "../tables/catalog-tables.ts";
import { createKeyTables, dropKeyTables } from "../tables/key-tables.ts";
import { createLedgerTables, dropLedgerTables } from "../tables/ledger-tables.ts";
import { createQuotaTables, dropQuotaTables } from "../tables/quota-tables.ts";
import { createSecretTables, dropSecretTables } from "../tables/secret-tables.ts";
import { createSettingTables, dropSettingTables } from "../tables/setting-tables.ts";
import { createUsageTables, dropUsageTables } from "../tables/usage-tables.ts";
import type { Migration } from "./migration.ts";

export const MIGRATIONS: readonly Migration[] = [
  {
    part: "state",
    version: 1,
    needs: 1,
    async up(maker) {
      await createCatalogTables(maker);
      await createSettingTables(maker);
      await createKeyTables(maker);
      await createSecretTables(maker);
    },
    async down(maker) {
      await dropSecretTables(maker);
      await dropKeyTables(maker);
      await dropSettingTables(maker);
      await dropCatalogTables(maker);
    },
  },
  {
    part: "ledger",
    version: 1,
    needs: 1,
    async up(maker) {
      await createLedgerTables(maker);
      await createUsageTables(maker);
    },
    async down(maker) {
      await dropUsageTables(maker);
      await dropLedgerTables(maker);
    },
  },
  { part: "ledger", version: 2, needs: 1, up: createQuotaTables, down: dropQuotaTables },
];
