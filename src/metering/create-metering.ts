// Metering of one registry. Counts go into the cell of the current minute; everything else happens at the turn of a
// minute or when somebody reads. Only the monotonic clock decides what is old: a step of the wall clock moves nothing
// but the timestamps shown.
import { ToolError } from "../errors/tool-error.ts";
import type { Clock } from "../kernel/clock.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Cell, Mark } from "./cell.ts";
import { checkValue, CustomMetrics } from "./custom-metrics.ts";
import { formatReport } from "./format-usage.ts";
import type { MeteredPrincipal, Meter, Metering, MeteringCore, MeteringOptions } from "./metering.ts";
import { readMeteringOptions } from "./options.ts";
import { PrincipalLedger } from "./principal-ledger.ts";
import { type BreakerReader, createReader } from "./reader.ts";
import type { Series } from "./series.ts";
import { type Bounds, SeriesTable } from "./series-table.ts";

const MINUTE_MS = 60_000;

const SILENT: Meter = Object.freeze({ record: () => {}, add: () => {} });

interface MeteringParts {
  readonly clock: Clock;
  readonly bounds?: Bounds;
  /** @default no tool has a breaker */
  readonly breakerOf?: BreakerReader;
}

/** What the meters of one registry share. */
interface Book {
  readonly clock: Clock;
  readonly table: SeriesTable;
  /** null: not by principal. */
  readonly principals: PrincipalLedger | null;
}

/**
 * Creates the metering of a registry. Throws INVALID_OPTION, naming every problem.
 *
 * The last hour is kept to the minute and the time before to the hour, so what is counted reaches back at most an hour
 * more than the retention. Memory follows the traffic: 8 bytes a call, at most 39 KB a minute and tool, at most about
 * 64 MB in all; beyond that old time gets coarser first, and then the least recently used tools share one row `(other)`.
 */
export function createMetering(
  options: MeteringOptions,
  { clock, bounds, breakerOf = () => null }: MeteringParts,
): MeteringCore {
  const { retentionMs, byPrincipal, enabled } = readMeteringOptions(options);
  const retention = Math.ceil(retentionMs / MINUTE_MS);
  const table = new SeriesTable(retention, bounds);
  const principals = byPrincipal ? new PrincipalLedger(retention) : null;
  const book: Book = { clock, table, principals };
  const customs = new CustomMetrics(table);
  const reader = createReader({ clock, table, principals, customs, retentionMs, breakerOf });
  return {
    meter: (name, version) => (enabled ? new SeriesMeter(book, table.take(name, version)) : SILENT),
    unknown: enabled ? new SeriesMeter(book, table.unknown) : SILENT,
    track: createTrack(book, customs, enabled),
    count(name, value = 1) {
      checkValue(name, value, Number.MAX_VALUE);
      const series = customs.take(name, "count");
      if (enabled) toCell(book, series).sum += value;
    },
    observe(name, value) {
      checkValue(name, value);
      const series = customs.take(name, "observation");
      if (enabled) toCell(book, series).measure(value);
    },
    custom: reader.custom,
    usage: reader.usage,
    report: reader.report,
    format: () => formatReport(reader.report()),
    reset() {
      customs.clear();
      table.clear();
      principals?.clear();
      reader.restart();
    },
  };
}

class SeriesMeter implements Meter {
  readonly #book: Book;
  #series: Series;

  constructor(book: Book, series: Series) {
    this.#book = book;
    this.#series = series;
  }

  record(durationMs: number, code: string | null, entered: boolean, principal: MeteredPrincipal | null): void {
    const { principals, clock } = this.#book;
    const minute = Math.floor(clock.monotonic() / MINUTE_MS);
    const cell = this.#cell(minute);
    if (code === null) cell.succeeded++;
    else {
      if (entered) cell.failed++;
      else cell.refused++;
      cell.countError(code, 1);
    }
    if (entered) cell.measure(durationMs);
    if (principals !== null && principal !== null) principals.record(this.#series, principal, code, entered, minute);
  }

  add(mark: Mark, times: number): void {
    this.#cell(Math.floor(this.#book.clock.monotonic() / MINUTE_MS)).countMark(mark, times);
  }

  #cell(minute: number): Cell {
    const open = this.#series.at(minute);
    if (open !== null) return open;
    this.#series = this.#book.table.open(this.#series, minute);
    return this.#series.at(minute) as Cell;
  }
}

function toCell(book: Book, series: Series): Cell {
  const minute = Math.floor(book.clock.monotonic() / MINUTE_MS);
  return series.at(minute) ?? (book.table.open(series, minute).at(minute) as Cell);
}

type Work<T> = () => MaybePromise<T>;

interface TrackOptions {
  readonly principal?: MeteredPrincipal;
}

const NO_OPTIONS: TrackOptions = Object.freeze({});

function createTrack(book: Book, customs: CustomMetrics, enabled: boolean): Metering["track"] {
  const { clock } = book;
  return async <T>(name: string, given: TrackOptions | Work<T>, last?: Work<T>): Promise<T> => {
    const work = typeof given === "function" ? given : (last as Work<T>);
    const { principal = null } = typeof given === "function" ? NO_OPTIONS : given;
    const series = customs.take(name, "work");
    const startedAt = clock.monotonic();
    const record = (code: string | null): void => {
      // After a reset the row is gone, and counting into it would take memory that nobody gives back.
      if (!enabled || customs.get(name)?.series !== series) return;
      new SeriesMeter(book, series).record(clock.monotonic() - startedAt, code, true, principal);
    };
    try {
      const result = await work();
      record(null);
      return result;
    } catch (error) {
      record(error instanceof ToolError ? "TOOL_ERROR" : "TOOL_FAILED");
      throw error;
    }
  };
}
