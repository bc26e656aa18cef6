// Text that models read. Any other words are an instruction, however small the difference looks: "never" is one word.
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { findHiddenCharacter } from "../hidden-character.ts";
import { type ContractChange, toChange } from "./contract-change.ts";
import type { Judgement } from "./field-rule.ts";

/** What the difference between two texts means. */
export function judgeText(before: string, after: string): Judgement {
  const hidden = findHiddenCharacter(after);
  if (hidden !== null)
    return ["instruction", `is another text for models, with a character that cannot be seen, ${hidden}`];
  if (toWords(before) === toWords(after) && findHiddenCharacter(before) === null)
    return ["cosmetic", "differs in white space alone"];
  return ["instruction", "is another text for models"];
}

function toWords(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The change between two lists of examples, which differ. */
export function compareExamples(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): readonly ContractChange[] {
  const isIn = (list: readonly unknown[]) => (value: unknown) => list.some((one) => isJsonEqual(one, value));
  const come = after.filter((value) => !isIn(before)(value)).length;
  const gone = before.filter((value) => !isIn(after)(value)).length;
  if (come === 0 && gone === 0)
    return [toChange("cosmetic", path, "the examples are in another order", { before, after })];
  const counts = [come > 0 ? `${come} new` : "", gone > 0 ? `${gone} gone` : ""].filter((text) => text !== "");
  return [toChange("instruction", path, `models are shown other examples: ${counts.join(", ")}`, { before, after })];
}
