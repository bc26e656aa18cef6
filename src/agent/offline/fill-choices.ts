// Arguments that are one of a tool's accepted values, and yes-or-no ones.
import { type Filling, getFree, getOpen, put } from "./filling.ts";
import { toMonthNumber } from "./calendar.ts";
import type { Parameter } from "./parameter.ts";
import { isTaken, type Span } from "./span.ts";
import { toStem, toStems, type Word } from "./words.ts";

const MAX_CHOICES = 500;
const MAX_CHOICE_WORDS = 6;
const NO = new Set(["no", "not", "without", "don't", "never", "exclude"]);

interface Hit extends Span {
  readonly choice: string | number;
}

/** Takes accepted values that the clause mentions. */
export function fillChoices(filling: Filling): void {
  for (const parameter of getOpen(filling, ({ role }) => role === "enum")) {
    const hits = parameter.choices.slice(0, MAX_CHOICES).flatMap((choice) => findChoice(filling, choice) ?? []);
    // The longest mention wins: "partly sunny" also mentions "sunny".
    const [best] = [...hits].sort((a, b) => b.end - b.start - (a.end - a.start));
    if (best === undefined) continue;
    if (parameter.isList)
      put(
        filling,
        parameter,
        hits.map(({ choice }) => choice),
        "typed",
        ...hits,
      );
    else put(filling, parameter, best.choice, "typed", best);
  }
  for (const parameter of getOpen(filling, ({ role, isList }) => role === "boolean" && !isList))
    fillSwitch(filling, parameter);
}

function findChoice(filling: Filling, choice: string | number): Hit | null {
  if (typeof choice === "number") {
    const number = getFree(filling, ["number"]).find(({ value }) => value === choice);
    return number === undefined ? null : { choice, start: number.start, end: number.end };
  }
  const month = toMonthNumber(choice);
  const named = month === 0 ? undefined : getFree(filling, ["month"]).find(({ value }) => value === month);
  if (named !== undefined) return { choice, start: named.start, end: named.end };
  return findWords(filling, choice);
}

function findWords({ clause, used }: Filling, choice: string): Hit | null {
  const wanted = choice
    .toLowerCase()
    .split(/[\s_.-]+/)
    .filter((word) => word !== "");
  if (wanted.length === 0 || wanted.length > MAX_CHOICE_WORDS) return null;
  for (let index = 0; index + wanted.length <= clause.words.length; index++) {
    const run = clause.words.slice(index, index + wanted.length);
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined || !run.every((word, offset) => isSame(word, wanted[offset] ?? "")))
      continue;
    const hit = { choice, start: first.start, end: last.end };
    if (!isTaken(hit, used)) return hit;
  }
  return null;
}

function isSame({ text, stem }: Word, wanted: string): boolean {
  return text.toLowerCase() === wanted || (stem.length > 2 && stem === toStem(wanted));
}

/** `with details` turns the parameter `details` on, `without details` off. */
function fillSwitch(filling: Filling, parameter: Parameter): void {
  const stems = toStems(parameter.name);
  const { words } = filling.clause;
  const index = words.findIndex(
    ({ stem }, at) => stem !== "" && stems.every((wanted, offset) => words[at + offset]?.stem === wanted),
  );
  const word = words[index];
  if (word === undefined || stems.length === 0) return;
  const isOff =
    NO.has(words[index - 1]?.text.toLowerCase() ?? "") || NO.has(words[index - 2]?.text.toLowerCase() ?? "");
  put(filling, parameter, !isOff, "named", word);
}
