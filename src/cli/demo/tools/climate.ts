// What the weather is usually like: a table of long-term means, which says of itself that it is no forecast.
import { findNearest } from "../../../kernel/nearest.ts";
import { Role, ToolError, type AnyTool } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { CLIMATE_NORMALS, type ClimateNormals } from "./climate-normals.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const NOTE = `Approximate long-term means from a bundled table of ${CLIMATE_NORMALS.length} cities; not a forecast.`;

const byCity: ReadonlyMap<string, ClimateNormals> = new Map(
  CLIMATE_NORMALS.map((normals) => [toKey(normals.city), normals]),
);

function toKey(city: string): string {
  return city.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
}

function findNormals(city: string): ClimateNormals {
  const found = byCity.get(toKey(city));
  if (found !== undefined) return found;
  const near = findNearest(toKey(city), byCity.keys(), 2).map((key) => byCity.get(key)?.city);
  const hint =
    near.length > 0
      ? `Did you mean ${near.join(" or ")}?`
      : `Known: ${CLIMATE_NORMALS.map((known) => known.city).join(", ")}.`;
  throw new ToolError("UNKNOWN_CITY", `The table has no city ${JSON.stringify(city)}. ${hint}`);
}

export const climate: AnyTool<DemoApp> = defineTool({
  name: "weather.climate",
  version: "1.0.0",
  title: "Climate of a city",
  description:
    "What the weather of a city is usually like in a month: mean temperature and precipitation. " +
    "Long-term means from a small table, not a forecast and not the weather of today.",
  tags: ["places"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  input: {
    type: "object",
    properties: {
      city: { type: "string", minLength: 1, maxLength: 64, description: "English name, such as Paris or New York." },
      month: { type: "integer", minimum: 1, maximum: 12, description: "1 for January to 12 for December." },
    },
    required: ["city", "month"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: {
      city: { type: "string" },
      country: { type: "string" },
      month: { type: "string" },
      meanTemperatureC: { type: "number" },
      precipitationMm: { type: "number" },
      note: { type: "string" },
    },
    required: ["city", "country", "month", "meanTemperatureC", "precipitationMm", "note"],
  },
  examples: [
    { city: "Paris", month: 7 },
    { city: "Tokyo", month: 1 },
  ],
  handler(input) {
    const { city, month } = input as { city: string; month: number };
    const normals = findNormals(city);
    return {
      city: normals.city,
      country: normals.country,
      month: MONTHS[month - 1],
      meanTemperatureC: normals.temperatureC[month - 1],
      precipitationMm: normals.precipitationMm[month - 1],
      note: NOTE,
    };
  },
});
