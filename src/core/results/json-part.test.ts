import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ToolError } from "../../errors/tool-error.ts";
import { selectPart } from "./json-part.ts";

function refusalOf(text: string, pointer: string): ToolError {
  try {
    selectPart(text, pointer);
  } catch (error) {
    if (error instanceof ToolError) return error;
  }
  throw new Error("was not refused");
}

const escape = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** Every pointer into `value`, with what is there. */
function* partsOf(value: unknown, pointer = ""): Generator<readonly [pointer: string, part: unknown]> {
  yield [pointer, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* partsOf(member, `${pointer}/${escape(key)}`);
}

describe("selectPart", () => {
  it("finds every part of every JSON text, however it is spaced", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }),
        fc.constantFrom(0, 1, "\t", "\r\n "),
        (value, space) => {
          const text = ` ${JSON.stringify(value, null, space)}\n`;
          const parsed: unknown = JSON.parse(text);
          for (const [pointer, part] of partsOf(parsed)) {
            const found = selectPart(text, pointer);
            expect(JSON.parse(found)).toEqual(part);
            if (pointer !== "") expect(found).toBe(found.trim());
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("follows the examples of RFC 6901, section 5", () => {
    const text = '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}';
    const expected: Readonly<Record<string, string>> = {
      "": text,
      "/foo": '["bar","baz"]',
      "/foo/0": '"bar"',
      "/": "0",
      "/a~1b": "1",
      "/c%d": "2",
      "/e^f": "3",
      "/g|h": "4",
      "/i\\j": "5",
      '/k"l': "6",
      "/ ": "7",
      "/m~0n": "8",
    };
    for (const [pointer, part] of Object.entries(expected)) expect(selectPart(text, pointer)).toBe(part);
  });

  it("reads ~01 as ~1 and not as a slash", () => {
    expect(selectPart('{"/":1,"~1":2}', "/~01")).toBe("2");
  });

  it("gives what is written, not what a double makes of it", () => {
    expect(selectPart('{"id": 9007199254740993, "x": 1.10}', "/id")).toBe("9007199254740993");
    expect(selectPart('{"id": 9007199254740993, "x": 1.10}', "/x")).toBe("1.10");
  });

  it("is the whole text without a pointer, JSON or not", () => {
    expect(selectPart("plain", "")).toBe("plain");
  });

  it("refuses text that is not JSON, and pointers that are none", () => {
    expect(refusalOf("plain", "/a").toolCode).toBe("NOT_JSON");
    expect(refusalOf('{"a":1} tail', "/a").toolCode).toBe("NOT_JSON");
    for (const pointer of ["a", "#/a", "$.a", "/~", "/~2"])
      expect(refusalOf('{"a":1}', pointer).toolCode).toBe("INVALID_POINTER");
  });

  it.each([
    ['{"a":{"b":1,"c":2}}', "/a/d/e", 'There is nothing at "/a/d/e": "/a" is an object with the keys "b", "c".'],
    ['{"a":1}', "/b", 'There is nothing at "/b": the whole result is an object with the keys "a".'],
    ['{"a":[1,2,3]}', "/a/3", 'There is nothing at "/a/3": "/a" is an array with the indices 0 to 2.'],
    ['{"a":[]}', "/a/-", 'There is nothing at "/a/-": "/a" is an empty array.'],
    ["[1]", "/01", 'There is nothing at "/01": the whole result is an array with the indices 0 to 0.'],
    ['{"a~b":{}}', "/a~0b/x", 'There is nothing at "/a~0b/x": "/a~0b" is an empty object.'],
    ['"abc"', "/length", 'There is nothing at "/length": the whole result is neither an object nor an array.'],
    ["{}", "/__proto__", 'There is nothing at "/__proto__": the whole result is an empty object.'],
  ])("in %s says what is on the way to %s", (text, pointer, message) => {
    expect(refusalOf(text, pointer)).toMatchObject({ toolCode: "NO_SUCH_PART", message });
  });

  it("names the way there whole, however long", () => {
    const key = "k".repeat(500);
    expect(refusalOf(`{"${key}":{"a":1}}`, `/${key}/b`).message).toContain(`"/${key}" is an object with the keys "a".`);
  });

  it("names at most 20 keys, none of them long", () => {
    const value = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}${"k".repeat(500)}`, 0]));
    const { message } = refusalOf(JSON.stringify(value), "/x");
    expect(message).toContain(" and 30 more.");
    expect(message.length).toBeLessThan(2_000);
  });

  it("goes as deep as the text does", () => {
    const deep = `${"[".repeat(20_000)}1${"]".repeat(20_000)}`;
    expect(selectPart(deep, "/0".repeat(500))).toBe(deep.slice(500, -500));
  });

  it("takes a string apart by its own escapes only", () => {
    const text = `["${"\\\\".repeat(50_000)}","\\"]{","x"]`;
    expect(selectPart(text, "/2")).toBe('"x"');
  });
});
