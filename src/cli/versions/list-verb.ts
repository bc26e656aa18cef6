// `toolyard versions list`: every stored version, its state, and what leads to it.
import { findNearest } from "../../kernel/nearest.ts";
import { readToolLives, type ToolLife } from "../../index.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { openStateForReading, type ReadableState } from "../state.ts";
import type { Verb } from "../verb.ts";
import { printLife } from "./print-life.ts";

const PAGE = 1_000;

export const versionsListVerb: Verb = {
  name: "versions list",
  summary: "list the stored versions of tools: their states, and what leads to them",
  arguments: [["[tool]", "only this tool"]],
  options: [],
  examples: [
    { command: "versions list", does: "every tool that was ever published" },
    { command: "versions list orders.get --json", does: "one tool, with its revision, for programs" },
  ],
  async run(session, [tool]) {
    await using state = await openStateForReading(session);
    const lives = await readLives(state);
    const found = tool === undefined ? lives : lives.filter(({ name }) => name === tool);
    if (tool !== undefined && found.length === 0) throw new CliError(toUnknown(tool, lives));
    printLife(session, found);
    return EXIT.ok;
  },
};

async function readLives({ catalog }: ReadableState): Promise<readonly ToolLife[]> {
  const lives: ToolLife[] = [];
  for (;;) {
    const page = await readToolLives(catalog, lives.at(-1)?.name ?? null, PAGE);
    lives.push(...page);
    if (page.length < PAGE) return lives;
  }
}

function toUnknown(tool: string, lives: readonly ToolLife[]): string {
  const near = findNearest(
    tool,
    lives.map(({ name }) => name),
    1,
  )[0];
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `there is no stored tool ${JSON.stringify(tool)}${hint}`;
}
