// Secrets as they are kept: sealed, and what tells the master key they are sealed under. The master key is in no table.
import type { SchemaMaker } from "../schema-maker.ts";

export interface SecretTables {
  secrets: {
    name: string;
    revision: number;
    master_key_id: string;
    /** Nonce, ciphertext and tag, base64url. */
    sealed: string;
    changed_at: number;
    changed_by: string | null;
    reason: string | null;
  };
  /** One row, of purpose `master`, once there was a secret. */
  secret_marks: {
    purpose: string;
    mark: string;
  };
}

export async function createSecretTables({ schema, text, integer }: SchemaMaker): Promise<void> {
  await schema
    .createTable("secrets")
    .addColumn("name", text, (column) => column.primaryKey())
    .addColumn("revision", integer, (column) => column.notNull())
    .addColumn("master_key_id", text, (column) => column.notNull())
    .addColumn("sealed", text, (column) => column.notNull())
    .addColumn("changed_at", integer, (column) => column.notNull())
    .addColumn("changed_by", text)
    .addColumn("reason", text)
    .execute();
  await schema
    .createTable("secret_marks")
    .addColumn("purpose", text, (column) => column.primaryKey())
    .addColumn("mark", text, (column) => column.notNull())
    .execute();
}

/** The way back. */
export async function dropSecretTables({ schema }: SchemaMaker): Promise<void> {
  for (const table of ["secret_marks", "secrets"]) await schema.dropTable(table).execute();
}
