// Whether a record is among those that are looked for; what a database does with columns.
import type { AuditFilter, ChainRecord } from "../../ports/audit-reader.ts";

/** Whether the record has everything that the filter asks for. */
export function matchesFilter({ at, kind, index }: ChainRecord, filter: AuditFilter): boolean {
  const { from, until, tenant, principal, tool, code, callId } = filter;
  if (from !== undefined && at < from) return false;
  if (until !== undefined && at >= until) return false;
  const wanted = [
    [filter.kind, kind],
    [tenant, index.tenant],
    [principal, index.principal],
    [tool, index.tool],
    [code, index.code],
    [callId, index.callId],
  ];
  return wanted.every(([expected, value]) => expected === undefined || expected === value);
}
