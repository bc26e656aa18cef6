// Blocks of lines beside one another, as many as there is room for.
import { toSafeText } from "./safe-text.ts";
import { toWidth } from "./text-width.ts";

const GAP = 2;
const LEAST_WIDTH = 24;

/** `blocks` in columns of equal width, at most `width` wide in all, with an empty line between the rows. */
export function toBlocks(blocks: readonly string[], width: number): string {
  const safe = blocks.map((block) => toSafeText(block).split("\n"));
  const column = safe.flat().reduce((widest, line) => Math.max(widest, toWidth(line)), LEAST_WIDTH) + GAP;
  const columns = Math.max(1, Math.floor((width + GAP) / column));
  const rows: string[] = [];
  for (let index = 0; index < safe.length; index += columns)
    rows.push(toRow(safe.slice(index, index + columns), column));
  return rows.join("\n\n");
}

function toRow(blocks: readonly (readonly string[])[], column: number): string {
  const height = Math.max(...blocks.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, line) =>
    blocks
      .map((block) => toPadded(block[line] ?? "", column))
      .join("")
      .trimEnd(),
  );
  return lines.join("\n");
}

function toPadded(text: string, width: number): string {
  return `${text}${" ".repeat(Math.max(0, width - toWidth(text)))}`;
}
