// Forgetting and merging: cells past the retention are dropped, older ones are merged into longer stretches. A merge
// loses no count; it only makes the time at which counts expire coarser.
import type { Cell } from "./cell.ts";

/** How finely time is kept, in minutes. */
export interface Grain {
  /** Cells younger than this stay as they are. */
  readonly fine: number;
  /** Older cells within one aligned span of this length become one. */
  readonly span: number;
}

/**
 * The grains for a retention, the usual one first: to the minute for an hour, then to the hour. The others are for want
 * of memory, ever coarser.
 */
export function toGrains(retention: number): readonly Grain[] {
  return [
    { fine: 60, span: 60 },
    { fine: 5, span: 60 },
    { fine: 5, span: Math.max(60, Math.ceil(retention / 4)) },
    { fine: 0, span: Math.max(60, retention) },
  ];
}

/** Drops what ended `retention` minutes before `minute` or earlier, and merges the rest to `grain`. In place. */
export function compact(cells: Cell[], minute: number, retention: number, grain: Grain): void {
  let kept = 0;
  for (const cell of cells) {
    if (cell.end <= minute - retention) {
      cell.release();
      continue;
    }
    const before = kept === 0 ? undefined : cells[kept - 1];
    if (before !== undefined && areOne(before, cell, minute, grain)) before.absorb(cell);
    else cells[kept++] = cell;
  }
  cells.length = kept;
}

function areOne(before: Cell, cell: Cell, minute: number, grain: Grain): boolean {
  if (before.start === cell.start) return true;
  return (
    cell.end <= minute - grain.fine && Math.floor(before.start / grain.span) === Math.floor(cell.start / grain.span)
  );
}
