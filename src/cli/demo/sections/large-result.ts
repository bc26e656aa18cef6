// Section 14: a result that is too large for a model, cut with a mark from which the model can read on.
import { type Outcome, toModelText } from "../../../index.ts";
import { isCode, PEOPLE, type Section, type Stage } from "../section.ts";

const READER = "toolyard.read_result";
const DAYS = 365;
/** Characters of a page. */
const LIMIT = 4_096;
/** What the mark ends with. */
const CURSOR = /Read on with (\S+) (\{.*\})\]$/;

/** What an answer of the reader holds. */
interface Page {
  readonly text: string;
  readonly next: number | null;
}

interface Place {
  readonly id: string;
  readonly cursor: number;
}

export async function showLargeResult({ registry }: Stage): Promise<Section> {
  const input = { from: "EUR", to: "JPY", days: DAYS };
  const outcome = await registry.execute("rates.history", input, { principal: PEOPLE.user });
  const whole = toModelText(outcome);
  const shown = await registry.results.toModelText(outcome, { principal: PEOPLE.user });
  const [, reader, place] = CURSOR.exec(shown) ?? [];
  const { id, cursor } = JSON.parse(place ?? '{"id":"?","cursor":0}') as Place;
  const pages = await readOn(registry, { id, cursor });
  const read = shown.slice(0, cursor) + pages.map(({ text }) => text).join("");
  const stranger = await registry.execute(READER, { id }, { principal: PEOPLE.admin });
  const limit = registry.get("rates.history")?.result?.maxBytes ?? 0;
  return {
    title: "A result too large to show",
    explanation:
      `A year of rates is a long text, and rates.history shows a model ${toBytes(limit)} at the most. What does not fit is kept for an hour, for the caller alone. ` +
      `A visible mark says how to go on: with ${READER}, a tool that is there from the first such result on.`,
    data: { shown, totalBytes: Buffer.byteLength(whole), pages: pages.length, stranger },
    claims: [
      {
        text: `Of ${toBytes(Buffer.byteLength(whole))} the model was shown ${toBytes(Buffer.byteLength(shown))}, with a mark that names ${READER}.`,
        holds: Buffer.byteLength(shown) <= limit && Buffer.byteLength(whole) > limit && reader === READER,
      },
      {
        text: `It read on in ${pages.length} pages; together they are the whole result, to the letter.`,
        holds: pages.length > 1 && read === whole,
      },
      {
        text: "To somebody else, even an admin, the same id says nothing: RESULT_GONE.",
        holds: isCode(stranger, "TOOL_ERROR") && !stranger.ok && stranger.error.toolCode === "RESULT_GONE",
      },
    ],
    show({ line, paragraph, colors }) {
      line(colors.dim("what the model is shown, its middle left out here:"));
      const mark = shown.lastIndexOf("\n");
      paragraph(`${shown.slice(0, 150)} … ${shown.slice(mark - 50, mark)}`, 2);
      paragraph(shown.slice(mark + 1), 2);
    },
  };
}

/** The pages from a place on. */
async function readOn(registry: Stage["registry"], { id, cursor }: Place): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let next: number | null = cursor; next !== null;) {
    const input = { id, cursor: next, limit: LIMIT };
    const outcome: Outcome = await registry.execute(READER, input, { principal: PEOPLE.user });
    if (!outcome.ok) break;
    const page = outcome.output as Page;
    pages.push(page);
    next = page.next;
  }
  return pages;
}

function toBytes(count: number): string {
  return `${count.toLocaleString("en-US")} bytes`;
}
