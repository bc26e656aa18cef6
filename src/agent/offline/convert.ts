// A value made into what an error says was expected: `integer from 1 to 10`, `one of "c", "f"`, `array of at most 3
// items, each string`, `string in the format date`.
import { NUMBER_WORDS } from "./number-words.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { findCalendar, MONTHS, toMonthNumber } from "./calendar.ts";
import { readQuoted } from "./read-error.ts";
import type { EntityKind } from "./span.ts";

const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** The value as expected; undefined when no way leads there. */
export function convert(value: unknown, expected: string): unknown {
  if (expected.startsWith("one of ")) return toChoice(value, expected);
  if (expected.startsWith("integer") || expected.startsWith("number")) return toNumber(value, expected);
  if (expected.startsWith("string")) return toText(value, expected);
  if (expected.startsWith("true or false")) return toBoolean(value);
  if (expected.startsWith("array")) return toArray(value, expected);
  if (expected.startsWith("object")) return toObject(value);
  return undefined;
}

/** The nearest accepted value: the same but for case, one that contains it or the reverse, then the fewest edits. */
function toChoice(value: unknown, expected: string): unknown {
  const choices = [...expected.matchAll(QUOTED)].map(([quoted]) => readQuoted(quoted));
  const numbers = expected.slice("one of ".length).split(", ").map(Number).filter(Number.isFinite);
  if (choices.length === 0) return toNearestNumber(value, numbers);
  const wanted = String(value).toLowerCase();
  if (typeof value === "object" || wanted === "") return undefined;
  const month = toMonthNumber(wanted);
  return (
    choices.find((choice) => choice.toLowerCase() === wanted) ??
    (month === 0 ? undefined : choices.find((choice) => toMonthNumber(choice) === month)) ??
    choices.find((choice) => toParts(choice).includes(wanted)) ??
    choices.find((choice) => toParts(wanted).includes(choice.toLowerCase())) ??
    choices.find((choice) => choice.toLowerCase().startsWith(wanted) || wanted.startsWith(choice.toLowerCase())) ??
    findNearest(wanted, choices, 1)[0]
  );
}

function toParts(text: string): readonly string[] {
  return text.toLowerCase().split(/[\s/_.-]+/);
}

function toNearestNumber(value: unknown, numbers: readonly number[]): unknown {
  const wanted = readNumber(value);
  if (wanted === null || numbers.length === 0) return undefined;
  return numbers.reduce((best, number) => (Math.abs(number - wanted) < Math.abs(best - wanted) ? number : best));
}

/** The number that is meant, moved into the range; beyond an open end there is no nearest number but for integers. */
function toNumber(value: unknown, expected: string): unknown {
  const isInteger = expected.startsWith("integer");
  const meant = readNumber(value) ?? (expected.includes("from 1 to 12") ? readMonth(value) : NaN);
  const step = readBound(expected, /a multiple of ([\d.e+-]+)/) ?? 0;
  const whole = isInteger ? Math.round(meant) : meant;
  const number = moveInside(step > 0 ? Math.round(whole / step) * step : whole, expected, isInteger);
  return Number.isFinite(number) ? number : undefined;
}

function moveInside(number: number, expected: string, isInteger: boolean): number {
  const range = /from (-?[\d.e+]+) to (-?[\d.e+]+)/.exec(expected);
  if (range !== null) return Math.min(Math.max(number, Number(range[1])), Number(range[2]));
  const min = readBound(expected, /of (-?[\d.e+]+) or more/) ?? -Infinity;
  const max = readBound(expected, /of (-?[\d.e+]+) or less/) ?? Infinity;
  const over = readBound(expected, /over (-?[\d.e+]+)/) ?? -Infinity;
  const under = readBound(expected, /under (-?[\d.e+]+)/) ?? Infinity;
  if (number <= over) return isInteger ? Math.floor(over) + 1 : NaN;
  if (number >= under) return isInteger ? Math.ceil(under) - 1 : NaN;
  return Math.min(Math.max(number, min), max);
}

function readBound(expected: string, pattern: RegExp): number | null {
  const found = pattern.exec(expected)?.[1];
  return found === undefined ? null : Number(found);
}

/** The number in a value: `5`, `"5 km"`, `"three"`, `"July"`, `true`; null when there is none. */
function readNumber(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.length === 1 ? readNumber(value[0]) : null;
  if (typeof value !== "string") return null;
  const text = value.trim().toLowerCase();
  const digits = /^[^\d-]{0,3}(-?\d[\d,]*(?:\.\d+)?)/.exec(text)?.[1];
  if (digits !== undefined) return Number(digits.replaceAll(",", ""));
  const word = NUMBER_WORDS.indexOf(text);
  if (word !== -1) return word;
  const month = toMonthNumber(text);
  return month === 0 ? null : month;
}

/** A month's name that is misspelt, or another language's. */
function readMonth(value: unknown): number {
  const [nearest] = typeof value === "string" ? findNearest(value.trim(), MONTHS, 1) : [];
  return nearest === undefined ? NaN : toMonthNumber(nearest);
}

function toText(value: unknown, expected: string): unknown {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 1 ? toText(value[0], expected) : value.join(", ");
  if (typeof value !== "string") return undefined;
  const format = / in the format ([\w-]+)/.exec(expected)?.[1];
  if (format !== undefined) return toFormat(value, format);
  const max = readBound(expected, /of (?:\d+ to|at most|exactly) (\d+) character/);
  if (max !== null && value.length > max) return value.slice(0, max);
  // The form that names, tags and slugs most often have.
  return expected.includes(" matching ")
    ? value
        .toLowerCase()
        .trim()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-|-$/g, "")
    : undefined;
}

function toFormat(value: string, format: string): string | undefined {
  const found = findCalendar(value);
  const get = (kind: EntityKind): string | undefined =>
    found.find((entity) => entity.kind === kind)?.value as string | undefined;
  const date = get("date");
  switch (format) {
    case "date":
      return date ?? get("dateTime")?.slice(0, 10);
    case "time":
      return toExactTime(get("time"), "00:00".length);
    case "date-time":
      return toExactTime(
        get("dateTime") ?? (date === undefined ? undefined : `${date}T00:00`),
        "2026-01-01T00:00".length,
      );
    case "uri":
      return /^[\w-]+(?:\.[\w-]+)+/.test(value) ? `https://${value}` : undefined;
    default:
      return undefined;
  }
}

/** With seconds and, as nobody said where, in UTC. */
function toExactTime(time: string | undefined, lengthToMinutes: number): string | undefined {
  return time === undefined ? undefined : `${time}${time.length === lengthToMinutes ? ":00" : ""}Z`;
}

function toBoolean(value: unknown): unknown {
  const text = String(value).toLowerCase();
  if (["true", "yes", "on", "1", "y"].includes(text)) return true;
  return ["false", "no", "off", "0", "n"].includes(text) ? false : undefined;
}

/** A list of what was one value or too many; each item as the items are expected. */
function toArray(value: unknown, expected: string): unknown {
  const each = /, each (.+)$/.exec(expected)?.[1];
  const items: readonly unknown[] = Array.isArray(value)
    ? (value as unknown[])
    : typeof value === "string"
      ? value.split(/\s*,\s*/)
      : [value];
  const max = readBound(expected, /(?:of at most|of \d+ to|of exactly) (\d+) item/);
  const unique = expected.includes("without repetitions") ? [...new Set(items)] : items;
  const kept = max === null ? unique : unique.slice(0, max);
  return each === undefined ? kept : kept.map((item) => convert(item, each) ?? item);
}

function toObject(value: unknown): unknown {
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
