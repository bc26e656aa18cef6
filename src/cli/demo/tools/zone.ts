// IANA time zones by name, and the moment a local time means in one of them.
import { Temporal } from "temporal-polyfill";
import { findNearest } from "../../../kernel/nearest.ts";
import { ToolError } from "../../../index.ts";

const zoneNames: readonly string[] = ["UTC", ...Intl.supportedValuesOf("timeZone")];

/** The zone's canonical name. Throws a ToolError UNKNOWN_TIME_ZONE that names the nearest ones. */
export function parseZone(name: string): string {
  const wanted = name.toLowerCase();
  const exact = zoneNames.find((zone) => zone.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  try {
    // Names that are links to another zone (US/Eastern) are in no list, but they are zones. Offsets (+02:00) are not:
    // they know nothing of daylight saving time, which is what callers of these tools ask about.
    if (/^[A-Za-z]/.test(name)) return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    // Refused below.
  }
  throw new ToolError("UNKNOWN_TIME_ZONE", `There is no time zone ${JSON.stringify(name)}. ${suggest(wanted)}`);
}

function suggest(wanted: string): string {
  const city = wanted.replaceAll(" ", "_");
  const ofCity = zoneNames.filter((zone) => zone.toLowerCase().endsWith(`/${city}`));
  const near = ofCity.length > 0 ? ofCity : findNearest(wanted, zoneNames, 3);
  return near.length > 0
    ? `Did you mean ${near.join(" or ")}?`
    : "Use an IANA name such as Europe/Berlin, America/New_York or UTC.";
}

/** A local date and time without offset, as `2026-03-29T14:30`. Throws a ToolError INVALID_DATE_TIME. */
export function parseLocal(text: string): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" });
  } catch (error) {
    throw new ToolError(
      "INVALID_DATE_TIME",
      `${JSON.stringify(text)} is not a local date and time such as 2026-03-29T14:30: ${(error as Error).message}.`,
    );
  }
}

export interface Moment {
  readonly at: Temporal.ZonedDateTime;
  /** The local time happens twice: clocks are set back. `at` is the first. */
  readonly repeated: boolean;
}

/** What a local time means in a zone. Throws a ToolError SKIPPED_TIME when clocks are set forward over it. */
export function toMoment(local: Temporal.PlainDateTime, zone: string): Moment {
  const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (!earlier.toPlainDateTime().equals(local)) {
    throw new ToolError(
      "SKIPPED_TIME",
      `${local.toString()} does not exist in ${zone}: clocks are set forward over it. The next moment is ${later.toPlainDateTime().toString()}.`,
    );
  }
  return { at: earlier, repeated: !earlier.equals(later) };
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** The weekday's English name. */
export function toWeekday(date: { readonly dayOfWeek: number }): string {
  return WEEKDAYS[date.dayOfWeek - 1] ?? "";
}
