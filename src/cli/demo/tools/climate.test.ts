import { expect, test } from "vitest";
import { createCaller } from "../../../../test/cli/call-tool.ts";
import { CLIMATE_NORMALS } from "./climate-normals.ts";
import { climate } from "./climate.ts";

test("has twelve plausible months for each of at least 25 cities", () => {
  expect(CLIMATE_NORMALS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(CLIMATE_NORMALS.map(({ city }) => city)).size).toBe(CLIMATE_NORMALS.length);
  for (const { city, temperatureC, precipitationMm } of CLIMATE_NORMALS) {
    expect(temperatureC, city).toHaveLength(12);
    expect(precipitationMm, city).toHaveLength(12);
    expect(
      temperatureC.every((value) => Number.isInteger(value) && value > -20 && value < 45),
      city,
    ).toBe(true);
    expect(
      precipitationMm.every((value) => value % 5 === 0 && value >= 0 && value < 1_000),
      city,
    ).toBe(true);
  }
});

test("the warmest month is in the summer of the hemisphere", () => {
  const warmest = (name: string): number => {
    const months = CLIMATE_NORMALS.find(({ city }) => city === name)?.temperatureC ?? [];
    return months.indexOf(Math.max(...months)) + 1;
  };
  for (const city of ["Paris", "New York", "Tokyo", "Moscow"]) expect([6, 7, 8], city).toContain(warmest(city));
  for (const city of ["Sydney", "Buenos Aires", "Cape Town"]) expect([12, 1, 2], city).toContain(warmest(city));
});

test("answers for a city in any spelling, and says that it is no forecast", async () => {
  const { call } = createCaller(climate);
  expect(await call({ city: "paris", month: 7 })).toEqual({
    city: "Paris",
    country: "France",
    month: "July",
    meanTemperatureC: 21,
    precipitationMm: 60,
    note: expect.stringContaining("not a forecast") as string,
  });
  expect(await call({ city: "Zürich", month: 1 })).toMatchObject({ city: "Zurich" });
});

test("refuses unknown cities with the nearest, and months that are none", async () => {
  const { call } = createCaller(climate);
  expect(await call({ city: "Pariss", month: 7 })).toBe(
    'UNKNOWN_CITY: The table has no city "Pariss". Did you mean Paris?',
  );
  expect(await call({ city: "Atlantis", month: 7 })).toMatch(/Known: Amsterdam, /);
  for (const month of [0, 13, 1.5, "July"])
    expect(await call({ city: "Paris", month }), String(month)).toMatch(/^INVALID_INPUT/);
});
