import { expect, test } from "vitest";
import { createCaller } from "../../../../test/cli/call-tool.ts";
import { convertTime, timeNow } from "./time.ts";

test("tells the time in a zone, with the offset of that day", async () => {
  const { call } = createCaller(timeNow);
  expect(await call({})).toEqual({
    dateTime: "2026-03-29T00:30:00",
    timeZone: "UTC",
    offset: "+00:00",
    weekday: "Sunday",
  });
  expect(await call({ timeZone: "america/new_york" })).toMatchObject({
    dateTime: "2026-03-28T20:30:00",
    timeZone: "America/New_York",
    offset: "-04:00",
    weekday: "Saturday",
  });
});

test("names the zone that was probably meant", async () => {
  const { call } = createCaller(timeNow);
  expect(await call({ timeZone: "Tokyo" })).toBe(
    'UNKNOWN_TIME_ZONE: There is no time zone "Tokyo". Did you mean Asia/Tokyo?',
  );
  expect(await call({ timeZone: "Europe/Berlim" })).toMatch(/Did you mean Europe\/Berlin/);
  expect(await call({ timeZone: "nowhere at all" })).toMatch(/Use an IANA name/);
  expect(await call({ timeZone: "+02:00" })).toMatch(/^UNKNOWN_TIME_ZONE/);
});

test("knows the names that are links to another zone", async () => {
  expect(await createCaller(timeNow).call({ timeZone: "US/Eastern" })).toMatchObject({ offset: "-04:00" });
});

test("converts with the offsets of the day, which differ between the continents", async () => {
  // Europe has set its clocks forward three weeks after America.
  const { call } = createCaller(convertTime);
  const convert = async (dateTime: string): Promise<unknown> =>
    call({ dateTime, from: "Europe/Berlin", to: "America/New_York" });
  expect(await convert("2026-03-20T14:30")).toMatchObject({
    from: { offset: "+01:00" },
    to: { dateTime: "2026-03-20T09:30:00", offset: "-04:00" },
  });
  expect(await convert("2026-03-30T14:30")).toMatchObject({
    from: { offset: "+02:00" },
    to: { dateTime: "2026-03-30T08:30:00", offset: "-04:00" },
  });
});

test("refuses a time that clocks skip, and says when they go on", async () => {
  expect(await createCaller(convertTime).call({ dateTime: "2026-03-29T02:30", from: "Europe/Berlin", to: "UTC" })).toBe(
    "SKIPPED_TIME: 2026-03-29T02:30:00 does not exist in Europe/Berlin: clocks are set forward over it. The next moment is 2026-03-29T03:30:00.",
  );
});

test("takes the first of a time that happens twice, and says so", async () => {
  expect(
    await createCaller(convertTime).call({ dateTime: "2026-10-25T02:30", from: "Europe/Berlin", to: "UTC" }),
  ).toMatchObject({
    to: { dateTime: "2026-10-25T00:30:00" },
    note: expect.stringMatching(/twice/) as string,
  });
});

test("refuses what is no local time", async () => {
  const { call } = createCaller(convertTime);
  for (const dateTime of ["tomorrow", "2026-02-30T10:00", "2026-03-29T12:00Z", "2026-03-29T25:00"]) {
    expect(await call({ dateTime, from: "UTC", to: "UTC" }), dateTime).toMatch(/^INVALID_DATE_TIME/);
  }
});
