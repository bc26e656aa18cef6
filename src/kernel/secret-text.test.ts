import { inspect } from "node:util";
import { serialize } from "node:v8";
import { expect, test } from "vitest";
import { createSecretText, isSecretText } from "./secret-text.ts";

const CANARY = "canary-6c1f9be2";
const secret = createSecretText(CANARY);

test("gives the text to who asks for it", () => {
  expect(secret.reveal()).toBe(CANARY);
});

test.each([
  ["String", String(secret)],
  ["toString", secret.toString()],
  ["a template", `Bearer ${secret as unknown as string}`],
  ["JSON", JSON.stringify({ secret })],
  ["inspect", inspect(secret)],
  ["inspect of what holds it", inspect({ list: [secret] }, { depth: 9, showHidden: true, getters: true })],
  ["inspect without customs", inspect(secret, { customInspect: false, showHidden: true })],
  ["its properties", JSON.stringify(Object.getOwnPropertyDescriptors(secret))],
  ["a copy", JSON.stringify(structuredClone({ ...secret }))],
  ["a serialised copy", serialize({ ...secret }).toString("latin1")],
])("does not print by way of %s", (_way, text) => {
  expect(text).not.toContain(CANARY);
});

test("is known by its kind, not by its looks", () => {
  expect(isSecretText(secret)).toBe(true);
  expect(isSecretText({ reveal: () => CANARY })).toBe(false);
  expect(isSecretText(CANARY)).toBe(false);
});

test("cannot be given another text", () => {
  expect(() => Object.assign(secret, { reveal: () => "other" })).toThrow(TypeError);
});
