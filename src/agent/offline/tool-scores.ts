// How well words fit tools: the weight of the place where a tool uses the word, times how rare the word is among the
// tools. Nothing is known of any tool but what its description says.
import type { ToolDescription } from "../../tool/tool-version.ts";
import { toParameters } from "./parameter.ts";
import { toRelated, toStems } from "./words.ts";

const NAME = 3;
const TITLE = 2.5;
const CHOICE = 2;
const TAG = 1.5;
const PARAMETER = 1.2;
const EXAMPLE = 1;
const DESCRIPTION = 1;
const PARAMETER_DESCRIPTION = 0.6;
/** A verb that means the same counts for less than the word itself. */
const RELATED = 0.6;
const MAX_EXAMPLE = 200;

export interface Fit {
  readonly score: number;
  /** Words found in the tool's name, title or accepted values. */
  readonly strong: number;
  /** Words found anywhere in it. */
  readonly found: number;
}

export interface ToolScores {
  /** The fit of a query's stems to one tool. */
  score(tool: ToolDescription, stems: readonly string[]): Fit;
  /** Whether any tool uses the word. */
  knows(stem: string): boolean;
  /** The score of a word that one tool alone has in its description: the unit of comparison. */
  readonly unit: number;
}

const weights = new WeakMap<ToolDescription, ReadonlyMap<string, number>>();

/** The weight of each of the tool's stems, at its best place. */
export function toWeights(tool: ToolDescription): ReadonlyMap<string, number> {
  let known = weights.get(tool);
  if (known === undefined) {
    known = readWeights(tool);
    weights.set(tool, known);
  }
  return known;
}

function readWeights(tool: ToolDescription): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const add = (stems: Iterable<string>, weight: number): void => {
    for (const stem of stems) if ((found.get(stem) ?? 0) < weight) found.set(stem, weight);
  };
  add(toStems(tool.name), NAME);
  add(toStems(tool.title), TITLE);
  add(toStems(`${tool.category} ${tool.tags.join(" ")}`), TAG);
  add(toStems(tool.description), DESCRIPTION);
  for (const { nameStems, descriptionStems, choices, examples } of toParameters(tool)) {
    add(nameStems, PARAMETER);
    add(descriptionStems, PARAMETER_DESCRIPTION);
    add(toStems(choices.join(" ")), CHOICE);
    for (const example of examples)
      if (typeof example === "string") add(toStems(example.slice(0, MAX_EXAMPLE)), EXAMPLE);
  }
  return found;
}

/** The scores over `tools`. */
export function createToolScores(tools: readonly ToolDescription[]): ToolScores {
  const counts = new Map<string, number>();
  for (const tool of tools) for (const stem of toWeights(tool).keys()) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const rarity = (stem: string): number => Math.log(1 + tools.length / (counts.get(stem) ?? tools.length));

  return {
    unit: Math.log(1 + tools.length),
    knows: (stem) => counts.has(stem),
    score(tool, stems) {
      const own = toWeights(tool);
      let score = 0;
      let strong = 0;
      let found = 0;
      for (const stem of stems) {
        const { weight, value } = findBest(own, stem, rarity);
        if (weight === 0) continue;
        score += value;
        found++;
        if (weight >= CHOICE) strong++;
      }
      return { score, strong, found };
    },
  };
}

function findBest(
  own: ReadonlyMap<string, number>,
  stem: string,
  rarity: (stem: string) => number,
): { weight: number; value: number } {
  const direct = own.get(stem) ?? 0;
  let best = { weight: direct, value: direct * rarity(stem) };
  for (const other of toRelated(stem)) {
    const weight = (own.get(other) ?? 0) * RELATED;
    const value = weight * rarity(other);
    if (value > best.value) best = { weight, value };
  }
  return best;
}
