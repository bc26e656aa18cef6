// Dates, times and months as people write them, as ISO text. Knows no "today": the model has no clock.
import type { Entity } from "./span.ts";

/** In lower case, in order. */
export const MONTHS: readonly string[] = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const MONTH = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const ISO_DATE = "\\d{4}-\\d{2}-\\d{2}";
const CLOCK = "(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?";

const ISO_DATE_TIME = new RegExp(`(?<![\\w-])(${ISO_DATE})(?:T|,? at |,? )(${CLOCK})(?![\\w:])(?! ?[ap]m\\b)`, "g");
const ISO = new RegExp(`(?<![\\w-])${ISO_DATE}(?![\\w-])`, "g");
const DAY_FIRST = new RegExp(`(?<![\\w-])(\\d{1,2})(?:st|nd|rd|th)? (?:of )?(${MONTH})\\.?,? (\\d{4})(?!\\w)`, "gi");
const MONTH_FIRST = new RegExp(`(?<!\\w)(${MONTH})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})(?!\\w)`, "gi");
const TIME = new RegExp(`(?<![\\w:.])(${CLOCK})(?: ?([ap])\\.?m\\b\\.?)?(?![\\w:])`, "gi");
const HOUR = /(?<![\w:.])(1[0-2]|[1-9]) ?([ap])\.?m\b\.?/gi;
const MONTH_NAME = new RegExp(`(?<!\\w)(${MONTH})(?!\\w)`, "gi");
// "may" and "march" are words, too, and so are some short forms; as months they have a capital or follow one of these.
const BEFORE_MONTH = /(?:in|of|for|during|and|or|to|until|from|month) $/i;

/** Dates with a time, dates, times and months in `text`; they may overlap, the earlier in the list wins. */
export function findCalendar(text: string): readonly Entity[] {
  const found: Entity[] = [];
  const add = (kind: Entity["kind"], match: RegExpExecArray, value: string | number): void => {
    found.push({ kind, value, text: match[0], start: match.index, end: match.index + match[0].length });
  };
  for (const match of text.matchAll(ISO_DATE_TIME)) add("dateTime", match, `${match[1]}T${toClock(match[2], undefined)}`);
  for (const match of text.matchAll(ISO)) add("date", match, match[0]);
  for (const match of text.matchAll(DAY_FIRST)) add("date", match, toDate(match[3], match[2], match[1]));
  for (const match of text.matchAll(MONTH_FIRST)) add("date", match, toDate(match[3], match[1], match[2]));
  for (const match of text.matchAll(TIME)) add("time", match, toClock(match[1], match[2]));
  for (const match of text.matchAll(HOUR)) add("time", match, toClock(`${match[1]}:00`, match[2]));
  for (const match of text.matchAll(MONTH_NAME)) {
    const isName = /^[A-Z]/.test(match[0]) || (MONTHS.includes(match[0]) && match[0] !== "may" && match[0] !== "march");
    if (isName || BEFORE_MONTH.test(text.slice(Math.max(0, match.index - 7), match.index))) add("month", match, toMonthNumber(match[0]));
  }
  return found;
}

/** 1 for January to 12; 0 when the text is no month's name or the beginning of one. */
export function toMonthNumber(text: string): number {
  const wanted = text.toLowerCase().replace(".", "");
  if (wanted.length < 3) return 0;
  return MONTHS.findIndex((month) => month.startsWith(wanted === "sept" ? "sep" : wanted)) + 1;
}

function toDate(year: string | undefined, month: string | undefined, day: string | undefined): string {
  return `${year}-${toTwo(toMonthNumber(month ?? ""))}-${toTwo(Number(day))}`;
}

function toClock(clock: string | undefined, half: string | undefined): string {
  const [hours = "0", ...rest] = (clock ?? "").split(":");
  if (half === undefined) return [toTwo(Number(hours)), ...rest].join(":");
  const hour = (Number(hours) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  return [toTwo(hour), ...rest].join(":");
}

function toTwo(value: number): string {
  return String(value).padStart(2, "0");
}
