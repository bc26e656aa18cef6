// How much of each quota is used up: written now and then, so that a restart does not make all of them whole.
import type { SchemaMaker } from "../schema-maker.ts";

export interface QuotaTables {
  quota_levels: {
    key: string;
    /** `token-bucket` or `fixed-window`. */
    algorithm: string;
    capacity: number;
    window_ms: number;
    burst: number;
    /** Millionths of a unit that were owed at `at`. */
    debt: number;
    /** Epoch ms. */
    at: number;
    /** From when on nothing is owed, epoch ms. */
    until: number;
  };
}

export async function createQuotaTables({ schema, text, integer, real }: SchemaMaker): Promise<void> {
  await schema
    .createTable("quota_levels")
    .addColumn("key", text, (column) => column.primaryKey())
    .addColumn("algorithm", text, (column) => column.notNull())
    .addColumn("capacity", real, (column) => column.notNull())
    .addColumn("window_ms", real, (column) => column.notNull())
    .addColumn("burst", real, (column) => column.notNull())
    .addColumn("debt", integer, (column) => column.notNull())
    .addColumn("at", integer, (column) => column.notNull())
    .addColumn("until", integer, (column) => column.notNull())
    .execute();
  await schema.createIndex("quota_levels_until").on("quota_levels").column("until").execute();
}

/** The way back. */
export async function dropQuotaTables({ schema }: SchemaMaker): Promise<void> {
  await schema.dropTable("quota_levels").execute();
}
