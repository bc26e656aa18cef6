import { expect, onTestFinished, test } from "vitest";
import { createColors } from "../src/cli/output/colors.ts";
import { toWidth } from "../src/cli/output/text-width.ts";
import { writeCorpus } from "./corpus/write-corpus.ts";
import { runSession } from "./session.ts";
import type { Target } from "./target.ts";

const add = {
  name: "math.add",
  description: "Adds two numbers.",
  parameters: {
    type: "dict",
    properties: { a: { type: "float" }, b: { type: "long" }, unit: { type: "String" } },
    required: ["a", "b"],
  },
};
const log = { name: "log", description: "Logs.", parameters: { type: "dict", properties: { what: { type: "any" } } } };
const right = { "math.add": { a: [1.5], b: [2], unit: ["m", ""] } };
const wrong = { "math.add": { a: ["one"], b: [2] } };

interface Run {
  readonly code: number;
  readonly printed: string;
  readonly told: readonly string[];
}

async function run(files: Parameters<typeof writeCorpus>[0], json = false): Promise<Run> {
  const corpus = await writeCorpus(files);
  onTestFinished(() => corpus[Symbol.asyncDispose]());
  const told: string[] = [];
  let printed = "";
  const code = await runSession(
    { corpus: corpus.folder, json },
    {
      colors: createColors(false),
      print: (text) => {
        printed += text;
      },
      tell: (line) => {
        told.push(line);
      },
    },
  );
  return { code, printed, told };
}

const sound = {
  "a.json": [{ id: "1", function: [add, log] }],
  "possible_answer/a.json": [{ id: "1", ground_truth: [right, wrong, { log: { what: [{ x: [1] }] } }] }],
};

test("all targets hold for a corpus that is well", async () => {
  const { code, printed } = await run(sound, true);
  const evaluation = JSON.parse(printed) as Record<string, unknown> & { targets: readonly Target[] };
  expect(evaluation.targets.filter(({ holds }) => !holds)).toEqual([]);
  expect(code).toBe(0);
  expect(evaluation).toMatchObject({
    registered: 2,
    expressible: 1,
    notes: [{ what: 'type "any" left out', count: 1 }],
    inexpressible: [{ what: "anything", count: 1 }],
    calls: {
      groundTruth: 3,
      valid: 2,
      variants: 4,
      validVariants: 3,
      unfit: [{ call: "1#2", tool: "math.add", reason: "must be number" }],
      providers: [
        { provider: "OpenAI", survived: 2, misses: [] },
        { provider: "Anthropic", survived: 2, misses: [] },
        { provider: "Gemini", survived: 2, misses: [] },
      ],
    },
    providers: [
      { provider: "OpenAI", strict: 1, notStrict: [{ tool: "log@1.0.0", why: "what accepts anything" }] },
      { provider: "Anthropic", strict: 1 },
      { provider: "Gemini", strict: 0, notStrict: [] },
    ],
  });
});

test("prints a report that fits a terminal, and only that", async () => {
  const { code, printed, told } = await run(sound);
  expect(code).toBe(0);
  expect(printed).toContain("2 definitions under 2 names, 1 questions, 3 ground-truth calls, 1 files");
  expect(printed).toMatch(/strict for OpenAI, of what strict can express +1 of 1 \(100 %\) +≥ 99 % +✓ holds/);
  expect(Math.max(...printed.split("\n").map(toWidth))).toBeLessThanOrEqual(100);
  expect(told.at(-1)).toBe("calls: 1 of 1 questions");
});

test("names what is refused at registration, with the reason", async () => {
  const endless = { ...log, name: "endless", description: "x".repeat(5_000) };
  const { code, printed } = await run({ ...sound, "b.json": [{ id: "2", function: [endless] }] });
  expect(code).toBe(0);
  expect(printed).toMatch(/Refused at registration:\n {2}endless@1\.0\.0: .*description/);
});

test("ends with 1 when a call does not survive, and names it", async () => {
  const { code, printed } = await run({
    ...sound,
    "possible_answer/a.json": [{ id: "1", ground_truth: [{ "math.add": { a: [1], b: [2], undescribed: [3] } }] }],
  });
  expect(code).toBe(1);
  expect(printed).toMatch(/valid ground-truth calls that survive OpenAI +0 of 1 \(0 %\) +≥ 99.9 % +✗ MISSED/);
  expect(printed).toContain("Did not survive OpenAI:\n  1#1 math.add (whole) unsendable: ");
});

test("ends with 1 when there is no call to judge by", async () => {
  expect((await run({ "a.json": [{ id: "1", function: [add] }] })).code).toBe(1);
});

test("ends with 2 when the corpus cannot be read", async () => {
  const { code, printed, told } = await run({ "a.json": "{nonsense" });
  expect([code, printed]).toEqual([2, ""]);
  expect(told).toEqual([expect.stringMatching(/^--corpus: a\.json:1 is no JSON/)]);
});
