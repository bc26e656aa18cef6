// A call while the text that asks for it is still being read.
import type { ToolDescription } from "../../tool/tool-version.ts";
import { readClause } from "./clause.ts";
import { fill } from "./fill.ts";
import { type Filling, getMissing, toInput } from "./filling.ts";
import { substitute } from "./substitute.ts";
import type { Clause } from "./clause.ts";

export interface Draft {
  readonly tool: ToolDescription;
  input: Readonly<Record<string, unknown>>;
  /** Required parameters without a value. */
  missing: readonly string[];
  /** Where in the text its clause begins. */
  readonly start: number;
  /** null: made after the example of another. */
  readonly filling: Filling | null;
}

/** A draft with the arguments of a filling. */
export function toDraft(filling: Filling, start: number): Draft {
  const missing = getMissing(filling).map(({ name }) => name);
  return { tool: filling.tool, input: toInput(filling), missing, start, filling };
}

/** The same call with what another clause names; null when that names nothing of the kind. */
export function repeatDraft(
  { tool, input, missing }: Omit<Draft, "start" | "filling">,
  clause: Clause,
  start: number,
): Draft | null {
  const other = substitute(tool, input, clause);
  if (other === null) return null;
  return { tool, input: other, missing: missing.filter((name) => !Object.hasOwn(other, name)), start, filling: null };
}

/** The draft with its clause read on to `end`: "note: buy milk" and "eggs". */
export function extendDraft(draft: Draft, text: string, end: number): Draft {
  return toDraft(fill(draft.tool, readClause(text.slice(draft.start, end))), draft.start);
}

/**
 * The draft with its clause read on to `end`, when that gives more arguments and changes none, neither the draft's nor
 * those of `alone`, which the added part has by itself. `toTheEnd`: only when nothing is missing then.
 */
export function joinDraft(
  draft: Draft,
  text: string,
  end: number,
  { toTheEnd = false, alone = {} }: { readonly toTheEnd?: boolean; readonly alone?: Draft["input"] } = {},
): Draft | null {
  if (draft.filling === null) return null;
  const joined = extendDraft(draft, text, end);
  const before = [...Object.entries(draft.input), ...Object.entries(alone)];
  const keepsAll = before.every(([name, value]) => isKept(value, joined.input[name]));
  const isMore = joined.missing.length < draft.missing.length || toSize(joined.input) > toSize(draft.input);
  const isDone = !toTheEnd || joined.missing.length === 0;
  return keepsAll && isMore && isDone && !hasFreeText(joined) && !isGuessed(joined, draft) ? joined : null;
}

/** Whether a free text took what nothing else did: more of the text may belong to it. */
export function hasFreeText({ filling }: Draft): boolean {
  if (filling === null) return false;
  return filling.parameters.some(({ name, role }) => role === "text" && filling.found.get(name)?.evidence === "rest");
}

/** Whether something that `before` did not have is only a guess. */
function isGuessed({ filling }: Draft, before: Draft): boolean {
  const found = filling === null ? [] : [...filling.found];
  return found.some(([name, { evidence }]) => evidence === "guess" && !Object.hasOwn(before.input, name));
}

function isKept(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after)) return before.every((value) => after.includes(value));
  return before === after;
}

function toSize(input: Draft["input"]): number {
  return Object.values(input).reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0);
}
