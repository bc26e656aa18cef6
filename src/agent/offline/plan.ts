// What the user wants, as calls: the text in parts, each part a call of its own, more of the call before it, or the same
// again with something else ("… in Oslo and Lisbon").
import type { ToolDescription } from "../../tool/tool-version.ts";
import { chooseTool, type Choice } from "./choose-tool.ts";
import { type Clause, readClause } from "./clause.ts";
import { findEntities } from "./entities.ts";
import { fill } from "./fill.ts";
import { type Filling, getMissing, toInput } from "./filling.ts";
import { splitText } from "./fragments.ts";
import { overlaps } from "./span.ts";
import { substitute } from "./substitute.ts";
import { createToolScores, type ToolScores } from "./tool-scores.ts";

/** Characters of a message that are considered. */
export const MAX_CHARACTERS = 4_096;
/** Calls made of one message. */
const MAX_CALLS = 16;

export interface PlannedCall {
  readonly tool: ToolDescription;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Plan {
  readonly calls: readonly PlannedCall[];
  /** Parts that no tool was found for. */
  readonly leftovers: readonly string[];
}

interface Draft {
  readonly tool: ToolDescription;
  input: Readonly<Record<string, unknown>>;
  missing: readonly string[];
  /** Where in the text its clause begins. */
  readonly start: number;
  /** null: made after the example of another. */
  readonly filling: Filling | null;
}

interface Planning {
  readonly text: string;
  readonly tools: readonly ToolDescription[];
  readonly scores: ToolScores;
  readonly drafts: Draft[];
  leftovers: string[];
}

/** The calls that `text` asks for. `previous` is what "and in Lisbon?" would go on from. */
export function planCalls(text: string, tools: readonly ToolDescription[], previous: PlannedCall | null): Plan {
  const considered = normalize(text.slice(0, MAX_CHARACTERS));
  const planning: Planning = { text: considered, tools, scores: createToolScores(tools), drafts: [], leftovers: [] };
  for (const { start, end } of splitText(considered, findEntities(considered))) {
    if (planning.drafts.length >= MAX_CALLS) break;
    takePart(planning, start, end, previous);
  }
  shareArguments(planning.drafts);
  const calls = planning.drafts.map(({ tool, input }) => ({ tool, input }));
  return { calls, leftovers: planning.leftovers };
}

/** Typographic characters as typed ones, each by one, so that positions stay. */
function normalize(text: string): string {
  return text
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[−–]/g, "-")
    .replaceAll("×", "*")
    .replaceAll("÷", "/")
    .replaceAll(/[\t\r\u00a0\u2028\u2029]/g, " ");
}

function takePart(planning: Planning, start: number, end: number, previous: PlannedCall | null): void {
  const { text, drafts, leftovers } = planning;
  const clause = readClause(text.slice(start, end));
  const last = drafts.at(-1);
  const choice = chooseTool(clause, planning.tools, planning.scores);
  if (last !== undefined && continueDraft(planning, last, clause, end, choice)) return;
  if (choice !== null) {
    const draft = toDraft(choice.filling, start);
    if (last === undefined) takeLeading(planning, draft);
    drafts.push(draft);
    return;
  }
  if (last !== undefined && extendText(planning, last, end)) return;
  const again = previous === null || last !== undefined ? null : substitute(previous.tool, previous.input, clause);
  if (previous !== null && again !== null)
    drafts.push({ tool: previous.tool, input: again, missing: [], start, filling: null });
  else if (clause.words.some(({ stem }) => stem !== "") || clause.entities.length > 0)
    leftovers.push(text.slice(start, end));
}

/** "Oslo, Lisbon and Rome weather": the names that came before the one with the request. */
function takeLeading(planning: Planning, { tool, input, missing, start }: Draft): void {
  planning.leftovers = planning.leftovers.filter((leftover) => {
    const clause = readClause(leftover);
    const isBare = clause.words.every(
      (word) => word.stem === "" || clause.entities.some((entity) => overlaps(word, entity)),
    );
    const same = isBare ? substitute(tool, input, clause) : null;
    if (same === null) return true;
    planning.drafts.push({ tool, input: same, missing, start, filling: null });
    return false;
  });
}

function toDraft(filling: Filling, start: number): Draft {
  return {
    tool: filling.tool,
    input: toInput(filling),
    missing: getMissing(filling).map(({ name }) => name),
    start,
    filling,
  };
}

