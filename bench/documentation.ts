// The place in `docs/performance.md` where the last table stands.
import { readFileSync, writeFileSync } from "node:fs";

const PAGE = new URL("../docs/performance.md", import.meta.url);
const BEGIN = "<!-- the last table: npm run bench -- --write -->";
const END = "<!-- end of the table -->";

/** Puts `table` in the place of the one before. */
export function writeTable(table: string): void {
  writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), table));
}

/** `page` with `table` between its marks. Throws when it has none. */
export function withTable(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`the page has no place for a table: expected ${BEGIN} and ${END}`);
  return `${page.slice(0, begin)}${BEGIN}\n\n\`\`\`text\n${table}\n\`\`\`\n\n${page.slice(end)}`;
}
