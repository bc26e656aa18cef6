import { describe, expect, it } from "vitest";
import { CustomMetrics } from "./custom-metrics.ts";
import { SeriesTable } from "./series-table.ts";

describe("CustomMetrics", () => {
  it("gives the memory of its rows back when it is cleared", () => {
    const table = new SeriesTable(1_440);
    const customs = new CustomMetrics(table);
    const series = customs.take("a", "observation");
    table.open(series, 0);
    series.at(0)?.measure(1);
    expect(table.bytes).toBeGreaterThan(0);
    customs.clear();
    expect(table.bytes).toBe(0);
    expect(customs.get("a")).toBeUndefined();
  });

  it("lists by name what is of the kinds asked for", () => {
    const customs = new CustomMetrics(new SeriesTable(1_440));
    for (const [name, kind] of [
      ["c", "count"],
      ["b", "work"],
      ["a", "observation"],
    ] as const)
      customs.take(name, kind);
    expect(customs.list("count", "observation").map(({ series }) => series.name)).toEqual(["a", "c"]);
    expect(customs.list("work").map(({ series }) => series.name)).toEqual(["b"]);
  });
});
