import { expect, test } from "vitest";
import { buildCalls, findUndescribed } from "./build-calls.ts";

const text = { type: "string" };
const schema = { type: "object", properties: { a: text, b: text, c: text } };

test("gives everything, leaves out what may be left out, and tries each other value", () => {
  expect(buildCalls({ a: ["x", "y"], b: ["z", ""] }, schema)).toEqual([
    { variant: "whole", arguments: { a: "x", b: "z" } },
    { variant: "least", arguments: { a: "x" } },
    { variant: "other", arguments: { a: "y", b: "z" } },
  ]);
});

test("builds one call where there is nothing to choose", () => {
  expect(buildCalls({ a: [1] }, schema)).toEqual([{ variant: "whole", arguments: { a: 1 } }]);
  expect(buildCalls({}, schema)).toEqual([{ variant: "whole", arguments: {} }]);
});

test("has no argument for which only its absence is accepted", () => {
  expect(buildCalls({ a: ["x"], b: [""] }, schema)).toEqual([{ variant: "whole", arguments: { a: "x" } }]);
});

test("reads alternatives within objects, and within objects of lists", () => {
  const accepted = { a: [{ min: [1, 2], max: ["", 3] }], b: [[{ field: ["x"] }, { field: ["y", "z"] }]] };
  expect(buildCalls(accepted, schema).map((call) => call.arguments)).toEqual([
    { a: { min: 1, max: 3 }, b: [{ field: "x" }, { field: "y" }] },
    { a: { min: 1 }, b: [{ field: "x" }, { field: "y" }] },
    { a: { min: 2, max: 3 }, b: [{ field: "x" }, { field: "y" }] },
    { a: { min: 1, max: 3 }, b: [{ field: "x" }, { field: "z" }] },
  ]);
});

test("takes a list among the alternatives as that list, and a member of an object that is no list as itself", () => {
  const accepted = { a: [[1, 2], []], b: [{ hand: [["2 of hearts", "3 of diamonds"]], format: "short" }] };
  expect(buildCalls(accepted, schema).map((call) => call.arguments)).toEqual([
    { a: [1, 2], b: { hand: ["2 of hearts", "3 of diamonds"], format: "short" } },
    { a: [], b: { hand: ["2 of hearts", "3 of diamonds"], format: "short" } },
  ]);
});

test("leaves out what is not described where it may be, and only there", () => {
  const accepted = { a: ["x"], free: [1, ""], forced: [2] };
  expect(buildCalls(accepted, schema)).toEqual([{ variant: "whole", arguments: { a: "x", forced: 2 } }]);
  expect(findUndescribed(accepted, schema)).toEqual(["free"]);
  expect(findUndescribed(accepted, { type: "object" })).toEqual([]);
  expect(buildCalls({ free: [1, ""] }, { type: "object" })).toHaveLength(2);
});

test("keeps null, false and zero as the values they are", () => {
  expect(buildCalls({ a: [null], b: [false], c: [0] }, schema)[0]?.arguments).toEqual({ a: null, b: false, c: 0 });
});
