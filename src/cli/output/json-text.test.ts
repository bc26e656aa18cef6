import { expect, test } from "vitest";
import { toInlineJson, toJsonText } from "./json-text.ts";

test("writes BigInt as a number with all its digits", () => {
  expect(toJsonText({ n: 9007199254740993n }, 0)).toBe('{"n":9007199254740993}');
});

test("writes null for what JSON has no word for", () => {
  expect(toJsonText(undefined)).toBe("null");
});

test("writes one line that can be broken between its members", () => {
  expect(toInlineJson({ a: [1, "x\n  y"], b: {} })).toBe('{ "a": [ 1, "x\\n  y" ], "b": {} }');
});

test("sends no control character", () => {
  expect(toJsonText("\u009b\u202e", 0)).toBe('"\\u009b\\u202e"');
});
