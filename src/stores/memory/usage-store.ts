// Usage in memory: what a store in a database is held against, and for tests.
import { compareBytes } from "../../kernel/compare-bytes.ts";
import { addUsage, toHourRow } from "../../metering/index.ts";
import type { UsageFilter, UsageRow, UsageStore } from "../../ports/usage-store.ts";

/** A usage store that answers at once. */
export interface MemoryUsageStore extends UsageStore {
  add(rows: readonly UsageRow[]): void;
  read(filter: UsageFilter, limit: number, offset: number): readonly UsageRow[];
  prune(minutesBefore: number, hoursBefore: number): number;
}

type Rows = Map<string, UsageRow>;

/** Creates a store in which nothing is counted. */
export function createMemoryUsageStore(): MemoryUsageStore {
  const minutes: Rows = new Map();
  const hours: Rows = new Map();
  return {
    add(rows) {
      for (const row of rows) {
        addTo(minutes, row);
        addTo(hours, toHourRow(row));
      }
    },
    read: ({ grain, from, until, tool, tenant, principal }, limit, offset) =>
      [...(grain === "minute" ? minutes : hours).values()]
        .filter((row) => row.start >= from && row.start < until)
        .filter((row) => tool === undefined || row.tool === tool)
        .filter((row) => tenant === undefined || row.tenant === tenant)
        .filter((row) => principal === undefined || row.principal === principal)
        .sort(
          (a, b) =>
            a.start - b.start ||
            compareBytes(a.tool, b.tool) ||
            compareBytes(a.version, b.version) ||
            compareBytes(a.tenant, b.tenant) ||
            compareBytes(a.principal, b.principal),
        )
        .slice(offset, offset + limit),
    prune: (minutesBefore, hoursBefore) => forget(minutes, minutesBefore) + forget(hours, hoursBefore),
  };
}

function addTo(rows: Rows, row: UsageRow): void {
  const key = JSON.stringify([row.start, row.tool, row.version, row.tenant, row.principal]);
  const known = rows.get(key);
  rows.set(key, known === undefined ? row : addUsage(known, row));
}

function forget(rows: Rows, before: number): number {
  const old = [...rows].filter(([, { start }]) => start < before);
  for (const [key] of old) rows.delete(key);
  return old.length;
}
