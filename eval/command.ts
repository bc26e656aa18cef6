// The command line of the evaluation: what was asked for, or what is wrong with it.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findNearest } from "../src/kernel/nearest.ts";

export interface Command {
  readonly json: boolean;
  readonly corpus: string;
}

const OPTIONS = { corpus: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } } as const;

export const USAGE = `Usage: npm run eval -- --corpus <dir> [--json]

Registers every tool definition of a corpus, compiles it for each provider, and sends every ground-truth call through
encoding, decoding and the registry.

  --corpus <dir>  *.json and possible_answer/*.json, JSON Lines in the form of the Berkeley Function Calling Leaderboard
  --json          print one object with all figures and every name, and nothing else
  --help          print this

Examples:
  npm run eval -- --corpus ../corpora/bfcl
  npm run --silent eval -- --corpus ../corpora/bfcl --json > evaluation.json

Exits with 0 when every target holds, 1 when one does not, 2 when the command or the corpus cannot be read.`;

/** Reads the arguments. Throws an Error whose message is for the person who typed them; null: help was asked for. */
export function parseCommand(args: readonly string[]): Command | null {
  const { corpus, json = false, help } = readOptions(args);
  if (help === true) return null;
  if (corpus === undefined) throw new Error("--corpus: received nothing, expected the folder of a corpus");
  const path = resolve(corpus);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(`--corpus: there is no folder ${JSON.stringify(corpus)}`);
  }
  return { json, corpus: path };
}

function readOptions(args: readonly string[]): { corpus?: string; json?: boolean; help?: boolean } {
  const unknown = args.find((arg) => /^--?\w/.test(arg) && !Object.hasOwn(OPTIONS, arg.replace(/^-+|=.*$/gs, "")));
  if (unknown !== undefined) {
    const name = unknown.replace(/=.*$/s, "");
    const known = Object.keys(OPTIONS).map((option) => `--${option}`);
    const [nearest] = findNearest(name, known);
    const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
    throw new Error(`there is no option ${name}; expected ${known.join(", ")}.${hint}`);
  }
  return parseArgs({ args: [...args], strict: true, options: OPTIONS }).values;
}
