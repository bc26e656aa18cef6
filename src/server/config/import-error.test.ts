import { expect, test } from "vitest";
import { describeImportError } from "./import-error.ts";

const file = "/p/toolyard.config.ts";

// Stacks as Node 24 writes them.
function error(type: typeof Error, message: string, stack: string): Error {
  return Object.assign(new type(message), { stack });
}

test("says where the file threw", () => {
  const thrown = error(
    TypeError,
    "boom",
    "TypeError: boom\n    at f (file:///p/toolyard.config.ts:1:29)\n    at file:///p/toolyard.config.ts:3:1",
  );
  expect(describeImportError(file, thrown)).toBe(`${file}: threw at toolyard.config.ts:1:29: TypeError: boom`);
});

test("says where TypeScript cannot be read", () => {
  const thrown = error(
    SyntaxError,
    "Unexpected token",
    "/p/toolyard.config.ts:2\nexport default { b: a as };\n   ^\n\nSyntaxError: Unexpected token",
  );
  expect(describeImportError(file, thrown)).toBe(`${file}: cannot be read at toolyard.config.ts:2: Unexpected token`);
});

test("says how to find out where, when Node does not tell", () => {
  const thrown = error(
    SyntaxError,
    "Unexpected token",
    "SyntaxError: Unexpected token\n    at compile (node:internal)",
  );
  expect(describeImportError(file, thrown)).toBe(
    `${file}: cannot be read: Unexpected token ("node --check toolyard.config.ts" shows where)`,
  );
});

test("passes on which package is missing", () => {
  const thrown = Object.assign(error(Error, "Cannot find package 'x' imported from /p/toolyard.config.ts", ""), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  expect(describeImportError(file, thrown)).toBe(
    `${file}: Cannot find package 'x' imported from /p/toolyard.config.ts`,
  );
});

test("tells what was thrown that is no Error", () => {
  expect(describeImportError(file, null)).toBe(`${file}: threw null, which is no Error`);
  expect(describeImportError(file, undefined)).toBe(`${file}: threw undefined, which is no Error`);
});
