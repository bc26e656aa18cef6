// Tables that fit the terminal: columns as wide as their content where there is room; where there is not, the widest
// give way, and their cells wrap or end in "…".
import Table from "cli-table3";
import type { Colors } from "./colors.ts";
import { toSafeLine } from "./safe-text.ts";
import { toTruncated, toWidth, toWrapped } from "./text-width.ts";

/** A colour or style of a text. */
export type Paint = (text: string) => string;

/** The text of a cell, or a text with its colour. Texts are made safe here. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

export interface Column {
  readonly title: string;
  /** @default "left" */
  readonly align?: "left" | "right";
  /** What becomes of a text that is too long. @default "truncate" */
  readonly overflow?: "wrap" | "truncate";
}

const GAP = 2;
const LEAST_WIDTH = 6;
const LEAST_WRAPPING_WIDTH = 16;

/** The table as text of at most `width` columns, without a line break at the end. */
export function toTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  colors: Colors,
): string {
  const cells = rows.map((row) => row.map(toPainted));
  const widths = fit(
    columns.map(({ title, overflow }, index) => ({
      width: naturalWidth(title, cells, index),
      wraps: overflow === "wrap",
    })),
    width,
  );
  const table = new Table({
    chars: NO_LINES,
    colWidths: widths.map((columnWidth) => columnWidth + GAP),
    colAligns: columns.map(({ align = "left" }) => align),
    style: { "padding-left": 0, "padding-right": GAP, head: [], border: [] },
  });
  table.push(columns.map(({ title }, index) => colors.bold(toTruncated(title, widths[index] ?? 0))));
  table.push(widths.map((columnWidth) => colors.dim("─".repeat(columnWidth))));
  for (const row of cells) {
    table.push(
      row.map(({ text, paint }, index) => toContent(text, widths[index] ?? 0, columns[index]?.overflow, paint)),
    );
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function toPainted(cell: Cell): { readonly text: string; readonly paint: Paint } {
  const { text, paint } = typeof cell === "string" ? { text: cell, paint: String } : cell;
  return { text: toSafeLine(text), paint };
}

function toContent(text: string, width: number, overflow: Column["overflow"], paint: Paint): string {
  const lines = overflow === "wrap" ? toWrapped(text, width) : [toTruncated(text, width)];
  return lines.map((line) => (line === "" ? "" : paint(line))).join("\n");
}

function naturalWidth(title: string, cells: readonly (readonly { readonly text: string }[])[], index: number): number {
  return cells.reduce((widest, row) => Math.max(widest, toWidth(row[index]?.text ?? "")), toWidth(title));
}

/** Takes columns from the widest until the row fits; from those that wrap first, as nothing of them is lost. */
function fit(
  natural: readonly { readonly width: number; readonly wraps: boolean }[],
  width: number,
): readonly number[] {
  const widths = natural.map((column) => column.width);
  const wrapping = natural.map(({ wraps }) => wraps);
  let excess = widths.reduce((sum, columnWidth) => sum + columnWidth + GAP, -GAP) - width;
  while (excess > 0) {
    const widest =
      findWidest(widths, LEAST_WRAPPING_WIDTH, (index) => wrapping[index] === true) ??
      findWidest(widths, LEAST_WIDTH, () => true);
    if (widest === null) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function findWidest(widths: readonly number[], least: number, isCandidate: (index: number) => boolean): number | null {
  let widest: number | null = null;
  for (const [index, columnWidth] of widths.entries()) {
    if (columnWidth > least && isCandidate(index) && columnWidth > (widest === null ? 0 : (widths[widest] ?? 0)))
      widest = index;
  }
  return widest;
}

const NO_LINES = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
  ].map((name) => [name, ""]),
);
