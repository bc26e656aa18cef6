import { describe, expect, test } from "vitest";
import { checkConcurrency, checkLimits } from "./check-limit.ts";
import { toConcurrencyName, toLimitName } from "./limit-name.ts";

const good = { name: "hourly", per: ["principal"], capacity: 100, windowMs: 3_600_000 };

function messages(value: unknown): readonly string[] {
  return checkLimits(value, "limits").map(({ path, message }) => `${path}: ${message}`);
}

describe("checkLimits", () => {
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["an empty list", []],
    ["a limit", [good]],
    [
      "every member",
      [{ ...good, algorithm: "token-bucket", burst: 5, roles: ["USER"], per: ["ip", "tool", "role", "tenant"] }],
    ],
    ["a window", [{ ...good, algorithm: "fixed-window" }]],
    [
      "unnamed limits that differ",
      [
        { ...good, name: undefined },
        { per: [], capacity: 0.5, windowMs: 1 },
      ],
    ],
    ["the ends of the ranges", [{ ...good, capacity: 1e9, windowMs: 315_576_000_000, burst: 0.000_001 }]],
  ])("accepts %s", (_, value) => {
    expect(checkLimits(value, "limits")).toEqual([]);
  });

  test.each<[unknown, string]>([
    ["none", 'limits: received "none", expected a list of limits'],
    [good, "limits: received an object, expected a list of limits"],
    [[null], "limits[0]: received null, expected a limit"],
    [
      [{ ...good, windowMS: 1 }],
      'limits[0].windowMS: is not known, expected one of name, per, capacity, windowMs, algorithm, burst, roles; did you mean "windowMs"?',
    ],
    [
      [{ ...good, name: "a:b" }],
      'limits[0].name: received "a:b", expected 1 to 64 letters, digits, "_", "." and "-", the first a letter or digit',
    ],
    [
      [{ ...good, per: "principal" }],
      'limits[0].per: received "principal", expected a list of tenant, tool, principal, role, ip',
    ],
    [
      [{ ...good, per: ["principle"] }],
      'limits[0].per[0]: received "principle", expected one of tenant, tool, principal, role, ip; did you mean "principal"?',
    ],
    [[{ ...good, per: ["ip", "ip"] }], 'limits[0].per[1]: received "ip" twice; remove one'],
    [[{ ...good, capacity: 0 }], "limits[0].capacity: received 0, expected a number from 0.000001 to 1000000000"],
    [[{ ...good, capacity: "9" }], 'limits[0].capacity: received "9", expected a number from 0.000001 to 1000000000'],
    [
      [{ ...good, capacity: Number.NaN }],
      "limits[0].capacity: received NaN, expected a number from 0.000001 to 1000000000",
    ],
    [
      [{ ...good, capacity: 1e9 + 1 }],
      "limits[0].capacity: received 1000000001, expected a number from 0.000001 to 1000000000",
    ],
    [
      [{ ...good, windowMs: 0.5 }],
      "limits[0].windowMs: received 0.5, expected whole milliseconds from 1 to 315576000000 (10 years)",
    ],
    [
      [{ ...good, windowMs: undefined }],
      "limits[0].windowMs: received nothing, expected whole milliseconds from 1 to 315576000000 (10 years)",
    ],
    [[{ ...good, burst: -1 }], "limits[0].burst: received -1, expected a number from 0.000001 to 1000000000"],
    [
      [{ ...good, algorithm: "fixed-window", burst: 5 }],
      "limits[0].burst: a fixed window has no burst: its whole capacity may be taken at once; leave it out",
    ],
    [
      [{ ...good, algorithm: "token_bucket" }],
      'limits[0].algorithm: received "token_bucket", expected one of token-bucket, fixed-window; did you mean "token-bucket"?',
    ],
    [
      [{ ...good, roles: [] }],
      "limits[0].roles: received an empty list, expected one or more role names; leave it out for everybody",
    ],
    [
      [{ ...good, roles: "USER" }],
      'limits[0].roles: received "USER", expected one or more role names; leave it out for everybody',
    ],
    [[good, good], 'limits[1].name: limits[0] is called "hourly" too; give one another name'],
    [
      [
        { ...good, name: undefined },
        { per: ["principal"], capacity: 100, windowMs: 3_600_000, burst: 1 },
      ],
      'limits[1].name: limits[0] is called "100-per-1h-per-principal" too; give one another name',
    ],
  ])("refuses %j", (value, problem) => {
    expect(messages(value)).toEqual([problem]);
  });

  test("names everything that is wrong at once", () => {
    expect(messages([{ capacity: 0, windowMs: 0, per: [1, 2] }, 7])).toHaveLength(5);
  });
});

describe("checkConcurrency", () => {
  test("accepts limits, and names what is wrong with others", () => {
    const running = { per: ["principal"], max: 4 };
    expect(checkConcurrency(undefined, "concurrency")).toEqual([]);
    expect(checkConcurrency([running, { ...running, per: [], roles: ["GUEST"], name: "x" }], "concurrency")).toEqual(
      [],
    );
    const problems = checkConcurrency([running, running, { per: [], max: 0, capacity: 1 }], "concurrency");
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'concurrency[1].name: concurrency[0] is called "4-running-per-principal" too; give one another name',
      "concurrency[2].capacity: is not known, expected one of name, per, max, roles",
      "concurrency[2].max: received 0, expected an integer from 1 to 1000000",
    ]);
  });
});

describe("the names of unnamed limits", () => {
  test("say what the limit is, without rounding", () => {
    expect(toLimitName({ per: ["ip", "principal"], capacity: 60, windowMs: 60_000 })).toBe(
      "60-per-1min-per-principal-ip",
    );
    expect(toLimitName({ per: [], capacity: 2.5, windowMs: 90_000 })).toBe("2.5-per-90s");
    expect(toLimitName({ per: [], capacity: 1, windowMs: 3_600_001 })).toBe("1-per-3600001ms");
    expect(toLimitName({ per: [], capacity: 1, windowMs: 86_400_000 })).toBe("1-per-1d");
    expect(toConcurrencyName({ per: ["tool"], max: 3 })).toBe("3-running-per-tool");
  });
});
