import { describe, expect, test } from "vitest";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { systemClock } from "../kernel/clock.ts";
import { createFaultInjector } from "./fault-injector.ts";
import { readFaultOptions } from "./read-fault-options.ts";

describe("readFaultOptions", () => {
  test("fills in the defaults", () => {
    expect(readFaultOptions({ seed: -1, latency: { rate: 0.5, maxMs: 9 } })).toEqual({
      seed: -1,
      clock: systemClock,
      rates: [["latency", 0.5]],
      minMs: 0,
      maxMs: 9,
      makeError: null,
      makeDrop: null,
    });
  });

  test("takes rates that add up to 1 but for a rounding", () => {
    expect(0.2 + 0.4 + 0.3 + 0.1).toBeGreaterThan(1);
    const rates = { latency: { rate: 0.2, maxMs: 1 }, error: { rate: 0.4 }, hang: { rate: 0.3 } };
    expect(readFaultOptions({ seed: 1, ...rates, dropAfterCommit: { rate: 0.1 } }).rates).toHaveLength(4);
    expect(() => readFaultOptions({ seed: 1, ...rates, dropAfterCommit: { rate: 0.100_001 } })).toThrow("at most 1");
  });

  test.each([
    [{}, "seed: received undefined, expected an integer from -9007199254740991 to 9007199254740991"],
    [{ seed: 0.5 }, "seed: received 0.5, expected an integer"],
    [{ seed: 1, sead: 2 }, 'fault injector.sead: there is no such option; did you mean "seed"?'],
    [{ seed: 1, error: { rate: 1.5 } }, "error.rate: received 1.5, expected a number from 0 to 1"],
    [{ seed: 1, error: { rate: Number.NaN } }, "error.rate: received NaN, expected a number from 0 to 1"],
    [{ seed: 1, hang: {} }, "hang.rate: received undefined, expected a number from 0 to 1"],
    [{ seed: 1, hang: 0.5 }, "hang: received 0.5, expected an object such as { rate: 0.1 }"],
    [{ seed: 1, hang: { rate: 0.6 }, error: { rate: 0.6 } }, "received rates that add up to 1.2, expected at most 1"],
    [{ seed: 1, latency: { rate: 1 } }, "latency.maxMs: received undefined, expected an integer from 0 to 2147483647"],
    [{ seed: 1, latency: { rate: 1, minMs: -1, maxMs: 1 } }, "latency.minMs: received -1, expected an integer from 0"],
    [{ seed: 1, latency: { rate: 1, minMs: 9, maxMs: 8 } }, "latency.maxMs: received 8, expected an integer from 9"],
    [
      { seed: 1, latency: { rate: 1, maxMS: 8 } },
      'latency.maxMS: there is no such option; did you mean "latency.maxMs"?',
    ],
    [{ seed: 1, hang: { rate: 1, make: () => 1 } }, "hang.make: there is no such option"],
    [{ seed: 1, error: { rate: 1, make: "x" } }, 'error.make: received "x", expected a function that makes an error'],
    [{ seed: 1, dropAfterCommit: { rate: 1, make: 5 } }, "dropAfterCommit.make: received 5, expected a function"],
    [{ seed: 1, clock: 5 }, "clock: received 5, expected a clock"],
    [null, "received null, expected an object of options"],
  ])("refuses %j and says what is accepted", (options, message) => {
    const create = (): unknown => createFaultInjector(options as never);
    expect(create).toThrow(ToolyardError);
    expect(create).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    expect(create).toThrow(message);
  });

  test("reports all problems at once", () => {
    const create = (): unknown => createFaultInjector({ seed: "x", clock: 1, hang: 2, error: { rate: 3 } } as never);
    expect(create).toThrow(/hang: [^]*error\.rate|error\.rate: [^]*hang/);
    expect(create).toThrow(/seed: [^]*clock: /);
  });
});
