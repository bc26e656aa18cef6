import { expect, test } from "vitest";
import { toCallInput, toShownInput, toStored } from "./json-copy.ts";

test("copies data, keeps text, and takes nothing for null", () => {
  const given = { a: [1, { b: null }] };
  const copy = toCallInput(given);
  expect(copy).toEqual(given);
  expect(copy).not.toBe(given);
  expect(Object.isFrozen((copy as typeof given).a[1])).toBe(true);
  expect(toCallInput('{"a": 1}')).toBe('{"a": 1}');
  expect([toCallInput(undefined), toCallInput(null)]).toEqual([null, null]);
});

test("writes numbers that are larger than a double as text, exactly", () => {
  expect(toCallInput({ id: 9007199254740993n })).toBe('{"id":9007199254740993}');
});

test("makes of what JSON cannot hold a text that is no JSON", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  for (const value of [circle, Number.NaN, { f() {} }, new Map(), Symbol("x")]) {
    expect(() => JSON.parse(toCallInput(value) as string) as unknown).toThrow(SyntaxError);
  }
});

test("shows arguments as data of its own", () => {
  const given = Object.freeze({ n: 1 });
  expect(toShownInput(given)).toEqual({ n: 1 });
  expect(toShownInput(given)).not.toBe(given);
  expect(toShownInput(' {"n": [1e400, 12345678901234567890]} ')).toEqual({ n: ["1e400", "12345678901234567890"] });
  expect([toShownInput(""), toShownInput(null), toShownInput("null")]).toEqual([{}, {}, {}]);
});

test("stores what survives JSON, and undefined when nothing does", () => {
  expect(toStored({ a: undefined, b: 1n, c: new Date(0) })).toEqual({ b: "1", c: "1970-01-01T00:00:00.000Z" });
  const circle: unknown[] = [];
  circle.push(circle);
  expect([toStored(circle), toStored(undefined)]).toEqual([undefined, undefined]);
});
