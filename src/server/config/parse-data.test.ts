import { expect, test } from "vitest";
import { parseData } from "./parse-data.ts";

const problems = (text: string, format: "yaml" | "json" = "yaml"): readonly string[] =>
  parseData(text, format).problems.map(({ path, message }) => `${path}: ${message}`);

test("reads YAML 1.2 and JSON as the same data", () => {
  const value = { server: { port: 9000, docs: false }, roles: { NO: { inherits: ["GUEST"] } }, defaultRole: "no" };
  const yaml = "server: { port: 9000, docs: false }\nroles:\n  NO:\n    inherits: [GUEST]\ndefaultRole: no\n";
  expect(parseData(yaml, "yaml").value).toEqual(value);
  expect(parseData(JSON.stringify(value), "json").value).toEqual(value);
});

test("says where the parts are", () => {
  const { locate } = parseData("timeoutMs: 5\nserver:\n  port: x\ngrants:\n  - tools: [a]\n    roles: [A]\n", "yaml");
  expect(locate("server.port")).toBe("line 3, column 3");
  expect(locate("server.missing")).toBe("line 2, column 1");
  expect(locate("grants[0].roles[0]")).toBe("line 6, column 13");
  expect(locate("grants[0]: tools")).toBe("line 5, column 5");
  expect(locate("elsewhere")).toBe("line 1, column 1");
});

test("refuses keys that are there twice", () => {
  expect(problems("a: 1\nb: 2\na: 3\n")).toEqual(['line 3, column 1: has the key "a" twice']);
  expect(problems('{"a": 1, "a": 2}', "json")).toEqual([expect.stringContaining("the text: ")]);
});

test("refuses aliases before they become anything", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ...Array.from({ length: 9 }, (_, at) => {
      const [name, before] = [String.fromCodePoint(98 + at), String.fromCodePoint(97 + at)];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`;
    }),
  ].join("\n");
  expect(problems(bomb)).toHaveLength(20);
  expect(problems("a: &x 1\nb: *x\n")).toEqual([
    "line 1, column 7: has an anchor (&x); nothing may refer to it, take it out",
    "line 2, column 4: is an alias (*x); write out what it stands for",
  ]);
  expect(problems("a: !!js/function 'x'\n").join()).toContain("line 1");
  expect(problems("a: !secret x\n").join()).toContain("line 1");
});

test("refuses what is no text of its kind, is too deep or too long", () => {
  expect(problems("a: [1\n")[0]).toMatch(/^line \d+, column \d+: /);
  expect(problems("{a: 1}", "json")).toHaveLength(1);
  expect(problems("[".repeat(5_000)).length).toBeGreaterThan(0);
  expect(problems(`${"[".repeat(100)}${"]".repeat(100)}`)).toContainEqual(expect.stringContaining("deeper than 64"));
  expect(problems("x".repeat(2_000_000))).toEqual([expect.stringContaining("received 2000000 characters")]);
  expect(problems("a: .inf\n")).toEqual(["line 1, column 4: is no value that JSON can hold"]);
});

test("a key of Object.prototype is a key like others", () => {
  const { value } = parseData("constructor: 1\n", "yaml");
  expect(Object.keys(value as object)).toEqual(["constructor"]);
});
