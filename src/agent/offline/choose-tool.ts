// Which tool a clause asks for, if any. In doubt none: an honest "I do not understand" is better than a wrong call, and
// the more a tool may destroy, the surer one has to be.
import type { Effect } from "../../tool/effect.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { Clause } from "./clause.ts";
import { fill } from "./fill.ts";
import { findPair } from "./fill-pairs.ts";
import { type Evidence, type Filling, getMissing } from "./filling.ts";
import { type EntityKind, isTaken } from "./span.ts";
import { type Fit, type ToolScores, toWeights } from "./tool-scores.ts";
import { isChanging, toRelated, toStems, type Word } from "./words.ts";

export interface Choice {
  readonly tool: ToolDescription;
  readonly filling: Filling;
  readonly total: number;
  /** Whether words name the tool, and not only the form of the clause fits it. */
  readonly isNamed: boolean;
}

/** Candidates that are looked at closely. */
const MAX_CANDIDATES = 8;
const HINT_WEIGHT = 0.6;
const MISSING_PENALTY = 1.2;
const UNUSED_PENALTY = 0.7;
const UNKNOWN_WORD_PENALTY = 0.3;
const MAX_UNKNOWN_WORDS = 3;
const FITTING_BONUS = 0.5;
const MAX_BONUS = 3;
/** Part of the words that a tool has to know before it may destroy something. */
const DESTRUCTIVE_COVERAGE = 0.6;
const RANK: Readonly<Record<Effect, number>> = { read: 0, write: 1, destructive: 2 };
const TELLING: readonly EntityKind[] = ["expression", "date", "dateTime", "zone", "quoted", "email", "url"];

