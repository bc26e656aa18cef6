import { expect, test } from "vitest";
import { parseDuration } from "./duration-option.ts";

test("reads seconds, minutes, hours and days", () => {
  expect(["90s", "15m", "1.5h", "7d"].map(parseDuration)).toEqual([90_000, 900_000, 5_400_000, 604_800_000]);
});

test.each(["", "1", "h", "0h", "-1h", "1y", "1 h", "1e3s", "9999999s"])("refuses %j", (text) => {
  expect(() => parseDuration(text)).toThrow("such as 90s, 15m, 1h or 7d");
});
