// Usage per minute and per hour. What several processes count for one minute adds up in one row.
import type { SchemaMaker } from "../schema-maker.ts";

export interface UsageTables {
  usage_rows: {
    /** `minute` or `hour`. */
    grain: string;
    /** Epoch ms. */
    start: number;
    tool: string;
    version: string;
    tenant: string;
    principal: string;
    succeeded: number;
    failed: number;
    refused: number;
    measured: number;
    sum_ms: number;
    max_ms: number;
    /** JSON objects of counts. */
    buckets: string;
    errors: string;
    marks: string;
  };
}

export async function createUsageTables({ schema, text, integer, real }: SchemaMaker): Promise<void> {
  await schema
    .createTable("usage_rows")
    .addColumn("grain", text, (column) => column.notNull())
    .addColumn("start", integer, (column) => column.notNull())
    .addColumn("tool", text, (column) => column.notNull())
    .addColumn("version", text, (column) => column.notNull())
    .addColumn("tenant", text, (column) => column.notNull())
    .addColumn("principal", text, (column) => column.notNull())
    .addColumn("succeeded", integer, (column) => column.notNull())
    .addColumn("failed", integer, (column) => column.notNull())
    .addColumn("refused", integer, (column) => column.notNull())
    .addColumn("measured", integer, (column) => column.notNull())
    .addColumn("sum_ms", real, (column) => column.notNull())
    .addColumn("max_ms", real, (column) => column.notNull())
    .addColumn("buckets", text, (column) => column.notNull())
    .addColumn("errors", text, (column) => column.notNull())
    .addColumn("marks", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_rows_pk", ["grain", "start", "tool", "version", "tenant", "principal"])
    .execute();
}

/** The way back. */
export async function dropUsageTables({ schema }: SchemaMaker): Promise<void> {
  await schema.dropTable("usage_rows").execute();
}
