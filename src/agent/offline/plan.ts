// What the user wants, as calls: the text in parts, each part a call of its own, more of the call before it, or the same
// again with something else ("… in Oslo and Lisbon").
import type { ToolDescription } from "../../tool/tool-version.ts";
import { chooseTool, type Choice } from "./choose-tool.ts";
import { type Clause, readClause } from "./clause.ts";
import { type Draft, extendDraft, hasFreeText, joinDraft, repeatDraft, toDraft } from "./draft.ts";
import { findEntities } from "./entities.ts";
import { fill } from "./fill.ts";
import { type Filling, toInput } from "./filling.ts";
import { splitText } from "./fragments.ts";
import { overlaps } from "./span.ts";
import { createToolScores, type ToolScores } from "./tool-scores.ts";
import type { Word } from "./words.ts";

/** Characters of a message that are considered. */
const MAX_CHARACTERS = 4_096;
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
  const again = choice !== null || last !== undefined || previous === null ? null : toFollowUp(previous, clause, start);
  if (choice !== null) {
    const draft = toDraft(choice.filling, start);
    if (last === undefined) takeLeading(planning, draft);
    drafts.push(draft);
  } else if (last !== undefined && hasFreeText(last)) {
    // Free text goes on until something else is asked for.
    drafts[drafts.length - 1] = extendDraft(last, text, end);
  } else if (again !== null) {
    drafts.push(again);
  } else if (saysSomething(clause)) {
    leftovers.push(text.slice(start, end));
  }
}

function toFollowUp({ tool, input }: PlannedCall, clause: Clause, start: number): Draft | null {
  return repeatDraft({ tool, input, missing: [] }, clause, start);
}

function saysSomething({ words, entities }: Clause): boolean {
  return entities.length > 0 || words.some(({ stem }) => stem !== "");
}

/** "Oslo, Lisbon and Rome weather": the names that came before the one with the request. */
function takeLeading(planning: Planning, draft: Draft): void {
  planning.leftovers = planning.leftovers.filter((leftover) => {
    const clause = readClause(leftover);
    const isName = (word: Word): boolean => clause.entities.some((entity) => overlaps(word, entity));
    const isBare = clause.words.every((word) => word.stem === "" || isName(word));
    const same = isBare ? repeatDraft(draft, clause, draft.start) : null;
    if (same !== null) planning.drafts.push(same);
    return same === null;
  });
}

/** Whether the part belongs to the draft before it: the rest of it, or the same again. */
function continueDraft(planning: Planning, last: Draft, clause: Clause, end: number, choice: Choice | null): boolean {
  if (choice !== null && choice.tool !== last.tool) {
    // Another tool only fits, and the draft lacks just what is here: "add 3 weeks" and "2 days to 2026-01-31".
    const isRest = !choice.isNamed && last.missing.length > 0;
    return isRest && replaceLast(planning, joinDraft(last, planning.text, end, { toTheEnd: true }));
  }
  const alone = fill(last.tool, clause);
  if (isWhole(alone)) {
    // "5 kg to pounds" after "10 km to miles": everything it takes is here.
    const joined = joinDraft(last, planning.text, end, { toTheEnd: true, alone: toInput(alone) });
    if (!replaceLast(planning, joined)) planning.drafts.push(toDraft(alone, end));
    return true;
  }
  if (choice !== null) return nameAgain(planning, last, alone, choice);
  if (replaceLast(planning, joinDraft(last, planning.text, end))) return true;
  const same = repeatDraft(last, clause, end);
  if (same !== null) planning.drafts.push(same);
  return same !== null;
}

/** Whether everything the tool requires is said, and not only as free text. */
function isWhole(filling: Filling): boolean {
  const required = filling.parameters.filter(({ isRequired }) => isRequired);
  return required.length > 0 && required.every(({ name }) => (filling.found.get(name)?.evidence ?? "rest") !== "rest");
}

/** Named once more, before or after its arguments: one request in two sentences. */
function nameAgain(planning: Planning, last: Draft, alone: Filling, choice: Choice): boolean {
  if (alone.parameters.length > 0 && alone.found.size === 0) return true;
  const isEmpty = Object.keys(last.input).length === 0 && last.missing.length > 0;
  return isEmpty && replaceLast(planning, toDraft(choice.filling, last.start));
}

function replaceLast({ drafts }: Planning, draft: Draft | null): boolean {
  if (draft !== null) drafts[drafts.length - 1] = draft;
  return draft !== null;
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
