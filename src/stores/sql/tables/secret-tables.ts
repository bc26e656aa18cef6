// Tables of the secret store.
import type { SchemaMaker } from "../schema-maker.ts";

export interface SecretTables {}

export async function createSecretTables(_maker: SchemaMaker): Promise<void> {}

/** The way back. */
export async function dropSecretTables(_maker: SchemaMaker): Promise<void> {}
