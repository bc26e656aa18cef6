// A record of a chain as a row. The body is stored as it was hashed; JSON text holds no U+0000. What records are found by
// may, so it is stored without.
import type { Insertable, Selectable } from "kysely";
import type { ChainRecord } from "../../ports/audit-reader.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import type { LedgerTables } from "./tables/ledger-tables.ts";

type Row = LedgerTables["audit_records"];

/** The row of a record. */
export function toRecordRow({ writer, seq, at, kind, bodyText, prev, hash, index }: ChainRecord): Insertable<Row> {
  return {
    writer,
    seq,
    at,
    kind,
    tenant: toColumn(index.tenant),
    principal: toColumn(index.principal),
    tool: toColumn(index.tool),
    code: index.code,
    call_id: toColumn(index.callId),
    body: bodyText,
    prev,
    hash,
  };
}

/** The record of a row. */
export function fromRecordRow(row: Selectable<Row>): ChainRecord {
  const { writer, seq, at, kind, tenant, principal, tool, code, call_id, body, prev, hash } = row;
  return {
    writer,
    seq,
    at,
    kind,
    bodyText: body,
    prev,
    hash,
    index: {
      tenant: fromColumn(tenant),
      principal: fromColumn(principal),
      tool: fromColumn(tool),
      code,
      callId: fromColumn(call_id),
    },
  };
}

function toColumn(text: string | null): string | null {
  return text === null ? null : toStoredText(text);
}

// Whoever changes a row may put anything there; SQLite columns hold what they are given.
function fromColumn(value: string | null): string | null {
  return typeof value === "string" ? fromStoredText(value) : value;
}
