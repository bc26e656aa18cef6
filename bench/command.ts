// The command line of the benchmark: what was asked for, or what is wrong with it.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findNearest } from "../src/kernel/nearest.ts";
import { isPartName, PART_NAMES, type PartName } from "./parts.ts";
import { FULL, QUICK, type Settings } from "./settings.ts";

export interface Command {
  readonly json: boolean;
  /** Whether to put the table into `docs/performance.md`. */
  readonly write: boolean;
  readonly parts: readonly PartName[];
  readonly settings: Settings;
}

export const USAGE = `Usage: npm run bench -- [options]

  --json          print one array of { name, value, unit, base, ratio, goal, holds } and nothing else
  --only <parts>  only these, separated by commas: ${PART_NAMES.join(", ")}
  --corpus <dir>  use the definitions in its *.json files (JSON Lines with a "function") in place of generated ones
  --quick         few and short rounds: shows that everything runs, too rough to quote
  --write         put the table into docs/performance.md as well
  --help          print this

Exits with 0 when every goal holds, 1 when one does not, 2 when the command cannot be read.`;

/** Reads the arguments. Throws an Error whose message is for the person who typed them; null: help was asked for. */
export function parseCommand(args: readonly string[]): Command | null {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      json: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      corpus: { type: "string" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  return {
    json: values.json,
    write: values.write,
    parts: toParts(values.only),
    settings: { ...(values.quick ? QUICK : FULL), corpus: toCorpus(values.corpus) },
  };
}

function toParts(only: readonly string[] | undefined): readonly PartName[] {
  if (only === undefined) return PART_NAMES;
  const asked = only.flatMap((names) => names.split(",")).map((name) => name.trim());
  for (const name of asked) {
    if (isPartName(name)) continue;
    const [nearest] = findNearest(name, PART_NAMES);
    const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
    throw new Error(`--only: received ${JSON.stringify(name)}, expected one of ${PART_NAMES.join(", ")}.${hint}`);
  }
  return PART_NAMES.filter((name) => asked.includes(name));
}

function toCorpus(folder: string | undefined): string | null {
  if (folder === undefined) return null;
  const path = resolve(folder);
  if (!existsSync(path)) throw new Error(`--corpus: there is no folder ${folder}`);
  return path;
}
