import { describe, expect, it } from "vitest";
import { readOptions } from "./option-problems.ts";
import { ToolyardError } from "./toolyard-error.ts";

function refusalOf(options: unknown, read: (reader: ReturnType<typeof readOptions>) => void): ToolyardError {
  try {
    const reader = readOptions("box", options, ["size", "open", "colour"]);
    read(reader);
    reader.done();
  } catch (error) {
    if (error instanceof ToolyardError) return error;
  }
  throw new Error("was not refused");
}

describe("readOptions", () => {
  it("gives what is accepted, and the fallback for what is not there", () => {
    const reader = readOptions("box", { size: 3 }, ["size", "open", "colour"]);
    expect(reader.integer("size", 1, 5, 2)).toBe(3);
    expect(reader.boolean("open", true)).toBe(true);
    expect(reader.choice("colour", ["red", "blue"], "red")).toBe("red");
    expect(() => reader.done()).not.toThrow();
  });

  it("names every problem at once, with the nearest value or name", () => {
    const refusal = refusalOf({ size: 9, opn: true, colour: "blu" }, (reader) => {
      reader.integer("size", 1, 5, 2);
      reader.choice("colour", ["red", "blue"], "red");
    });
    expect(refusal.code).toBe("INVALID_OPTION");
    expect(refusal.problems).toEqual([
      { path: "box.opn", message: 'there is no such option; did you mean "open"?' },
      { path: "box.size", message: "received 9, expected an integer from 1 to 5; the nearest is 5" },
      { path: "box.colour", message: 'received "blu", expected one of red, blue; did you mean "blue"?' },
    ]);
  });

  it.each([
    [null, "received null"],
    [[], "received an array"],
    ["x", 'received "x"'],
  ])("refuses %j, which is no object of options", (options, expected) => {
    expect(refusalOf(options, () => {}).message).toContain(expected);
  });

  it.each([1.5, "3", null, Number.NaN, 0, 6])("refuses %j where an integer from 1 to 5 is asked", (size) => {
    expect(refusalOf({ size }, (reader) => reader.integer("size", 1, 5, 2)).problems[0]?.path).toBe("box.size");
  });

  it("refuses what is no boolean", () => {
    expect(refusalOf({ open: 1 }, (reader) => reader.boolean("open", true)).message).toContain(
      "received 1, expected true or false",
    );
  });
});
