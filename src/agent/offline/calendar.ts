// Dates, times and months as people write them, as ISO text. Knows no "today": the model has no clock.
import type { Entity } from "./span.ts";

/** In lower case, in order. */
export const MONTHS: readonly string[] = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
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
const AMBIGUOUS = new Set(["may", "march"]);
const LONGEST_BEFORE = 7;
const BEFORE_MONTH = /(?:in|of|for|during|and|or|to|until|from|month) $/i;

interface Form {
  readonly kind: Entity["kind"];
  readonly pattern: RegExp;
  readonly toValue: (groups: RegExpExecArray) => string | number;
}

const FORMS: readonly Form[] = [
  { kind: "dateTime", pattern: ISO_DATE_TIME, toValue: ([, date, clock]) => `${date}T${toClock(clock, undefined)}` },
  { kind: "date", pattern: ISO, toValue: ([date]) => date },
  { kind: "date", pattern: DAY_FIRST, toValue: ([, day, month, year]) => toDate(year, month, day) },
  { kind: "date", pattern: MONTH_FIRST, toValue: ([, month, day, year]) => toDate(year, month, day) },
  { kind: "time", pattern: TIME, toValue: ([, clock, half]) => toClock(clock, half) },
  { kind: "time", pattern: HOUR, toValue: ([, hour, half]) => toClock(`${hour}:00`, half) },
  { kind: "month", pattern: MONTH_NAME, toValue: ([month]) => toMonthNumber(month) },
];

/** Dates with a time, dates, times and months in `text`; they may overlap, the earlier in the list wins. */
export function findCalendar(text: string): readonly Entity[] {
  const found: Entity[] = [];
  for (const { kind, pattern, toValue } of FORMS) {
    for (const groups of text.matchAll(pattern)) {
      const { 0: whole, index } = groups;
      if (kind === "month" && !isMonthName(text, whole, index)) continue;
      found.push({ kind, value: toValue(groups), text: whole, start: index, end: index + whole.length });
    }
  }
  return found;
}

function isMonthName(text: string, word: string, index: number): boolean {
  if (/^[A-Z]/.test(word) || (MONTHS.includes(word) && !AMBIGUOUS.has(word))) return true;
  return BEFORE_MONTH.test(text.slice(Math.max(0, index - LONGEST_BEFORE), index));
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