/** Whether the part belongs to the draft before it: the rest of it, or the same again. */
function continueDraft(planning: Planning, last: Draft, clause: Clause, end: number, choice: Choice | null): boolean {
  const { drafts } = planning;
  const isOther = choice !== null && choice.tool !== last.tool;
  if (isOther) return !choice.isNamed && last.missing.length > 0 && join(planning, last, end, true);
  const alone = fill(last.tool, clause);
  const isWhole = getMissing(alone).length === 0 && alone.parameters.some(({ isRequired }) => isRequired);
  // "5 kg to pounds" after "10 km to miles": everything it takes is here.
  if (isWhole && isTyped(alone)) {
    if (!join(planning, last, end, true, toInput(alone))) drafts.push(toDraft(alone, end));
    return true;
  }
  if (choice === null) return join(planning, last, end, false) || repeat(planning, last, clause, end);
  // Named once more, before or after its arguments: one request in two sentences.
  if (alone.parameters.length > 0 && alone.found.size === 0) return true;
  if (Object.keys(last.input).length > 0 || last.missing.length === 0) return false;
  drafts[drafts.length - 1] = toDraft(choice.filling, last.start);
  return true;
}

/** The same call with what this part names: "… and Lisbon". */
function repeat({ drafts }: Planning, last: Draft, clause: Clause, end: number): boolean {
  const input = substitute(last.tool, last.input, clause);
  if (input === null) return false;
  const missing = last.missing.filter((name) => !Object.hasOwn(input, name));
  drafts.push({ tool: last.tool, input, missing, start: end, filling: null });
  return true;
}

function isTyped(filling: Filling): boolean {
  return filling.parameters.every(
    ({ name, isRequired }) => !isRequired || filling.found.get(name)?.evidence !== "rest",
  );
}

/**
 * Reads the last clause again with this part added; kept when it gives more arguments (or all) and changes none, neither
 * the draft's nor those of `alone`.
 */
function join(
  { text, drafts }: Planning,
  last: Draft,
  end: number,
  toTheEnd: boolean,
  alone: Draft["input"] = {},
): boolean {
  if (last.filling === null) return false;
  const joined = fill(last.tool, readClause(text.slice(last.start, end)));
  const draft = toDraft(joined, last.start);
  const before = [...Object.entries(last.input), ...Object.entries(alone)];
  const keeps = before.every(([name, value]) => isKept(value, draft.input[name]));
  const isMore = draft.missing.length < last.missing.length || toSize(draft.input) > toSize(last.input);
  const isText = joined.parameters.some(
    ({ name, role }) => role === "text" && joined.found.get(name)?.evidence === "rest",
  );
  const isGuess = [...joined.found].some(
    ([name, { evidence }]) => evidence === "guess" && !Object.hasOwn(last.input, name),
  );
  if (!keeps || !isMore || isText || isGuess || (toTheEnd && draft.missing.length > 0)) return false;
  drafts[drafts.length - 1] = draft;
  return true;
}

function isKept(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after)) return before.every((value) => after.includes(value));
  return before === after;
}

function toSize(input: Readonly<Record<string, unknown>>): number {
  return Object.values(input).reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0);
}

/** Free text goes on until something else is asked for: "note: buy milk and eggs". */
function extendText({ text, drafts }: Planning, last: Draft, end: number): boolean {
  const { filling } = last;
  const isText =
    filling?.parameters.some(({ name, role }) => role === "text" && filling.found.get(name)?.evidence === "rest") ??
    false;
  if (!isText) return false;
  drafts[drafts.length - 1] = toDraft(fill(last.tool, readClause(text.slice(last.start, end))), last.start);
  return true;
}

/** "Oslo, Lisbon and Rome in July": what the last one says holds for those before it, and the reverse. */
function shareArguments(drafts: readonly Draft[]): void {
  for (const [index, draft] of drafts.entries()) {
    for (const name of draft.missing) {
      const near = [...drafts.slice(index + 1), ...drafts.slice(0, index).toReversed()];
      const giver = near.find(({ tool, input }) => tool === draft.tool && Object.hasOwn(input, name));
      if (giver === undefined) continue;
      draft.input = { ...draft.input, [name]: giver.input[name] };
      draft.missing = draft.missing.filter((other) => other !== name);
    }
  }
}
