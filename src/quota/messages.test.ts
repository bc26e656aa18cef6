import { describe, expect, test } from "vitest";
import { compileConcurrency, compileLimit } from "./compiled-limit.ts";
import { formatRefusal, formatSlotRefusal } from "./messages.ts";

const limit = compileLimit(
  { name: "hourly", per: ["tenant", "ip", "principal"], capacity: 100, windowMs: 3_600_000 },
  "a",
);
const request = { ...limit, key: "k", cost: 5 };

describe("formatRefusal", () => {
  test("tells a waiting time that is never too short", () => {
    const wait = (ms: number): string | undefined =>
      /Try again in (.*)\./.exec(formatRefusal(limit, request, null, ms))?.[1];
    expect([1, 999, 1_000, 1_001, 11_001, 119_001].map(wait)).toEqual(["1ms", "999ms", "1s", "2s", "12s", "2min"]);
    expect([120_001, 7_199_999, 7_200_001, 90_000_000].map(wait)).toEqual(["2.1min", "2h", "2.1h", "25h"]);
  });

  test("says for whom the limit is without naming anybody", () => {
    expect(formatRefusal(limit, request, null, 1_000)).toBe(
      'Quota "hourly" is used up: 100 per 60min for this principal and this address. Try again in 1s.',
    );
    const byRole = compileLimit({ name: "r", per: ["role", "tool"], capacity: 1, windowMs: 500 }, "a");
    expect(formatRefusal(byRole, { ...byRole, key: "k", cost: 1 }, "USER", 1_000)).toBe(
      'Quota "r" is used up: 1 per 500ms for role USER and this tool. Try again in 1s.',
    );
  });
});

describe("formatSlotRefusal", () => {
  test("names the limit and its number", () => {
    expect(formatSlotRefusal(compileConcurrency({ per: [], max: 7 }, "a"), null)).toBe(
      'Too many calls are running: at most 7 at once for this tenant (limit "7-running"). Try again when one of them has ended.',
    );
  });
});
