// What in a text can be an argument by its form alone: quotes, dates, numbers, arithmetic, names. Every pattern is linear
// in the text, which is at most 4,096 characters long.
import { NUMBER_WORDS } from "./number-words.ts";
import { findCalendar } from "./calendar.ts";
import { findExpressions } from "./expression.ts";
import { type Entity, type EntityKind, isTaken } from "./span.ts";
import { isStopWord } from "./words.ts";

const QUOTED = /"([^"\n]+)"|(?<![\p{L}\p{N}])'([^'\n]+)'(?![\p{L}\p{N}])|`([^`\n]+)`/gu;
const URL_TEXT = /\bhttps?:\/\/[^\s"<>]+[^\s"<>.,;:!?)]/gi;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;
const ZONE = /(?<![\w/])(?:[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_+-]*\d*){1,2}|UTC|GMT)(?![\w/])/g;
const HASHTAG = /(?<![\p{L}\p{N}&])#([\p{L}\p{N}][\p{L}\p{N}_-]*)/gu;
/** `o_17`, `ABC-123`: begins with a letter and has a digit; `10km` is a number with its unit. */
const CODE = /(?<![\p{L}\p{N}_-])(?=\p{L}[\p{L}_-]*\d)[\p{L}\p{N}]+(?:[_-][\p{L}\p{N}]+)*(?![\p{L}\p{N}_])/gu;
const NUMBER =
  /(?<![\p{L}\p{N}_.])[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3}(?!\p{L}))?(?![\d_])/giu;
const NUMBER_WORD = /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/gi;
const PROPER =
  /(?<![\p{L}\p{N}_'])\p{Lu}[\p{L}'.-]*(?: (?:(?:of|de|da|do|del|la|le|von|van|der|the) )?\p{Lu}[\p{L}'-]*)*/gu;
const WEEKDAY = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/i;

/** Everything found, by position. Entities do not overlap, but for a number inside of an expression. */
export function findEntities(text: string): readonly Entity[] {
  const found: Entity[] = [];
  const add = (candidates: Iterable<Entity>): void => {
    for (const candidate of candidates) if (!isTaken(candidate, found)) found.push(candidate);
  };
  // First come what is certain by its form; what comes later may only use the rest.
  add(match(text, QUOTED, "quoted", (groups) => groups[1] ?? groups[2] ?? groups[3] ?? ""));
  add(match(text, URL_TEXT, "url"));
  add(match(text, EMAIL, "email"));
  add(findCalendar(text));
  add(match(text, ZONE, "zone"));
  add(match(text, HASHTAG, "hashtag", (groups) => groups[1] ?? ""));
  const codes = [...match(text, CODE, "code")];
  const numbers = [
    ...match(text, NUMBER, "number", ([whole]) => Number(whole?.replaceAll(",", ""))),
    ...findNumberWords(text),
  ];
  const free = numbers.filter((number) => Number.isFinite(number.value) && !isTaken(number, [...found, ...codes]));
  add(findExpressions(text));
  add(codes);
  add(free);
  add(findProperNames(text));
  const inExpressions = free.filter((number) => !found.includes(number));
  return [...found, ...inExpressions].sort((a, b) => a.start - b.start || b.end - a.end);
}

function* match(
  text: string,
  pattern: RegExp,
  kind: EntityKind,
  toValue: (groups: RegExpExecArray) => string | number = ([whole]) => whole ?? "",
): Generator<Entity> {
  for (const groups of text.matchAll(pattern)) {
    yield { kind, value: toValue(groups), text: groups[0], start: groups.index, end: groups.index + groups[0].length };
  }
}

function* findNumberWords(text: string): Generator<Entity> {
  yield* match(text, NUMBER_WORD, "number", ([word]) => NUMBER_WORDS.indexOf((word ?? "").toLowerCase()));
}

/** Capitalised words, without those that have a capital only because a sentence or an instruction begins. */
function* findProperNames(text: string): Generator<Entity> {
  for (const { 0: run, index } of text.matchAll(PROPER)) {
    let start = index;
    let name = run.replace(/[.'-]+$/, "");
    for (;;) {
      const [first = ""] = name.split(" ", 1);
      if (!isStopWord(first) && !WEEKDAY.test(first)) break;
      start += first.length + 1;
      name = name.slice(first.length + 1);
    }
    if (name !== "") yield { kind: "proper", value: name, text: name, start, end: start + name.length };
  }
}
