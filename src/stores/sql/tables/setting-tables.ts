// What operators set at run time, one row for each thing of each kind.
import type { SchemaMaker } from "../schema-maker.ts";

export interface SettingTables {
  settings: {
    kind: string;
    id: string;
    /** Grows by one with every change. */
    revision: number;
    /** JSON. */
    body: string;
    at: number;
    by: string | null;
    reason: string | null;
  };
}

export async function createSettingTables({ schema, text, integer }: SchemaMaker): Promise<void> {
  await schema
    .createTable("settings")
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("revision", integer, (column) => column.notNull())
    .addColumn("body", text, (column) => column.notNull())
    .addColumn("at", integer, (column) => column.notNull())
    .addColumn("by", text)
    .addColumn("reason", text)
    .addPrimaryKeyConstraint("settings_pk", ["kind", "id"])
    .execute();
}

/** The way back. */
export async function dropSettingTables({ schema }: SchemaMaker): Promise<void> {
  await schema.dropTable("settings").execute();
}
