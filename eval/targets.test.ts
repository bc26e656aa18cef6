import { beforeAll, expect, test } from "vitest";
import { writeCorpus } from "./corpus/write-corpus.ts";
import { readCorpus } from "./corpus/read-corpus.ts";
import { evaluate, type Evaluation, type ProviderFigures } from "./evaluate.ts";
import type { Miss, ProviderCalls } from "./evaluate-calls.ts";
import { toTargets } from "./targets.ts";

let sound: Evaluation;

beforeAll(async () => {
  const find = {
    name: "find",
    description: "Finds.",
    parameters: { type: "dict", properties: { id: { type: "int" } } },
  };
  await using corpus = await writeCorpus({
    "a.json": [{ id: "1", function: [find] }],
    "possible_answer/a.json": [{ id: "1", ground_truth: [{ find: { id: [1] } }] }],
  });
  sound = await evaluate(readCorpus(corpus.folder), () => {});
});

const named = [{ tool: "find@1.0.0", why: "x" }];
const changed: Miss = { provider: "Gemini", call: "1#1", tool: "find", variant: "whole", fate: "changed", detail: "x" };

const withForms = (name: string, figures: Partial<ProviderFigures>): Evaluation => ({
  ...sound,
  providers: sound.providers.map((one) => (one.provider === name ? { ...one, ...figures } : one)),
});
const withCalls = (name: string, figures: Partial<ProviderCalls>): Evaluation => ({
  ...sound,
  calls: {
    ...sound.calls,
    providers: sound.calls.providers.map((one) => (one.provider === name ? { ...one, ...figures } : one)),
  },
});

test("every target holds where nothing is wrong", () => {
  expect(toTargets(sound).filter(({ holds }) => !holds)).toEqual([]);
});

test.each<readonly [string, () => Evaluation]>([
  [
    "definitions registered, or refused with a reason",
    () => ({ ...sound, registered: 0, refused: [{ tool: "find@1.0.0", why: "" }] }),
  ],
  ["strict for OpenAI, of what strict can express", () => withForms("OpenAI", { strictExpressible: 0 })],
  ["strict for Anthropic, of what strict can express", () => withForms("Anthropic", { strictExpressible: 0 })],
  ["strict, though strict cannot express it", () => withForms("Anthropic", { overclaimed: named })],
  ["left as it is by OpenAI's own converter", () => withForms("OpenAI", { converted: named })],
  ["strict forms within the published subsets", () => withForms("Anthropic", { objections: named })],
  ["valid ground-truth calls that survive OpenAI", () => withCalls("OpenAI", { survived: 0 })],
  ["valid ground-truth calls that survive Anthropic", () => withCalls("Anthropic", { survived: 0 })],
  ["valid ground-truth calls that survive Gemini", () => withCalls("Gemini", { survived: 0 })],
  ["calls whose values were changed silently", () => withCalls("Gemini", { misses: [changed] })],
])("is missed alone: %s", (name, toEvaluation) => {
  const missed = toTargets(toEvaluation()).filter(({ holds }) => !holds);
  expect(missed.map((target) => target.name)).toEqual([name]);
});

test("a definition that is refused with a reason counts as answered for", () => {
  const evaluation = { ...sound, registered: 0, refused: named };
  expect(toTargets(evaluation)[0]).toMatchObject({ measured: "1 of 1 (100 %)", holds: true });
});
