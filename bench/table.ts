// Figures as a table for a terminal of 120 columns.
import { type Figure, toRow } from "./figures.ts";
import type { Spread } from "./harness.ts";

const NAME_WIDTH = 48;

/** The figures of one part, under its title. */
export function formatPart(title: string, figures: readonly Figure[]): string {
  const rows = figures.map(formatFigure);
  const bases = new Set(figures.flatMap(({ base }) => (base === null ? [] : [base])));
  const compared = bases.size === 0 ? "" : ` (× ${[...bases].join(", ")})`;
  const header = formatCells(
    "",
    "median",
    "[min – max]",
    bases.size === 0 ? "" : "×",
    bases.size === 0 ? "" : "(min–max)",
    "goal",
  );
  return [`${title}${compared}`, header, ...rows].join("\n");
}

function formatFigure(figure: Figure): string {
  const { holds } = toRow(figure);
  const mark = holds === null ? "" : holds ? " ✓" : " ✗";
  const { name, value, unit, ratio, note } = figure;
  const line = formatCells(
    name,
    `${formatNumber(value.median)} ${unit}`,
    `[${formatEnds(value)}]`,
    ratio === null ? "" : formatNumber(ratio.median),
    ratio === null ? "" : `(${formatEnds(ratio)})`,
    `${formatGoal(figure)}${mark}`,
  );
  return note === null ? line : `${line}\n    ${note}`;
}

function formatCells(
  name: string,
  value: string,
  ends: string,
  ratio: string,
  ratioEnds: string,
  goal: string,
): string {
  const cells = [
    `  ${name}`.padEnd(NAME_WIDTH),
    value.padStart(11),
    ends.padEnd(18),
    ratio.padStart(7),
    ratioEnds.padEnd(15),
    goal,
  ];
  return cells.join(" ").trimEnd();
}

function formatGoal({ goal, unit }: Figure): string {
  if (goal === null) return "";
  return goal.of === "ratio" ? `≤ ${goal.atMost} ×` : `≤ ${goal.atMost} ${unit}`;
}

function formatEnds({ min, max }: Spread): string {
  return `${formatNumber(min)} – ${formatNumber(max)}`;
}

/** Three digits, no exponent. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
