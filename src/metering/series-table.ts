// All rows of a metering, bounded in number and memory: for want of room time gets coarser first, oldest first, and only
// then are the least recently used tools dropped, into one row "(other)".
import { type Grain, toGrains } from "./compact.ts";
import { createMemoryAccount, type MemoryAccount } from "./samples.ts";
import { Series } from "./series.ts";

export interface Bounds {
  /** Tool versions, 1 or more. */
  readonly series: number;
  /** Estimated bytes, all rows together. */
  readonly bytes: number;
}

const DEFAULT_BOUNDS: Bounds = Object.freeze({ series: 10_000, bytes: 64 * 1_024 * 1_024 });

export const UNKNOWN = "(unknown)";
export const OTHER = "(other)";

export class SeriesTable {
  /** Calls of tools that do not exist. */
  readonly unknown: Series;
  /** What was dropped for want of room. */
  readonly other: Series;
  readonly #retention: number;
  readonly #bounds: Bounds;
  readonly #grains: readonly Grain[];
  readonly #account: MemoryAccount = createMemoryAccount();
  readonly #tools = new Map<string, Map<string, Series>>();
  readonly #pinned = new Set<Series>();
  #size = 0;
  #walk: Iterator<Series> = this.#all();
  #relievedMinute = -1;

  /** @param retention minutes */
  constructor(retention: number, bounds: Bounds = DEFAULT_BOUNDS) {
    this.#retention = retention;
    this.#bounds = bounds;
    this.#grains = toGrains(retention);
    this.unknown = this.pin(UNKNOWN);
    this.other = this.pin(OTHER);
  }

  /** Estimated bytes in use. */
  get bytes(): number {
    return this.#account.bytes;
  }

  /** How many tool versions have a row. */
  get size(): number {
    return this.#size;
  }

  /** A row that is never dropped: one of a bounded set of names. */
  pin(name: string): Series {
    const series = new Series(name, null, this.#account);
    this.#pinned.add(series);
    return series;
  }

  /** Drops a row that `pin` made. */
  unpin(series: Series): void {
    series.clear();
    this.#pinned.delete(series);
  }

  /** The row of a tool version, made when there is none. */
  take(name: string, version: string): Series {
    let versions = this.#tools.get(name);
    const found = versions?.get(version);
    if (found !== undefined) return found;
    if (this.#size >= this.#bounds.series) this.#dropSome();
    versions = this.#tools.get(name);
    if (versions === undefined) this.#tools.set(name, (versions = new Map()));
    const series = new Series(name, version, this.#account);
    versions.set(version, series);
    this.#size++;
    return series;
  }

  /** The rows of one tool, no matter which versions. */
  of(name: string): Iterable<Series> {
    return this.#tools.get(name)?.values() ?? [];
  }

  /** Names of tools with a row. */
  names(): Iterable<string> {
    return this.#tools.keys();
  }

  /** Opens the cell of `minute` in `series`, or in the row that took its place; returns the row that now has it. */
  open(series: Series, minute: number): Series {
    this.#tidyNext(minute);
    if (this.bytes > this.#bounds.bytes && minute !== this.#relievedMinute) this.#relieve(minute);
    const live = series.dropped ? this.take(series.name, series.version ?? "") : series;
    if (live.at(minute) !== null) return live;
    live.tidyNowAndThen(minute, this.#retention, this.#usual);
    live.open(minute);
    return live;
  }

  /** Drops and merges what has become old, and rows with nothing left in them. */
  tidy(minute: number): void {
    for (const series of this.#all()) {
      series.tidy(minute, this.#retention, this.#usual);
      if (series.version !== null && series.cells.length === 0) this.#remove(series);
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const series of this.#all()) {
      series.clear();
      if (series.version !== null) this.#remove(series);
    }
    this.#account.pool.length = 0;
  }

  /** One more row each time a row begins a minute: those that nobody calls get their turn, and no call pays for all. */
  #tidyNext(minute: number): void {
    const { value: series, done } = this.#walk.next();
    if (done === true) {
      this.#walk = this.#all();
      return;
    }
    series.tidyNowAndThen(minute, this.#retention, this.#usual);
    if (series.version !== null && series.cells.length === 0) this.#remove(series);
  }

  get #usual(): Grain {
    return this.#grains[0] as Grain;
  }

  *#all(): Generator<Series, undefined> {
    yield* this.#pinned;
    for (const versions of this.#tools.values()) yield* versions.values();
  }

  /** INVARIANT: no count is lost, see "keeps every count under pressure". */
  #relieve(minute: number): void {
    this.#relievedMinute = minute;
    const goal = this.#bounds.bytes * 0.75;
    for (const grain of this.#grains) {
      for (const series of this.#all()) series.tidy(minute, this.#retention, grain);
      if (this.bytes <= goal) return;
    }
    for (const series of this.#leastRecentFirst()) {
      if (this.bytes <= goal) return;
      this.#drop(series, minute);
    }
  }

  /** Several at once, so that a flood of versions does not sort the table for each. */
  #dropSome(): void {
    const count = Math.max(1, this.#bounds.series >> 4);
    for (const series of this.#leastRecentFirst().slice(0, count)) this.#drop(series, series.lastMinute);
  }

  #leastRecentFirst(): Series[] {
    const droppable = [...this.#all()].filter(({ version }) => version !== null);
    return droppable.sort((a, b) => a.lastMinute - b.lastMinute);
  }

  #drop(series: Series, minute: number): void {
    this.other.absorb(series, minute, this.#retention, this.#grains.at(-1) as Grain);
    this.#remove(series);
  }

  #remove(series: Series): void {
    series.dropped = true;
    const versions = this.#tools.get(series.name);
    if (versions === undefined || !versions.delete(series.version ?? "")) return;
    this.#size--;
    if (versions.size === 0) this.#tools.delete(series.name);
  }
}
