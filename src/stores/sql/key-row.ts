// An API key as a row of its table.
import type { Selectable } from "kysely";
import type { StoredKey } from "../../ports/key-store.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import type { KeyTables } from "./tables/key-tables.ts";

type Row = Selectable<KeyTables["api_keys"]>;

/** The row of a key. */
export function toKeyRow(key: StoredKey): Row {
  return {
    id: key.id,
    name: toStoredText(key.name),
    env: key.env,
    hash: key.hash,
    tenant: toStoredText(key.tenant),
    principal: toStoredText(key.principal),
    roles: key.roles === null ? null : JSON.stringify(key.roles),
    scopes: JSON.stringify(key.scopes),
    created_at: key.createdAt,
    created_by: key.createdBy === null ? null : toStoredText(key.createdBy),
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    last_used_at: key.lastUsedAt,
    replaced_by: key.replacedBy,
  };
}

/** The key of a row. */
export function fromKeyRow(row: Row): StoredKey {
  return {
    id: row.id,
    name: fromStoredText(row.name),
    env: row.env,
    hash: row.hash,
    tenant: fromStoredText(row.tenant),
    principal: fromStoredText(row.principal),
    roles: row.roles === null ? null : (JSON.parse(row.roles) as readonly string[]),
    scopes: JSON.parse(row.scopes) as readonly string[],
    createdAt: row.created_at,
    createdBy: row.created_by === null ? null : fromStoredText(row.created_by),
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    replacedBy: row.replaced_by,
  };
}
