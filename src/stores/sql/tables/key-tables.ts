// Tables of the key store.
import type { SchemaMaker } from "../schema-maker.ts";

export interface KeyTables {}

export async function createKeyTables(_maker: SchemaMaker): Promise<void> {}

/** The way back. */
export async function dropKeyTables(_maker: SchemaMaker): Promise<void> {}
