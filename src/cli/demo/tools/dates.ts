// Calendar arithmetic on dates without a time.
import { Temporal } from "temporal-polyfill";
import { Role, ToolError, type AnyTool, type JsonSchema } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { toWeekday } from "./zone.ts";

const date = (description: string): JsonSchema => ({ type: "string", format: "date", description });
const count = (unit: string): JsonSchema => ({
  type: "integer",
  minimum: -10_000,
  maximum: 10_000,
  description: `How many ${unit} to add; negative to go back.`,
});

// The schema's format lets 0000-01-01 through and knows nothing of the calendar's end, so dates are parsed once more.
function parseDate(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch (error) {
    throw new ToolError(
      "INVALID_DATE",
      `${JSON.stringify(text)} is not a date such as 2026-03-29: ${(error as Error).message}.`,
    );
  }
}

export const datesBetween: AnyTool<DemoApp> = defineTool({
  name: "dates.between",
  version: "1.0.0",
  title: "Time between dates",
  description:
    "How long it is from one date to another: in days, and in years, months and days. Negative when the second is earlier.",
  tags: ["calendar"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  input: {
    type: "object",
    properties: { from: date("The first date, such as 2026-01-31."), to: date("The second date, such as 2026-12-24.") },
    required: ["from", "to"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: {
      days: { type: "integer" },
      calendar: {
        type: "object",
        properties: { years: { type: "integer" }, months: { type: "integer" }, days: { type: "integer" } },
        required: ["years", "months", "days"],
      },
    },
    required: ["days", "calendar"],
  },
  examples: [{ from: "2026-01-31", to: "2026-12-24" }],
  handler(input) {
    const { from, to } = input as { from: string; to: string };
    const [first, second] = [parseDate(from), parseDate(to)];
    const { years, months, days } = first.until(second, { largestUnit: "years" });
    return { days: first.until(second, { largestUnit: "days" }).days, calendar: { years, months, days } };
  },
});

export const addToDate: AnyTool<DemoApp> = defineTool({
  name: "dates.add",
  version: "1.0.0",
  title: "Add to a date",
  description:
    "The date that is so many years, months, weeks and days after (or before) another. The end of a month stays in its month.",
  tags: ["calendar"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  input: {
    type: "object",
    properties: {
      date: date("Where to start, such as 2026-01-31."),
      years: count("years"),
      months: count("months"),
      weeks: count("weeks"),
      days: count("days"),
    },
    required: ["date"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: { date: { type: "string" }, weekday: { type: "string" } },
    required: ["date", "weekday"],
  },
  examples: [
    { date: "2024-01-31", months: 1 },
    { date: "2026-12-24", days: -30 },
  ],
  handler(input) {
    const { date: start, ...duration } = input as {
      date: string;
      years?: number;
      months?: number;
      weeks?: number;
      days?: number;
    };
    const first = parseDate(start);
    let total = first;
    try {
      // One unit after the other: a single duration must not mix signs, and a person may ask for a month less three days.
      for (const [unit, amount] of Object.entries(duration)) total = total.add({ [unit]: amount });
    } catch {
      throw new ToolError("OUT_OF_RANGE", "The result lies outside of the calendar (271821 BC to AD 275760).");
    }
    return { date: total.toString(), weekday: toWeekday(total) };
  },
});
