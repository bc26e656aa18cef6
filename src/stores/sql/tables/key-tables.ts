// API keys: hashes of them, and what tells the pepper under which they were hashed. The pepper is in no table.
import type { SchemaMaker } from "../schema-maker.ts";

export interface KeyTables {
  api_keys: {
    id: string;
    name: string;
    env: string;
    /** HMAC-SHA-256 of the whole key, hex. */
    hash: string;
    tenant: string;
    principal: string;
    /** A JSON array; null: those of the principal. */
    roles: string | null;
    /** A JSON array. */
    scopes: string;
    created_at: number;
    created_by: string | null;
    expires_at: number | null;
    revoked_at: number | null;
    /** To the minute. */
    last_used_at: number | null;
    replaced_by: string | null;
  };
  /** One row, of purpose `pepper`, once there was a key. */
  key_marks: {
    purpose: string;
    mark: string;
  };
}

export async function createKeyTables({ schema, text, integer }: SchemaMaker): Promise<void> {
  await schema
    .createTable("api_keys")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("env", text, (column) => column.notNull())
    .addColumn("hash", text, (column) => column.notNull())
    .addColumn("tenant", text, (column) => column.notNull())
    .addColumn("principal", text, (column) => column.notNull())
    .addColumn("roles", text)
    .addColumn("scopes", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("created_by", text)
    .addColumn("expires_at", integer)
    .addColumn("revoked_at", integer)
    .addColumn("last_used_at", integer)
    .addColumn("replaced_by", text)
    .execute();
  await schema.createIndex("api_keys_owner").on("api_keys").columns(["tenant", "principal", "id"]).execute();
  await schema
    .createTable("key_marks")
    .addColumn("purpose", text, (column) => column.primaryKey())
    .addColumn("mark", text, (column) => column.notNull())
    .execute();
}

/** The way back. */
export async function dropKeyTables({ schema }: SchemaMaker): Promise<void> {
  for (const table of ["key_marks", "api_keys"]) await schema.dropTable(table).execute();
}
