// Arguments that the user names: `month 13`, `city: Oslo`, `limit = 5`, `tagged shopping and home`.
import { type Filling, getOpen, put } from "./filling.ts";
import type { Parameter } from "./parameter.ts";
import { toMonthNumber } from "./calendar.ts";
import { type Entity, isTaken, type Span } from "./span.ts";
import { isStopWord, toStem, toStems, type Word } from "./words.ts";

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

function findAfterName({ clause, used }: Filling, { name }: Parameter): AfterName | null {
  const stems = toStems(name);
  if (stems.length === 0) return null;
  for (let index = 0; index + stems.length <= clause.words.length; index++) {
    const last = clause.words[index + stems.length - 1];
    const isName = stems.every((stem, offset) => clause.words[index + offset]?.stem === stem);
    const first = clause.words[index];
    if (!isName || last === undefined || first === undefined || isTaken(first, used)) continue;
    let word = index + stems.length;
    const mark = /^\s*[:=]\s*/.exec(clause.text.slice(last.end))?.[0].length ?? 0;
    if (mark === 0 && LINKS.has(clause.words[word]?.text.toLowerCase() ?? "")) word++;
    const end = mark > 0 ? last.end + mark : (clause.words[word - 1]?.end ?? last.end);
    return { start: first.start, end, word, isMarked: mark > 0 };
  }
  return null;
}

function takeValue(filling: Filling, parameter: Parameter, after: AfterName): void {
  const { clause } = filling;
  const entity = clause.entities.find(
    ({ start }) => start >= after.end && /^\s*$/.test(clause.text.slice(after.end, start)),
  );
  const word = clause.words[after.word];
  const adjacent =
    word !== undefined && /^[\s"'#-]*$/.test(clause.text.slice(after.end, word.start)) ? word : undefined;
  if (parameter.isList) {
    const items = readList(filling, parameter, after);
    const last = items.at(-1);
    if (last !== undefined)
      put(
        filling,
        parameter,
        items.map(({ value }) => value),
        "named",
        { start: after.start, end: last.end },
      );
    return;
  }
  const value = toNamedValue(parameter, entity, adjacent, after.isMarked);
  if (value !== null) put(filling, parameter, value.value, "named", { start: after.start, end: value.end });
}

function toNamedValue(
  parameter: Parameter,
  entity: Entity | undefined,
  word: Word | undefined,
  isMarked: boolean,
): { value: unknown; end: number } | null {
  const { role } = parameter;
  if (role === "number" || role === "month") {
    const isTyped = entity?.kind === "number" || (role === "month" && parameter.isNumeric && entity?.kind === "month");
    if (entity !== undefined && isTyped) return { value: entity.value, end: entity.end };
    // A month in another language, or misspelt: the tool will say what it takes.
    return role === "month" && entity?.kind === "proper" ? { value: entity.value, end: entity.end } : null;
  }
  // A free text or an expression is taken whole by its own step, unless it is quoted here.
  if (role === "text" || role === "expression")
    return entity?.kind === "quoted" ? { value: entity.value, end: entity.end } : null;
  if (role === "boolean") {
    const said = word?.text.toLowerCase();
    return isMarked && (said === "true" || said === "false") && word !== undefined
      ? { value: said === "true", end: word.end }
      : null;
  }
  if (entity !== undefined && ["quoted", "proper", "code", "zone", "hashtag"].includes(entity.kind))
    return { value: entity.value, end: entity.end };
  if (word === undefined || (!isMarked && (isStopWord(word.text) || toMonthNumber(word.text) > 0))) return null;
  return { value: word.text, end: word.end };
}

/** `a, b and c` after the name. */
function readList(
  { clause }: Filling,
  parameter: Parameter,
  after: AfterName,
): readonly { value: unknown; end: number }[] {
  const items: { value: unknown; end: number }[] = [];
  let end = after.end;
  for (let index = after.word; index < clause.words.length && items.length < MAX_ITEMS; index++) {
    const word = clause.words[index];
    if (word === undefined) break;
    const between = clause.text.slice(end, word.start);
    const isFirst = items.length === 0;
    const isJoined = /^[\s"'#]*$/.test(between) && isFirst ? true : /^["']?\s*,\s*["'#]?$/.test(between);
    if (/^(?:and|or)$/i.test(word.text) && !isFirst) {
      end = word.end;
      const next = clause.words[index + 1];
      if (next === undefined || toStem(next.text) === "") break;
      items.push({ value: toItem(parameter, next.text), end: next.end });
      break;
    }
    if (!isJoined || isStopWord(word.text)) break;
    items.push({ value: toItem(parameter, word.text), end: word.end });
    end = word.end;
  }
  return items;
}

function toItem({ isNumeric }: Parameter, text: string): unknown {
  const number = Number(text);
  return isNumeric && Number.isFinite(number) ? number : text;
}
