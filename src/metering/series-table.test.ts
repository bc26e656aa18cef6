import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Series } from "./series.ts";
import { SeriesTable } from "./series-table.ts";
import { createSummarizer } from "./summary.ts";

const DAY = 1_440;

function record(table: SeriesTable, name: string, minute: number, times = 1, version = "1.0.0"): void {
  const series = table.open(table.take(name, version), minute);
  const cell = series.at(minute);
  for (let time = 0; time < times; time++) {
    if (cell === null) throw new Error("no cell");
    cell.succeeded++;
    cell.measure(time % 100);
  }
}

function count(rows: Iterable<Series>): number {
  const { succeeded, measured } = createSummarizer()([...rows].flatMap(({ cells }) => cells));
  expect(measured).toBe(succeeded);
  return succeeded;
}

function countAll(table: SeriesTable): number {
  return [...table.names()].reduce((sum, name) => sum + count(table.of(name)), count([table.other]));
}

describe("SeriesTable", () => {
  it("keeps the last hour to the minute and what is older to the hour", () => {
    const table = new SeriesTable(DAY);
    for (let minute = 0; minute < 300; minute++) record(table, "a", minute);
    table.tidy(299);
    const [series] = [...table.of("a")];
    const spans = series?.cells.map(({ start, end }) => [start, end]) ?? [];
    expect(spans.slice(0, 4)).toEqual([
      [0, 60],
      [60, 120],
      [120, 180],
      [180, 239],
    ]);
    expect(spans.slice(4)).toEqual(Array.from({ length: 61 }, (_, index) => [239 + index, 240 + index]));
  });

  it("drops what is past the retention, and rows with nothing left", () => {
    const table = new SeriesTable(DAY);
    record(table, "a", 0);
    record(table, "b", 0);
    record(table, "a", DAY);
    expect(countAll(table)).toBe(3);
    record(table, "a", DAY + 60);
    expect([...table.names()]).toEqual(["a"]);
    expect(countAll(table)).toBe(2);
    table.tidy(3 * DAY);
    expect(table.size).toBe(0);
    expect(table.bytes).toBe(0);
  });

  it("gives a row that was dropped a new place when it is used again", () => {
    const table = new SeriesTable(DAY);
    const series = table.take("a", "1.0.0");
    table.open(series, 0);
    table.tidy(2 * DAY);
    expect(series.dropped).toBe(true);
    const live = table.open(series, 2 * DAY);
    expect(live).not.toBe(series);
    expect([...table.of("a")]).toEqual([live]);
  });

  it("keeps every count under pressure, within its bounds", () => {
    const step = fc.record({
      tool: fc.nat({ max: 30 }),
      pause: fc.nat({ max: 7 }),
      times: fc.constantFrom(1, 20, 2_500),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120, size: "max" }), (steps) => {
        const bounds = { series: 8, bytes: 300_000 };
        const table = new SeriesTable(DAY, bounds);
        let minute = 0;
        let recorded = 0;
        for (const { tool, pause, times } of steps) {
          minute += pause;
          record(table, `t${tool}`, minute, times);
          recorded += times;
          expect(table.size).toBeLessThanOrEqual(bounds.series);
          // What one minute adds before the next looks: a histogram for each row, and for "(other)".
          expect(table.bytes).toBeLessThanOrEqual(bounds.bytes + (bounds.series + 1) * 40_000);
        }
        expect(minute).toBeLessThan(DAY);
        expect(countAll(table)).toBe(recorded);
      }),
      { numRuns: 40 },
    );
  });

  it("makes old time coarser before it drops a tool", () => {
    const table = new SeriesTable(DAY, { series: 100, bytes: 2_000_000 });
    for (let minute = 0; minute < 600; minute++) {
      for (const name of ["a", "b"]) record(table, name, minute, 2_100);
    }
    expect([...table.names()]).toEqual(["a", "b"]);
    expect(count([table.other])).toBe(0);
    expect(countAll(table)).toBe(600 * 2 * 2_100);
    expect(table.bytes).toBeLessThan(2_100_000);
    for (const name of ["a", "b"]) {
      for (const { cells } of table.of(name)) expect(Math.max(...cells.map(({ start, end }) => end - start))).toBe(60);
    }
  });

  it("drops the least recently used tool, and counts it in (other)", () => {
    const table = new SeriesTable(DAY, { series: 2, bytes: 1e9 });
    record(table, "a", 0, 3);
    record(table, "b", 1, 5);
    record(table, "a", 2, 1);
    record(table, "c", 3, 7);
    expect([...table.names()]).toEqual(["a", "c"]);
    expect(count([table.other])).toBe(5);
  });
});
