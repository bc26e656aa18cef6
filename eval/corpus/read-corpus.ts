// A folder of function definitions, questions and the calls that answer them, in the form of the Berkeley Function Calling
// Leaderboard: `*.json` and `possible_answer/*.json` under the same names, both JSON Lines. Read in the order of names, so
// that two runs see the same corpus.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createDefinitionSet, type Definition } from "./definition.ts";
import { type Line, readJsonLines } from "./read-json-lines.ts";
import { toToolName } from "./to-tool-name.ts";

/** A call as the corpus accepts it: for each argument the values it may have, "" when it may be left out. */
export interface GroundTruth {
  /** `<record>#<n>`, for people. */
  readonly id: string;
  readonly tool: string;
  /** null: none of that name was offered. */
  readonly definition: Definition | null;
  readonly accepted: Readonly<Record<string, unknown>>;
}

/** One question: what a model is offered, and the calls that answer it. */
export interface CorpusRecord {
  readonly id: string;
  /** One for each name. */
  readonly offered: readonly Definition[];
  readonly calls: readonly GroundTruth[];
}

export interface Corpus {
  readonly files: number;
  readonly definitions: readonly Definition[];
  readonly records: readonly CorpusRecord[];
}

/** Throws an Error for a person when the folder holds no definitions, or what cannot be read. */
export function readCorpus(folder: string): Corpus {
  const definitions = createDefinitionSet();
  const files = listFiles(folder);
  const records = files.flatMap((file) => {
    const answers = readAnswers(join(folder, "possible_answer", file));
    return readJsonLines(join(folder, file)).flatMap((line, index) => {
      if (line["function"] === undefined) return [];
      const id = typeof line["id"] === "string" ? line["id"] : `${file}:${index + 1}`;
      return [toRecord(id, [line["function"]].flat().map(definitions.add), answers.get(id) ?? [])];
    });
  });
  if (records.length === 0)
    throw new Error(`${folder} holds no definitions: expected JSON Lines with a "function" in *.json`);
  return { files: files.length, definitions: definitions.all(), records };
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
}

function readAnswers(path: string): ReadonlyMap<unknown, readonly Line[]> {
  if (!existsSync(path)) return new Map();
  return new Map(
    readJsonLines(path).map(({ id, ground_truth: calls }) => [id, Array.isArray(calls) ? (calls as Line[]) : []]),
  );
}

function toRecord(id: string, given: readonly Definition[], answers: readonly Line[]): CorpusRecord {
  const offered = new Map<string, Definition>();
  for (const definition of given) if (!offered.has(definition.name)) offered.set(definition.name, definition);
  const calls = answers
    .flatMap((answer) => Object.entries(answer))
    .map(([name, accepted], index) => ({
      id: `${id}#${index + 1}`,
      tool: name,
      definition: offered.get(toToolName(name)) ?? null,
      accepted: (accepted ?? {}) as Line,
    }));
  return { id, offered: [...offered.values()], calls };
}
