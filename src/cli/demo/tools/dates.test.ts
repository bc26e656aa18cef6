import { expect, test } from "vitest";
import { createCaller } from "../../../../test/cli/call-tool.ts";
import { addToDate, datesBetween } from "./dates.ts";

test("counts days, and years with months and days", async () => {
  const { call } = createCaller(datesBetween);
  expect(await call({ from: "2026-01-01", to: "2027-03-04" })).toEqual({
    days: 427,
    calendar: { years: 1, months: 2, days: 3 },
  });
  expect(await call({ from: "2024-02-28", to: "2024-03-01" })).toMatchObject({ days: 2 });
});

test("is negative backwards, and zero for one day", async () => {
  const { call } = createCaller(datesBetween);
  expect(await call({ from: "2026-01-02", to: "2026-01-01" })).toMatchObject({ days: -1 });
  expect(await call({ from: "2026-01-01", to: "2026-01-01" })).toEqual({
    days: 0,
    calendar: { years: 0, months: 0, days: 0 },
  });
});

test("stays in the month at its end, and knows leap years", async () => {
  const { call } = createCaller(addToDate);
  expect(await call({ date: "2024-01-31", months: 1 })).toEqual({ date: "2024-02-29", weekday: "Thursday" });
  expect(await call({ date: "2024-02-29", years: 1 })).toMatchObject({ date: "2025-02-28" });
  expect(await call({ date: "2026-12-24", days: -30 })).toMatchObject({ date: "2026-11-24" });
  expect(await call({ date: "2026-01-31", months: 1, days: -3 })).toMatchObject({ date: "2026-02-25" });
});

test("refuses what is no date, and what leaves the calendar", async () => {
  const { call } = createCaller(addToDate);
  for (const date of ["2026-02-30", "24.12.2026", "soon"])
    expect(await call({ date }), date).toMatch(/^INVALID_(INPUT|DATE)/);
  expect(await call({ date: "9999-12-31", years: 10_000, weeks: 10_000 })).toMatchObject({
    date: expect.stringMatching(/^\+0/) as string,
  });
  expect(await call({ date: "2026-01-01", years: 10_001 })).toMatch(/^INVALID_INPUT/);
});
