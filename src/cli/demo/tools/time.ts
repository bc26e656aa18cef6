// The time now and in other time zones. Daylight saving time by the zone's own rules, through Temporal.
import { Temporal } from "temporal-polyfill";
import { Role, type AnyTool, type JsonSchema } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { parseLocal, parseZone, toMoment, toWeekday } from "./zone.ts";

const zone = (description: string): JsonSchema => ({ type: "string", minLength: 1, maxLength: 64, description });
const moment = {
  type: "object",
  properties: {
    dateTime: { type: "string", description: "Local date and time." },
    timeZone: { type: "string" },
    offset: { type: "string", description: "From UTC, such as +02:00." },
    weekday: { type: "string" },
  },
  required: ["dateTime", "timeZone", "offset", "weekday"],
} as const;

function describe(at: Temporal.ZonedDateTime): Readonly<Record<string, string>> {
  return {
    dateTime: at.toPlainDateTime().toString({ smallestUnit: "second" }),
    timeZone: at.timeZoneId,
    offset: at.offset,
    weekday: toWeekday(at),
  };
}

export const timeNow: AnyTool<DemoApp> = defineTool({
  name: "time.now",
  version: "1.0.0",
  title: "Time now",
  description: "The current date and time in a time zone.",
  tags: ["calendar"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  input: {
    type: "object",
    properties: { timeZone: zone("IANA name such as Europe/Berlin. UTC when left out.") },
    additionalProperties: false,
  },
  output: moment,
  examples: [{}, { timeZone: "Asia/Tokyo" }],
  handler(input, { app }) {
    const { timeZone = "UTC" } = input as { timeZone?: string };
    return describe(Temporal.Instant.fromEpochMilliseconds(app.clock.now()).toZonedDateTimeISO(parseZone(timeZone)));
  },
});

export const convertTime: AnyTool<DemoApp> = defineTool({
  name: "time.convert",
  version: "1.0.0",
  title: "Convert a time",
  description: "What a local date and time in one time zone is in another one.",
  tags: ["calendar"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  input: {
    type: "object",
    properties: {
      dateTime: {
        type: "string",
        maxLength: 32,
        description: "Local date and time without offset, such as 2026-03-29T14:30.",
      },
      from: zone("IANA name of the zone the time is in."),
      to: zone("IANA name of the zone to convert to."),
    },
    required: ["dateTime", "from", "to"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: { from: moment, to: moment, note: { type: "string" } },
    required: ["from", "to"],
  },
  examples: [{ dateTime: "2026-03-29T14:30", from: "Europe/Berlin", to: "America/New_York" }],
  handler(input) {
    const { dateTime, from, to } = input as { dateTime: string; from: string; to: string };
    const { at, repeated } = toMoment(parseLocal(dateTime), parseZone(from));
    const converted = { from: describe(at), to: describe(at.withTimeZone(parseZone(to))) };
    return repeated
      ? { ...converted, note: "This local time happens twice, as clocks are set back; the first one is meant." }
      : converted;
  },
});
