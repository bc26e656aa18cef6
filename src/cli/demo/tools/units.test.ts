import { expect, test, vi } from "vitest";
import { createCaller } from "../../../../test/cli/call-tool.ts";
import { convertUnits } from "./unit-conversion.ts";
import { unitTools } from "./units.ts";

// mathjs takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test.each([
  [10, "km", "mile", 6.21371192237],
  [20, "degC", "degF", 68],
  [20, "°C", "°F", 68],
  [0, "kelvin", "celsius", -273.15],
  [60, "mph", "m/s", 26.8224],
  [1, "kWh", "J", 3_600_000],
  [1, "MB", "kB", 1_000],
  [2, "m^2", "cm^2", 20_000],
  [1, "Pounds", "kg", 0.45359237],
  [2, "Kilometres", "metre", 2_000],
  [1, "litres", "ml", 1_000],
])("converts %d %s to %s", async (value, from, to, result) => {
  expect(await convertUnits(value, from, to)).toBe(result);
});

test.each([
  ["5 km", "m"],
  ["m^99999999", "m"],
  ["constructor", "m"],
  ["__proto__", "m"],
  ["km", "quux"],
  ["(m)", "m"],
])("refuses %s to %s as unknown", async (from, to) => {
  await expect(convertUnits(1, from, to)).rejects.toMatchObject({ toolCode: "UNKNOWN_UNIT" });
});

test("names the nearest unit", async () => {
  await expect(convertUnits(1, "kilometr", "m")).rejects.toThrow("Did you mean kilometer?");
  await expect(convertUnits(1, "poundz", "kg")).rejects.toThrow("Did you mean pound");
});

test("refuses to convert mass to length", async () => {
  await expect(convertUnits(1, "km", "kg")).rejects.toMatchObject({ toolCode: "INCOMPATIBLE_UNITS" });
});

test("takes `amount` up to version 1.2.0 and `value` since 2.0.0", async () => {
  const [, second, third] = unitTools;
  if (second === undefined || third === undefined) throw new Error("there are four versions");
  expect(await createCaller(second).call({ amount: 1, from: "km", to: "m" })).toEqual({ value: 1_000, unit: "m" });
  expect(await createCaller(third).call({ value: 1, from: "km", to: "m" })).toEqual({ value: 1_000, unit: "m" });
  expect(await createCaller(third).call({ amount: 1, from: "km", to: "m" })).toMatch(/^INVALID_INPUT/);
});
