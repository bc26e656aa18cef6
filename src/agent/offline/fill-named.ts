// Arguments that the user names: `month 13`, `city: Oslo`, `limit = 5`, `tagged shopping and home`.
import { type Filling, getOpen, put } from "./filling.ts";
import type { Parameter } from "./parameter.ts";
import { toMonthNumber } from "./calendar.ts";
import { type Entity, isTaken, type Span } from "./span.ts";
import { isStopWord, toStems, type Word } from "./words.ts";

const ROLES: ReadonlySet<Parameter["role"]> = new Set([
  "enum",
  "number",
  "month",
  "name",
  "zone",
  "boolean",
  "expression",
  "text",
]);
const NAMES: ReadonlySet<Entity["kind"]> = new Set(["quoted", "proper", "code", "zone", "hashtag"]);
const LINKS = new Set(["is", "of", "to", "equals", "named", "called"]);
const MAX_ITEMS = 8;

/** Takes the value that stands right after a parameter's name. */
export function fillNamed(filling: Filling): void {
  for (const parameter of getOpen(filling, ({ role }) => ROLES.has(role))) {
    const after = findAfterName(filling, parameter);
    if (after !== null) takeValue(filling, parameter, after);
  }
}

interface AfterName extends Span {
  /** Index of the next word. */
  readonly word: number;
  /** `:` or `=` stands between: whatever follows is meant. */
  readonly isMarked: boolean;
}

function findAfterName(filling: Filling, { name }: Parameter): AfterName | null {
  const stems = toStems(name);
  if (stems.length === 0) return null;
  const { words } = filling.clause;
  const index = words.findIndex(
    (word, at) => stems.every((stem, offset) => words[at + offset]?.stem === stem) && !isTaken(word, filling.used),
  );
  const [first, last] = [words[index], words[index + stems.length - 1]];
  return first === undefined || last === undefined
    ? null
    : readLink(filling, first.start, last.end, index + stems.length);
}

/** `:`, `=`, `is`, `of` between the name and its value. */
function readLink({ clause }: Filling, start: number, nameEnd: number, word: number): AfterName {
  const mark = /^\s*[:=]\s*/.exec(clause.text.slice(nameEnd))?.[0].length ?? 0;
  if (mark > 0) return { start, end: nameEnd + mark, word, isMarked: true };
  const link = clause.words[word];
  const isLink = link !== undefined && LINKS.has(link.text.toLowerCase());
  return { start, end: isLink ? link.end : nameEnd, word: isLink ? word + 1 : word, isMarked: false };
}

function takeValue(filling: Filling, parameter: Parameter, after: AfterName): void {
  const values = parameter.isList ? readList(filling, parameter, after) : readValue(filling, parameter, after);
  const last = values.at(-1);
  if (last === undefined) return;
  const items = values.map(({ value }) => value);
  const span = { start: after.start, end: last.end };
  put(filling, parameter, parameter.isList ? items : items[0], "named", span);
}

interface Value {
  readonly value: unknown;
  readonly end: number;
}

const NOTHING: readonly Value[] = [];

function readValue({ clause }: Filling, parameter: Parameter, after: AfterName): readonly Value[] {
  const isNext = (start: number, gap: RegExp): boolean =>
    start >= after.end && gap.test(clause.text.slice(after.end, start));
  const entity = clause.entities.find(({ start }) => isNext(start, /^\s*$/)) ?? null;
  const next = clause.words[after.word];
  const word = next !== undefined && isNext(next.start, /^[\s"'#-]*$/) ? next : null;
  const { role } = parameter;
  if (role === "number") return takeIf(entity, "number");
  if (role === "month") return readMonth(parameter, entity);
  if (role === "boolean") return after.isMarked ? readSwitch(word) : NOTHING;
  // Taken whole by their own steps, unless they are quoted here.
  if (role === "text" || role === "expression") return takeIf(entity, "quoted");
  return readName(entity, word, after.isMarked);
}

function takeIf(entity: Entity | null, kind: Entity["kind"]): readonly Value[] {
  return entity?.kind === kind ? [entity] : NOTHING;
}

function readMonth({ isNumeric }: Parameter, entity: Entity | null): readonly Value[] {
  if (entity?.kind === "number" || (isNumeric && entity?.kind === "month")) return [entity];
  // A month in another language, or misspelt: the tool will say what it takes.
  return takeIf(entity, "proper");
}

function readSwitch(word: Word | null): readonly Value[] {
  const said = word?.text.toLowerCase();
  return word !== null && (said === "true" || said === "false") ? [{ value: said === "true", end: word.end }] : NOTHING;
}

function readName(entity: Entity | null, word: Word | null, isMarked: boolean): readonly Value[] {
  if (entity !== null && NAMES.has(entity.kind)) return [entity];
  if (word === null || (!isMarked && (isStopWord(word.text) || toMonthNumber(word.text) > 0))) return NOTHING;
  return [{ value: word.text, end: word.end }];
}

/** `a, b and c` after the name. */
function readList({ clause }: Filling, parameter: Parameter, after: AfterName): readonly Value[] {
  const items: Value[] = [];
  let { end } = after;
  for (const word of clause.words.slice(after.word)) {
    const gap = clause.text.slice(end, word.start);
    if (/^(?:and|or)$/i.test(word.text)) {
      if (items.length === 0) break;
      end = word.end;
      continue;
    }
    const isNext = items.length === 0 || end !== items.at(-1)?.end ? /^[\s"'#]*$/ : /^["']?\s*,\s*["'#]?$/;
    if (!isNext.test(gap) || isStopWord(word.text) || items.length === MAX_ITEMS) break;
    items.push({ value: toItem(parameter, word.text), end: word.end });
    end = word.end;
  }
  return items;
}

function toItem({ isNumeric }: Parameter, text: string): unknown {
  const number = Number(text);
  return isNumeric && Number.isFinite(number) ? number : text;
}
