// Tables of the ledger store.
import type { SchemaMaker } from "../schema-maker.ts";

export interface LedgerTables {}

export async function createLedgerTables(_maker: SchemaMaker): Promise<void> {}

/** The way back. */
export async function dropLedgerTables(_maker: SchemaMaker): Promise<void> {}
