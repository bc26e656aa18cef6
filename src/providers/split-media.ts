// What of an outcome goes beside its text, and what the text then says.
import type { ContentPart } from "../call/content.ts";
import type { Outcome } from "../call/outcome.ts";

export interface SplitOutcome {
  /** What the text is made of. */
  readonly text: Outcome;
  /** What goes beside it. */
  readonly parts: readonly ContentPart[];
}

/** `outcome` without the parts that a model `takes`, and those; without `takes`, everything stays in the text. */
export function splitMedia(outcome: Outcome, takes: ((part: ContentPart) => boolean) | undefined): SplitOutcome {
  if (!outcome.ok || takes === undefined) return { text: outcome, parts: [] };
  const parts = outcome.content.filter((part) => takes(part));
  if (parts.length === 0) return { text: outcome, parts };
  const content = outcome.content.filter((part) => !parts.includes(part));
  // A handler that only attaches returns nothing, and "null" beside an image would say something.
  const output = content.length === 0 ? (outcome.output ?? "") : outcome.output;
  return { text: { ...outcome, content, output }, parts };
}
