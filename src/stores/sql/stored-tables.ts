// Every table there is, with the columns that tell its rows apart: what a backup reads and a restore fills.
// INVARIANT: complete, see stored-tables.test.ts; a table that were missing here would be missing in every backup.
import type { Part, Tables } from "./database.ts";

export interface StoredTable {
  readonly part: Part;
  readonly name: Exclude<keyof Tables, "schema_versions">;
  /** Its primary key, in the order in which rows are read. */
  readonly key: readonly string[];
}

/** The tables of both parts. Not `schema_versions`: what it says goes with the tables themselves. */
export const STORED_TABLES: readonly StoredTable[] = [
  { part: "state", name: "catalog_tools", key: ["name"] },
  { part: "state", name: "catalog_versions", key: ["name", "version"] },
  { part: "state", name: "catalog_definitions", key: ["name", "version"] },
  { part: "state", name: "api_keys", key: ["id"] },
  { part: "state", name: "key_marks", key: ["purpose"] },
  { part: "state", name: "secrets", key: ["name"] },
  { part: "state", name: "secret_marks", key: ["purpose"] },
  { part: "state", name: "settings", key: ["kind", "id"] },
  { part: "ledger", name: "audit_records", key: ["writer", "seq"] },
  { part: "ledger", name: "audit_chains", key: ["writer"] },
  { part: "ledger", name: "open_intents", key: ["call_id"] },
  { part: "ledger", name: "claims", key: ["key"] },
  { part: "ledger", name: "unknown_outcomes", key: ["id"] },
  { part: "ledger", name: "quota_levels", key: ["key"] },
  { part: "ledger", name: "usage_rows", key: ["grain", "start", "tool", "version", "tenant", "principal"] },
];

/** Those of one part. */
export function toTablesOf(part: Part): readonly StoredTable[] {
  return STORED_TABLES.filter((table) => table.part === part);
}
