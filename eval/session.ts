// One run of the command: what is printed, and the exit code.
import type { Colors } from "../src/cli/output/colors.ts";
import type { Command } from "./command.ts";
import { type Corpus, readCorpus } from "./corpus/read-corpus.ts";
import { evaluate } from "./evaluate.ts";
import { formatReport } from "./report.ts";
import { toTargets } from "./targets.ts";

export interface Surroundings {
  readonly colors: Colors;
  /** Writes the result. */
  readonly print: (text: string) => void;
  /** Writes a line of progress, or what is wrong; no part of the result. */
  readonly tell: (line: string) => void;
}

/** Resolves to 0 when every target holds, 1 when one does not, 2 when the corpus cannot be read. */
export async function runSession(
  { json, corpus: folder }: Command,
  { colors, print, tell }: Surroundings,
): Promise<0 | 1 | 2> {
  let corpus: Corpus;
  try {
    corpus = readCorpus(folder);
  } catch (error) {
    tell(`--corpus: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const evaluation = await evaluate(corpus, tell);
  const targets = toTargets(evaluation);
  print(json ? JSON.stringify({ targets, ...evaluation }, null, 2) : formatReport(evaluation, targets, colors));
  return targets.every(({ holds }) => holds) ? 0 : 1;
}
