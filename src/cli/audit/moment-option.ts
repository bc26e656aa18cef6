// Moments as people type them: so long ago (90s, 15m, 1h, 7d), or a date, with or without a time.
import { InvalidArgumentError } from "commander";
import { parseDuration } from "../duration-option.ts";

/** A moment; what is relative is so to the time at which the command runs. */
export type Moment = { readonly ago: number } | { readonly at: number };

// ISO 8601, to the day at least. Without a zone it is UTC, as the commands print it.
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const HAS_ZONE = /(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads a moment. Throws an InvalidArgumentError that says what is accepted. */
export function parseMoment(text: string): Moment {
  if (!DATE.test(text)) return { ago: parseAgo(text) };
  const iso = text.replace(" ", "T");
  const at = Date.parse(iso.length === 10 || HAS_ZONE.test(iso) ? iso : `${iso}Z`);
  if (Number.isNaN(at) || !isDay(iso.slice(0, 10)))
    throw new InvalidArgumentError(`There is no such date. ${EXPECTED}`);
  return { at };
}

/** Epoch ms of a moment. */
export function toTime(moment: Moment, now: number): number {
  return "at" in moment ? moment.at : now - moment.ago;
}

/** Not 2026-02-31, which would be taken for a day in March. */
function isDay(day: string): boolean {
  return new Date(Date.parse(day)).toISOString().startsWith(day);
}

const EXPECTED = "Expected how long ago (90s, 15m, 1h, 7d), or a date such as 2026-11-24 or 2026-11-24T08:30:00Z.";

function parseAgo(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError(EXPECTED);
  }
}
