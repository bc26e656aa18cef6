// Tables of the setting store.
import type { SchemaMaker } from "../schema-maker.ts";

export interface SettingTables {}

export async function createSettingTables(_maker: SchemaMaker): Promise<void> {}

/** The way back. */
export async function dropSettingTables(_maker: SchemaMaker): Promise<void> {}
