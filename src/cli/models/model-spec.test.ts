import { expect, test } from "vitest";
import { readModelSpec } from "./model-spec.ts";

test.each([
  [{}, null],
  [{ model: "offline" }, null],
  [{ useOpenai: true }, { provider: "openai", name: "gpt-5.4-mini" }],
  [
    { useOpenai: true, model: "gpt-9" },
    { provider: "openai", name: "gpt-9" },
  ],
  [
    { useOpenai: true, model: "ft:gpt-9:acme" },
    { provider: "openai", name: "ft:gpt-9:acme" },
  ],
  [
    { useOpenai: true, model: "openai-responses:gpt-9" },
    { provider: "openai-responses", name: "gpt-9" },
  ],
  [{ model: "openai:ft:gpt-9:acme" }, { provider: "openai", name: "ft:gpt-9:acme" }],
  [{ model: "anthropic:claude" }, { provider: "anthropic", name: "claude" }],
  [{ model: "gemini:flash" }, { provider: "gemini", name: "flash" }],
])("reads %o", (options, expected) => {
  expect(readModelSpec(options)).toEqual(expected);
});

test.each([
  [{ model: "gpt-5.4-mini" }, /--model: received "gpt-5\.4-mini", expected offline or a provider and a name/],
  [{ model: "antropic:claude" }, /did you mean anthropic:claude-sonnet-5\?/],
  [{ model: "ofline" }, /did you mean offline\?/],
  [{ model: "openai:" }, /--model: received "openai:"/],
  [{ model: "" }, /--model: received ""/],
  [{ useOpenai: true, model: "anthropic:claude" }, /with --use-openai, expected the name of a model of OpenAI's/],
])("refuses %o", (options, message) => {
  expect(() => readModelSpec(options)).toThrow(message);
});
