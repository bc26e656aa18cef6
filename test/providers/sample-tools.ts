// Tools of many kinds for the tests of providers and agents.
import { defineTool, type AnyTool, Role, ToolError } from "../../src/index.ts";
import { z } from "zod";

const everybody = { roles: [Role.GUEST] } as const;

export const calculator = defineTool({
  name: "math.calculate",
  version: "1.0.0",
  title: "Calculator",
  description: "Calculate an arithmetic expression.",
  effect: "read",
  access: everybody,
  input: z.strictObject({ expression: z.string().min(1).describe('Arithmetic, for example "(3 + 4) * 2".') }),
  examples: [{ expression: "12 * 3" }],
  handler: ({ expression }) => ({ result: `<${expression}>` }),
});

const CITIES = ["Oslo", "Lisbon", "Rome", "Paris", "New York"];

export const climate = defineTool({
  name: "weather.climate",
  version: "2.1.0",
  title: "Climate of a city",
  description: "What the weather of a city is usually like in a month: mean temperature.",
  effect: "read",
  access: everybody,
  input: z.strictObject({
    city: z.string().max(64).describe("English name, such as Paris or New York."),
    month: z.int().min(1).max(12).describe("1 for January to 12 for December."),
  }),
  examples: [{ city: "Paris", month: 7 }],
  handler({ city, month }) {
    const known = CITIES.find((name) => name.toLowerCase() === city.toLowerCase());
    if (known !== undefined) return { city: known, month, meanTemperatureC: 10 + month };
    const near = CITIES.find((name) => name[0] === city[0] && name.length <= city.length);
    throw new ToolError(
      "UNKNOWN_CITY",
      `There is no city ${JSON.stringify(city)}.${near === undefined ? "" : ` Did you mean ${near}?`}`,
    );
  },
});

export const convert = defineTool({
  name: "units.convert",
  version: "1.0.0",
  title: "Convert units",
  description: "Convert a value from one unit to another: length, mass, temperature.",
  effect: "read",
  access: everybody,
  input: z.strictObject({
    value: z.number().describe("How much."),
    from: z.string().describe("The unit it is in, such as km or degF."),
    to: z.string().describe("The unit to convert to, such as mile or degC."),
  }),
  examples: [{ value: 10, from: "km", to: "mile" }],
  handler: ({ value, to }) => ({ value: value * 2, unit: to }),
});

export const timeNow = defineTool({
  name: "time.now",
  version: "1.0.0",
  title: "Time now",
  description: "The current date and time in a time zone.",
  effect: "read",
  access: everybody,
  input: z.strictObject({
    timeZone: z.string().optional().describe("IANA name such as Europe/Berlin. UTC when left out."),
  }),
  examples: [{}, { timeZone: "Asia/Tokyo" }],
  handler({ timeZone = "UTC" }) {
    if (timeZone === "UTC" || timeZone.includes("/")) return { time: "12:00", timeZone };
    throw new ToolError(
      "UNKNOWN_TIME_ZONE",
      `There is no time zone ${JSON.stringify(timeZone)}. Did you mean Asia/${timeZone} or Europe/${timeZone}?`,
    );
  },
});

export const daysBetween = defineTool({
  name: "dates.between",
  version: "1.0.0",
  title: "Time between dates",
  description: "How long it is from one date to another, in days.",
  effect: "read",
  access: everybody,
  input: z.strictObject({
    from: z.iso.date().describe("The first date."),
    to: z.iso.date().describe("The second date."),
  }),
  examples: [{ from: "2026-01-31", to: "2026-12-24" }],
  handler: ({ from, to }) => ({ days: (Date.parse(to) - Date.parse(from)) / 86_400_000 }),
});

export const roll = defineTool({
  name: "dice.roll",
  version: "1.0.0",
  title: "Roll dice",
  description: "Roll dice.",
  effect: "read",
  access: everybody,
  input: z.strictObject({
    count: z.int().min(1).max(10).default(1).describe("How many dice."),
    sides: z.int().min(2).max(100).default(6).describe("Sides of each."),
    color: z.enum(["red", "dark green", "blue"]).optional(),
  }),
  examples: [{ count: 2, sides: 6 }],
  handler: ({ count, sides, color }) => ({ count, sides, color: color ?? "white" }),
});

export const addNote = defineTool({
  name: "notes.add",
  version: "1.0.0",
  title: "Add a note",
  description: "Remember a note for the caller.",
  effect: "write",
  access: { roles: [Role.USER] },
  input: z.strictObject({
    text: z.string().min(1).max(500).describe("The note."),
    tags: z
      .array(z.string().regex(/^[a-z-]+$/))
      .max(2)
      .default([])
      .describe("Labels to find it by."),
  }),
  examples: [{ text: "Buy milk", tags: ["shopping"] }],
  handler: ({ text, tags }) => ({ id: 1, text, tags }),
});

export const listNotes = defineTool({
  name: "notes.list",
  version: "1.0.0",
  title: "List notes",
  description: "The caller's notes, newest first.",
  effect: "read",
  access: { roles: [Role.USER] },
  input: z.strictObject({
    tag: z.string().optional(),
    limit: z.int().min(1).max(50).optional().describe("At most this many."),
  }),
  examples: [{}, { tag: "shopping", limit: 5 }],
  handler: ({ tag }) => ({ notes: [{ text: "Buy milk", tags: [tag ?? "shopping"] }] }),
});

export const clearNotes = defineTool({
  name: "notes.clear",
  version: "1.0.0",
  title: "Delete all notes",
  description: "Delete every note of the caller.",
  effect: "destructive",
  access: { roles: [Role.ADMIN] },
  handler: () => ({ removed: 1 }),
});

export const search = defineTool({
  name: "docs.search",
  version: "1.0.0",
  title: "Search the documents",
  description: "Search the documents of this project (versions, quotas, errors). Returns the best ones.",
  effect: "read",
  access: everybody,
  input: z.strictObject({
    query: z.string().min(1).describe("Words to look for."),
    limit: z.int().min(1).max(10).optional(),
  }),
  examples: [{ query: "how do quotas refill" }],
  handler: ({ query }) => ({ found: [query] }),
});

/** All of the above, the order not being that of their names. */
export const sampleTools: readonly AnyTool[] = [
  search,
  roll,
  calculator,
  climate,
  convert,
  timeNow,
  daysBetween,
  addNote,
  listNotes,
  clearNotes,
];
