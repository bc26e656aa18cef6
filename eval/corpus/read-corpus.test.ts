import { expect, test } from "vitest";
import { writeCorpus } from "./write-corpus.ts";
import { readCorpus } from "./read-corpus.ts";

const find = { name: "find", description: "Finds.", parameters: { type: "dict", properties: { id: { type: "int" } } } };
const other = { ...find, description: "Finds another." };

test("makes versions of different definitions under one name, and one of equal ones", async () => {
  await using corpus = await writeCorpus({
    "b.json": [{ id: "2", function: [other, find] }],
    "a.json": [
      { id: "1", function: [find] },
      { id: "3", function: find },
    ],
  });
  const { definitions, records, files } = readCorpus(corpus.folder);
  expect(files).toBe(2);
  expect(definitions.map(({ name, version, description }) => [name, version, description])).toEqual([
    ["find", "1.0.0", "Finds."],
    ["find", "2.0.0", "Finds another."],
  ]);
  expect(definitions[0]?.parameters).toEqual({ type: "object", properties: { id: { type: "integer" } } });
  expect(records.map(({ id, offered }) => [id, offered.map(({ version }) => version)])).toEqual([
    ["1", ["1.0.0"]],
    ["3", ["1.0.0"]],
    ["2", ["2.0.0"]],
  ]);
});

test("finds the definition of each call among those of its question", async () => {
  await using corpus = await writeCorpus({
    "a.json": [{ id: "1", function: [{ ...find, name: "find it" }] }],
    "possible_answer/a.json": [{ id: "1", ground_truth: [{ "find it": { id: [1] } }, { lose: { id: [2] } }] }],
  });
  const { definitions, records } = readCorpus(corpus.folder);
  expect(definitions.map(({ name, notes }) => [name, notes])).toEqual([["find_it", ["name changed"]]]);
  expect(records[0]?.calls).toEqual([
    { id: "1#1", tool: "find it", definition: definitions[0], accepted: { id: [1] } },
    { id: "1#2", tool: "lose", definition: null, accepted: { id: [2] } },
  ]);
});

test("says where a file cannot be read", async () => {
  await using corpus = await writeCorpus({ "a.json": [{ id: "1", function: [find] }, "no object"] });
  expect(() => readCorpus(corpus.folder)).toThrow("a.json:2 is no JSON object");
  await using broken = await writeCorpus({ "a.json": "{}\n{nonsense" });
  expect(() => readCorpus(broken.folder)).toThrow("a.json:2 is no JSON: ");
});

test("refuses a folder without definitions", async () => {
  await using corpus = await writeCorpus({ "a.json": [{ id: "1" }] });
  expect(() => readCorpus(corpus.folder)).toThrow(
    'holds no definitions: expected JSON Lines with a "function" in *.json',
  );
});
