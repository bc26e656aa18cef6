// Tables of the usage store.
import type { SchemaMaker } from "../schema-maker.ts";

export interface UsageTables {}

export async function createUsageTables(_maker: SchemaMaker): Promise<void> {}

/** The way back. */
export async function dropUsageTables(_maker: SchemaMaker): Promise<void> {}