/** Words that stand for the form of a clause: who writes `2+2` asks for a calculation. */
const HINTS: Partial<Record<EntityKind, readonly string[]>> = {
  expression: toStems("calculate expression arithmetic math"),
  date: toStems("date day"),
  dateTime: toStems("time date"),
  time: toStems("time"),
  zone: toStems("time zone"),
  email: toStems("email"),
  url: toStems("url page"),
};
/** What may stand between an instruction and its text. */
const OPENING = /["':]|\b(?:to|that|about|for|this)\b/i;
const COLON = /^[^:"]{1,60}:\s/;
const QUESTION = /^\W*(?:what|which|who|when|where|why|how|do|does|did|is|are|was|were|have|has|i)\b/i;
const PAIR_HINTS = toStems("convert unit");
const TWO_DATES_HINTS = toStems("between dates");

/** The tool that fits the clause best; null when none fits well enough. */
export function chooseTool(clause: Clause, tools: readonly ToolDescription[], scores: ToolScores): Choice | null {
  const stems = clause.words.flatMap(({ stem }) => (stem === "" ? [] : [stem]));
  const hints = toHints(clause);
  const ranked = tools
    .map((tool) => ({ tool, fit: scores.score(tool, stems), hint: scores.score(tool, hints).score * HINT_WEIGHT }))
    .filter(({ fit, hint }) => fit.score + hint > 0)
    .sort((a, b) => b.fit.score + b.hint - (a.fit.score + a.hint) || compare(a.tool, b.tool))
    .slice(0, MAX_CANDIDATES);
  let best: Choice | null = null;
  for (const { tool, fit, hint } of ranked) {
    const filling = fill(tool, clause);
    const spoken = scores.score(tool, getSpoken(filling));
    if (!isMeant(filling, spoken)) continue;
    const total = fit.score + hint + toFormScore(filling, scores.unit);
    const isBetter = best === null || total > best.total || (total === best.total && compare(tool, best.tool) < 0);
    if (isBetter) best = { tool, filling, total, isNamed: spoken.strong > 0 };
  }
  return best;
}

/** The more careful tool first, then by name. */
function compare(a: ToolDescription, b: ToolDescription): number {
  return RANK[a.effect] - RANK[b.effect] || (a.name < b.name ? -1 : 1);
}

function toHints(clause: Clause): readonly string[] {
  const kinds = new Set(clause.entities.map(({ kind }) => kind));
  const hints = [...kinds].flatMap((kind) => HINTS[kind] ?? []);
  if (isMeasure(clause)) hints.push(...PAIR_HINTS);
  if (clause.entities.filter(({ kind }) => kind === "date").length > 1) hints.push(...TWO_DATES_HINTS);
  return [...new Set(hints)];
}

/** `10 km to miles`: a number and two ends. */
function isMeasure(clause: Clause): boolean {
  const pair = findPair({ clause, used: [] });
  return pair.from !== null && pair.to !== null && clause.entities.some(({ kind }) => kind === "number");
}

/** How well what was said fits the tool's parameters. */
function toFormScore(filling: Filling, unit: number): number {
  const missing = getMissing(filling).length;
  const fitting = [...filling.found.values()].filter(
    ({ evidence }) => evidence !== "rest" && evidence !== "guess",
  ).length;
  const unused = filling.clause.entities.filter(
    (entity) => TELLING.includes(entity.kind) && !isTaken(entity, filling.used),
  ).length;
  const unknown = getContent(filling).filter(({ stem }) => !isKnown(filling.tool, stem)).length;
  const penalty =
    MISSING_PENALTY * missing + UNUSED_PENALTY * unused + UNKNOWN_WORD_PENALTY * Math.min(unknown, MAX_UNKNOWN_WORDS);
  // Who writes "note: …" gives a text, and wants a tool that takes one.
  const said = filling.free.length > 0 && COLON.test(filling.clause.text) ? 2 : 0;
  return unit * (FITTING_BONUS * Math.min(fitting + said, MAX_BONUS) - penalty);
}

/** Whether the words say that the tool is meant, and of a dangerous one clearly enough. */
function isMeant(filling: Filling, spoken: Fit): boolean {
  const content = getContent(filling);
  const unknown = content.filter(({ stem }) => !isKnown(filling.tool, stem)).length;
  const coverage = content.length === 0 ? 1 : 1 - unknown / content.length;
  switch (filling.tool.effect) {
    case "read":
      if (asksForChange(filling)) return false;
      return spoken.strong > 0 || isDescribed(filling, spoken.found, coverage) || hasTellingForm(filling, unknown);
    case "write":
      return isOrder(filling, spoken.strong === 0);
    case "destructive":
      return spoken.strong > 0 && isOrder(filling, false) && coverage >= DESTRUCTIVE_COVERAGE;
  }
}

/** "Delete my notes" is no request to read them: to a tool that does not speak of deleting, it is another matter. */
function asksForChange({ tool, clause }: Filling): boolean {
  const first = clause.words.find(({ stem }) => stem !== "");
  return first !== undefined && isChanging(first.stem) && !isKnown(tool, first.stem);
}

/** Whether a good part of the words is in the tool's description. */
function isDescribed(filling: Filling, found: number, coverage: number): boolean {
  return (found >= 2 && coverage >= 0.5) || (found === 1 && coverage === 1 && isComplete(filling));
}

/** Whether every required argument, one at least, is known by its form or its place. */
function isComplete(filling: Filling): boolean {
  const required = filling.parameters.filter(({ isRequired }) => isRequired);
  const isSaid = (evidence: Evidence | undefined): boolean =>
    evidence !== undefined && evidence !== "rest" && evidence !== "guess";
  return required.length > 0 && required.every(({ name }) => isSaid(filling.found.get(name)?.evidence));
}

/** The stems that may speak of the tool: a name that was taken as an argument says nothing of it. */
function getSpoken({ clause, used, free }: Filling): readonly string[] {
  return clause.words
    .filter((word) => word.stem !== "" && (!isTaken(word, used) || isTaken(word, free)))
    .map(({ stem }) => stem);
}

/** The words that are no argument and say something. */
function getContent({ clause, used, guessed }: Filling): readonly Word[] {
  return clause.words.filter((word) => word.stem !== "" && (!isTaken(word, used) || isTaken(word, guessed)));
}

function isKnown(tool: ToolDescription, stem: string): boolean {
  const weights = toWeights(tool);
  if (weights.has(stem)) return true;
  for (const other of toRelated(stem)) if (weights.has(other)) return true;
  return false;
}

/** An instruction begins with what to do and what to do it with; a question or a remark does not, nor does a plural. */
function isOrder({ tool, clause, used, free }: Filling, inItsWords: boolean): boolean {
  const [first, second] = clause.words.filter(({ stem }) => stem !== "");
  if (first === undefined || /[^s]s$/i.test(first.text) || QUESTION.test(clause.text)) return false;
  if (!(inItsWords ? toWeights(tool).has(first.stem) : isKnown(tool, first.stem))) return false;
  // "write a poem about notes" begins like "write a note", but it is not about a note.
  if (second === undefined || isKnown(tool, second.stem) || OPENING.test(clause.text.slice(first.end, second.start)))
    return true;
  return isTaken(second, used) && !isTaken(second, free);
}

/** Whether the form alone says what is wanted: arithmetic, a measure, two dates, all of it taken by the tool. */
function hasTellingForm(filling: Filling, unknownWords: number): boolean {
  if (getMissing(filling).length > 0 || filling.guessed.length > 0) return false;
  const { clause, used } = filling;
  const isUsed = (kind: EntityKind): boolean =>
    clause.entities.some((entity) => entity.kind === kind && isTaken(entity, used));
  if (
    filling.parameters.some(({ role, name }) => role === "expression" && filling.found.has(name)) &&
    isUsed("expression")
  )
    return unknownWords <= 2;
  const ends = filling.parameters.filter(({ side, name }) => side !== null && filling.found.has(name));
  if (ends.length < 2) return false;
  return (isUsed("date") || isUsed("dateTime") || isUsed("number")) && unknownWords <= 1;
}
