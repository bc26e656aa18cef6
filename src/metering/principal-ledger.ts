// Counts per principal and row, by the hour. Bounded in all: beyond the bound the least recently used entry of the
// oldest hour is counted in a row "(other)" of its series.
import type { MeteredPrincipal } from "./metering.ts";
import type { Series } from "./series.ts";
import { OTHER } from "./series-table.ts";
import type { PrincipalUsage } from "./usage.ts";

interface Entry {
  readonly name: string;
  readonly version: string | null;
  readonly tenant: string;
  readonly principal: string;
  succeeded: number;
  failed: number;
  refused: number;
}

interface Hour {
  readonly hour: number;
  /** In order of use. */
  readonly entries: Map<string, Entry>;
  /** What was dropped, by row. */
  readonly others: Map<string, Entry>;
}

const MAX_PRINCIPALS = 10_000;

export class PrincipalLedger {
  readonly #retentionHours: number;
  readonly #max: number;
  readonly #hours: Hour[] = [];
  #size = 0;

  /** @param retention minutes */
  constructor(retention: number, max: number = MAX_PRINCIPALS) {
    this.#retentionHours = Math.ceil(retention / 60);
    this.#max = max;
  }

  /** Entries kept, those of "(other)" not counted. */
  get size(): number {
    return this.#size;
  }

  /** Counts one call in `minute`. */
  record(series: Series, principal: MeteredPrincipal, code: string | null, entered: boolean, minute: number): void {
    const { entries } = this.#open(Math.floor(minute / 60));
    const tenant = principal.tenant ?? "default";
    const key = `${toRowKey(series)}\0${tenant}\0${principal.id}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = {
        name: series.name,
        version: series.version,
        tenant,
        principal: principal.id,
        succeeded: 0,
        failed: 0,
        refused: 0,
      };
      this.#size++;
    } else entries.delete(key);
    entries.set(key, entry);
    if (code === null) entry.succeeded++;
    else if (entered) entry.failed++;
    else entry.refused++;
    if (this.#size > this.#max) this.#dropOldest();
  }

  /** What each principal did in the rows of `wanted`, most calls first. */
  read(wanted: (name: string, version: string | null) => boolean, minute: number): readonly PrincipalUsage[] {
    this.tidy(minute);
    const sums = new Map<string, Entry>();
    for (const { entries, others } of this.#hours) {
      for (const source of [entries, others]) {
        for (const entry of source.values()) {
          if (wanted(entry.name, entry.version)) add(sums, `${entry.tenant}\0${entry.principal}`, entry);
        }
      }
    }
    return [...sums.values()].map(toUsage).sort((a, b) => b.calls - a.calls || (a.principal < b.principal ? -1 : 1));
  }

  /** Drops the hours that are past the retention. */
  tidy(minute: number): void {
    const oldest = Math.floor(minute / 60) - this.#retentionHours;
    while (this.#hours[0] !== undefined && this.#hours[0].hour < oldest) {
      this.#size -= this.#hours[0].entries.size;
      this.#hours.shift();
    }
  }

  clear(): void {
    this.#hours.length = 0;
    this.#size = 0;
  }

  #open(hour: number): Hour {
    const last = this.#hours.at(-1);
    if (last !== undefined && last.hour === hour) return last;
    this.tidy(hour * 60);
    const opened: Hour = { hour, entries: new Map(), others: new Map() };
    this.#hours.push(opened);
    return opened;
  }

  #dropOldest(): void {
    for (const { entries, others } of this.#hours) {
      for (const [key, entry] of entries) {
        entries.delete(key);
        this.#size--;
        add(others, toRowKey(entry), { ...entry, tenant: OTHER, principal: OTHER });
        return;
      }
    }
  }
}

function toRowKey({ name, version }: { readonly name: string; readonly version: string | null }): string {
  return `${name}@${version ?? ""}`;
}

function add(sums: Map<string, Entry>, key: string, entry: Entry): void {
  const sum = sums.get(key);
  if (sum === undefined) {
    sums.set(key, { ...entry });
    return;
  }
  sum.succeeded += entry.succeeded;
  sum.failed += entry.failed;
  sum.refused += entry.refused;
}

function toUsage({ tenant, principal, succeeded, failed, refused }: Entry): PrincipalUsage {
  return { tenant, principal, calls: succeeded + failed + refused, succeeded, failed, refused };
}
