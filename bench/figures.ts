// A figure is one line of what a benchmark shows: a value, the one it is compared with, and the goal it has to meet.
import type { Measured, Spread } from "./harness.ts";

/** What a figure must not exceed: the ratio of the same run, or the value itself. */
export interface Goal {
  readonly of: "ratio" | "value";
  readonly atMost: number;
}

export type Unit = "ns" | "µs" | "ms" | "MB" | "MB/min";

export interface Figure {
  readonly name: string;
  readonly value: Spread;
  readonly unit: Unit;
  /** What it is compared with; null when it stands alone. */
  readonly base: string | null;
  readonly ratio: Spread | null;
  readonly goal: Goal | null;
  /** What a reader has to know to read the figure right. */
  readonly note: string | null;
}

/** What `--json` prints of a figure. */
export interface FigureRow {
  readonly name: string;
  /** Median. */
  readonly value: number;
  readonly unit: string;
  readonly base: string | null;
  /** Median of the rounds' ratios; null without a base. */
  readonly ratio: number | null;
  /** `ratio <= 3.5` or `value <= 60`; null for a figure that is only shown. */
  readonly goal: string | null;
  readonly holds: boolean | null;
}

const NS_PER: Readonly<Record<"ns" | "µs" | "ms", number>> = { ns: 1, µs: 1e3, ms: 1e6 };

export interface FigureParts {
  readonly unit: "ns" | "µs" | "ms";
  /** Name of the base; left out, the figure stands alone. */
  readonly base?: string;
  readonly goal?: Goal;
  readonly note?: string;
  /** How many things one time of the contender does. @default 1 */
  readonly per?: number;
}

/** The figure of a measured contender. */
export function toFigure({ name, ns, ratio }: Measured, { unit, base, goal, note, per = 1 }: FigureParts): Figure {
  return {
    name,
    value: scale(ns, 1 / (NS_PER[unit] * per)),
    unit,
    base: base ?? null,
    ratio: base === undefined ? null : ratio,
    goal: goal ?? null,
    note: note ?? null,
  };
}

/** `--json`'s row. What holds is decided from the numbers printed, so that a reader comes to the same. */
export function toRow({ name, value, unit, base, ratio, goal }: Figure): FigureRow {
  const shown = { value: round(value.median), ratio: ratio === null ? null : round(ratio.median) };
  const judged = goal === null ? null : shown[goal.of];
  return {
    name,
    value: shown.value,
    unit,
    base,
    ratio: shown.ratio,
    goal: goal === null ? null : `${goal.of} <= ${goal.atMost}`,
    // What could not be measured (NaN) does not hold either.
    holds: goal === null ? null : judged !== null && judged <= goal.atMost,
  };
}

/** 0 when every goal holds, otherwise 1. */
export function toExitCode(figures: readonly Figure[]): 0 | 1 {
  return figures.every((figure) => toRow(figure).holds !== false) ? 0 : 1;
}

/** To four significant digits. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}

function scale({ median, min, max }: Spread, factor: number): Spread {
  return { median: median * factor, min: min * factor, max: max * factor };
}
