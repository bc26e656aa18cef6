// Tables of the catalog store.
import type { SchemaMaker } from "../schema-maker.ts";

export interface CatalogTables {}

export async function createCatalogTables(_maker: SchemaMaker): Promise<void> {}

/** The way back. */
export async function dropCatalogTables(_maker: SchemaMaker): Promise<void> {}
