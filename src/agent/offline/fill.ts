// Collects a tool's arguments from a clause: what is certain first, what is only likely from what then remains.
import type { ToolDescription } from "../../tool/tool-version.ts";
import { fillChoices } from "./fill-choices.ts";
import { fillNamed } from "./fill-named.ts";
import { fillNames } from "./fill-names.ts";
import { fillNumbers } from "./fill-numbers.ts";
import { fillPairs } from "./fill-pairs.ts";
import { fillText } from "./fill-text.ts";
import { fillTyped } from "./fill-typed.ts";
import type { Clause } from "./clause.ts";
import { createFilling, type Filling } from "./filling.ts";

const STEPS: readonly ((filling: Filling) => void)[] = [
  fillNamed,
  fillTyped,
  fillChoices,
  fillPairs,
  fillNumbers,
  fillNames,
  fillText,
];

/** What `clause` says of the parameters of `tool`. */
export function fill(tool: ToolDescription, clause: Clause): Filling {
  const filling = createFilling(tool, clause);
  if (filling.parameters.length > 0) for (const step of STEPS) step(filling);
  return filling;
}
