import { describe, expect, it } from "vitest";
import type { Problem } from "../../errors/toolyard-error.ts";
import { FieldReader } from "./field-reader.ts";
import { readBreaker, readBulkhead, readRetry, RETRY_DEFAULTS } from "./read-policies.ts";

type Read = (reader: FieldReader, field: string) => unknown;

/** What is read of `value`, and what is wrong with it. */
function read(by: Read, value: unknown): { readonly policy: unknown; readonly problems: readonly string[] } {
  const problems: Problem[] = [];
  const policy = by(new FieldReader({ p: value }, "t: ", problems), "p");
  return { policy, problems: problems.map(({ path, message }) => `${path}: ${message}`) };
}

describe("a policy", () => {
  it("that is left out is none, without a problem", () => {
    for (const by of [readRetry, readBreaker, readBulkhead]) {
      expect(read(by, undefined)).toEqual({ policy: undefined, problems: [] });
    }
  });

  it.each([null, true, 3, "x", []])("is an object, not %j", (value) => {
    for (const by of [readRetry, readBreaker, readBulkhead]) {
      const { policy, problems } = read(by, value);
      expect(policy).toBeUndefined();
      expect(problems).toEqual([expect.stringMatching(/^t: p: received .*, expected an object, such as \{/)]);
    }
  });

  it.each<[string, Read, Record<string, unknown>, string]>([
    ["repeats", readRetry, { repeat: 3 }, "repeat: is not a known field; did you mean repeats?"],
    ["baseMs", readRetry, { baseMS: 3 }, "baseMS: is not a known field; did you mean baseMs?"],
    ["failures", readBreaker, { failure: 3 }, "failure: is not a known field; did you mean failures?"],
    ["openMs", readBreaker, { openMS: 3 }, "openMS: is not a known field; did you mean openMs?"],
    ["max", readBulkhead, { max: 1, maximum: 3 }, "maximum: is not a known field"],
    ["queue", readBulkhead, { max: 1, queued: 3 }, "queued: is not a known field; did you mean queue?"],
  ])("refuses a member that it does not have, with the nearest name: %s", (_, by, value, expected) => {
    expect(read(by, value).problems).toEqual([expect.stringContaining(`t: p.${expected}`)]);
  });

  const times: [Read, string, Record<string, unknown>, number, number][] = [
    [readRetry, "repeats", {}, 0, 10],
    [readRetry, "baseMs", { capMs: 600_000 }, 1, 60_000],
    [readRetry, "capMs", { baseMs: 1 }, 1, 600_000],
    [readBreaker, "failures", {}, 1, 10_000],
    [readBreaker, "openMs", { maxOpenMs: 3_600_000 }, 1, 3_600_000],
    [readBreaker, "maxOpenMs", { openMs: 1 }, 1, 3_600_000],
    [readBreaker, "probes", {}, 1, 100],
    [readBreaker, "windowMs", { kind: "sampling" }, 1_000, 3_600_000],
    [readBreaker, "minimumCalls", { kind: "sampling" }, 1, 1_000_000],
    [readBulkhead, "max", {}, 1, 1_000_000],
    [readBulkhead, "queue", { max: 5 }, 0, 1_000_000],
    [readBulkhead, "min", { max: 1_000_000, adaptive: true }, 1, 1_000_000],
  ];
  it.each(times)("takes whole numbers of its bounds only: %o %s", (by, field, others, min, max) => {
    for (const good of [min, max]) {
      const { policy, problems } = read(by, { ...others, [field]: good });
      expect(problems).toEqual([]);
      expect(policy).toMatchObject({ ...others, [field]: good });
    }
    for (const bad of [min - 1, max + 1, min + 0.5, -5, Number.NaN, Infinity, "1", null]) {
      const [problem] = read(by, { ...others, [field]: bad }).problems;
      expect(problem, String(bad)).toMatch(new RegExp(`^t: p\\.${field}: received .+, expected an integer from `));
    }
  });
});

describe("retry", () => {
  it("is filled in", () => {
    expect(read(readRetry, {})).toEqual({ policy: RETRY_DEFAULTS, problems: [] });
    expect(RETRY_DEFAULTS).toEqual({ repeats: 3, baseMs: 50, capMs: 20_000 });
    expect(read(readRetry, { baseMs: 60_000 }).policy).toEqual({ repeats: 3, baseMs: 60_000, capMs: 60_000 });
  });

  it("is refused when its bound lies below where delays begin, with both by name", () => {
    expect(read(readRetry, { baseMs: 500, capMs: 400 }).problems).toEqual([
      "t: p.capMs: is 400, less than baseMs (500); the first delay could not grow",
    ]);
    expect(read(readRetry, { capMs: 49 }).problems).toEqual([
      "t: p.capMs: is 49, less than baseMs (50); the first delay could not grow",
    ]);
    expect(read(readRetry, { baseMs: 500, capMs: 500 }).problems).toEqual([]);
  });
});

describe("a breaker", () => {
  const times = { openMs: 30_000, maxOpenMs: 300_000, probes: 1 };

  it("is filled in, one of consecutive failures unless it says so", () => {
    expect(read(readBreaker, {}).policy).toEqual({ kind: "consecutive", failures: 5, ...times });
    expect(read(readBreaker, { kind: "sampling" }).policy).toEqual({
      kind: "sampling",
      ratio: 0.5,
      windowMs: 10_000,
      minimumCalls: 20,
      ...times,
    });
    expect(read(readBreaker, { openMs: 400_000 }).policy).toMatchObject({ openMs: 400_000, maxOpenMs: 400_000 });
  });

  it("is refused when its longest time is less than the first, with both by name", () => {
    expect(read(readBreaker, { openMs: 500, maxOpenMs: 499 }).problems).toEqual([
      "t: p.maxOpenMs: is 499, less than openMs (500), where it begins",
    ]);
    expect(read(readBreaker, { openMs: 500, maxOpenMs: 500 }).problems).toEqual([]);
  });

  it("is of one kind: fields of the other are refused, with the kind by name", () => {
    for (const [field, value] of [
      ["ratio", 0.5],
      ["windowMs", 1_000],
      ["minimumCalls", 3],
    ] as const) {
      for (const kind of [{}, { kind: "consecutive" }]) {
        expect(read(readBreaker, { ...kind, [field]: value }).problems).toEqual([
          `t: p.${field}: is set, but kind is "consecutive"; say kind: "sampling" or leave it out`,
        ]);
      }
    }
    expect(read(readBreaker, { kind: "sampling", failures: 3 }).problems).toEqual([
      't: p.failures: is set, but kind is "sampling"; say kind: "consecutive" or leave it out',
    ]);
  });

  it("is refused when its kind is none", () => {
    expect(read(readBreaker, { kind: "samplng" }).problems).toEqual([
      't: p.kind: received string "samplng", expected one of "consecutive", "sampling"; did you mean "sampling"?',
    ]);
  });

  it.each([0, -0.1, 1.01, Number.NaN, Infinity, "0.5"])("opens at a part of the calls that is none: %s", (ratio) => {
    expect(read(readBreaker, { kind: "sampling", ratio }).problems).toEqual([
      expect.stringMatching(/^t: p\.ratio: received .+, expected a number over 0, up to 1$/),
    ]);
  });

  it("opens at any part over nothing, up to all", () => {
    for (const ratio of [Number.MIN_VALUE, 0.3, 1]) {
      expect(read(readBreaker, { kind: "sampling", ratio })).toMatchObject({ policy: { ratio }, problems: [] });
    }
  });
});

describe("a bulkhead", () => {
  it("is filled in: as many wait as run", () => {
    expect(read(readBulkhead, { max: 7 }).policy).toEqual({ max: 7, queue: 7, adaptive: false, min: 1 });
    expect(read(readBulkhead, { max: 7, queue: 0 }).policy).toMatchObject({ queue: 0 });
    expect(read(readBulkhead, { max: 7, adaptive: true, min: 2 }).policy).toEqual({
      max: 7,
      queue: 7,
      adaptive: true,
      min: 2,
    });
  });

  it("says how many run", () => {
    expect(read(readBulkhead, {}).problems).toEqual(["t: p.max: is missing, expected an integer from 1 to 1,000,000"]);
    // Nothing is made up of what was not said.
    expect(read(readBulkhead, { queue: 5, adaptive: true, min: 4 }).problems).toEqual([
      "t: p.max: is missing, expected an integer from 1 to 1,000,000: queue says how many wait, max how many run",
    ]);
  });

  it("has an end of its queue", () => {
    expect(read(readBulkhead, { max: 4, queue: Infinity }).problems).toEqual([
      "t: p.queue: received number Infinity, expected an integer from 0 to 1,000,000: beside max (4 running) the queue has to have an end",
    ]);
    expect(read(readBulkhead, { queue: Infinity }).problems).toContain(
      "t: p.queue: received number Infinity, expected an integer from 0 to 1,000,000: beside max the queue has to have an end",
    );
  });

  it("is refused when its least is more than its most, or has no meaning, with both by name", () => {
    expect(read(readBulkhead, { max: 4, min: 5, adaptive: true }).problems).toEqual([
      "t: p.min: is 5, more than max (4)",
    ]);
    expect(read(readBulkhead, { max: 4, min: 2 }).problems).toEqual([
      "t: p.min: is set, but adaptive is not true; set both or none",
    ]);
    expect(read(readBulkhead, { max: 4, min: 2, adaptive: false }).problems).toHaveLength(1);
    expect(read(readBulkhead, { max: 4, min: 4, adaptive: true }).problems).toEqual([]);
  });

  it("is adaptive or not", () => {
    expect(read(readBulkhead, { max: 4, adaptive: "yes" }).problems).toEqual([
      't: p.adaptive: received string "yes", expected true or false',
    ]);
  });
});
