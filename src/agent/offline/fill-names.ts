// Short texts that name something, by how likely a place in the sentence is to hold one: quotes, codes, capitals, what
// follows a preposition, and last what nothing else explains.
import { type Filling, getFree, getOpen, put } from "./filling.ts";
import type { Parameter } from "./parameter.ts";
import { type EntityKind, isTaken, type Span } from "./span.ts";
import { toWeights } from "./tool-scores.ts";
import { toRelated } from "./words.ts";

interface Candidate extends Span {
  readonly value: unknown;
  /** Good enough for a parameter that may be left out. */
  readonly isSure: boolean;
  /** Nothing speaks for it but that nothing else explains it. */
  readonly isGuess: boolean;
}

const MAX_LIST = 8;
/** A phrase with one of these names nothing: "at 9am", "in 2026". */
const FIGURES: ReadonlySet<EntityKind> = new Set(["number", "time", "date", "dateTime", "month", "expression"]);
/** Words of a tool's name, title and parameters speak of the tool, not of an argument. */
const OWN_WORD = 1.1;

/** Takes names for what is open: required parameters first, then others when the name is sure. */
export function fillNames(filling: Filling): void {
  const isName = ({ role }: Parameter): boolean => role === "name" || role === "zone" || role === "enum";
  const list = getOpen(filling, (parameter) => parameter.isList && parameter.role === "name")[0];
  const tags = getFree(filling, ["hashtag"]);
  if (list !== undefined && tags.length > 0)
    put(
      filling,
      list,
      tags.slice(0, MAX_LIST).map(({ value }) => value),
      "typed",
      ...tags,
    );
  for (const parameter of getOpen(filling, (open) => isName(open) && !open.isList)) {
    const candidate = findCandidates(filling, parameter).find((one) => parameter.isRequired || one.isSure);
    if (candidate !== undefined)
      put(filling, parameter, candidate.value, candidate.isGuess ? "guess" : "phrase", candidate);
  }
  fillOddMonth(filling);
}

/** "in Juli": a name where a month is missing. The tool refuses it, and says what it takes. */
function fillOddMonth(filling: Filling): void {
  const [month] = getOpen(filling, ({ role, isRequired }) => role === "month" && isRequired);
  const [name] = getFree(filling, ["proper"]).filter(({ start }) => !isInitial(filling.clause.text, start));
  if (month !== undefined && name !== undefined) put(filling, month, name.value, "guess", name);
}

function findCandidates(filling: Filling, parameter: Parameter): readonly Candidate[] {
  const { clause, used } = filling;
  const isOther = (span: Span): boolean => !isTaken(span, used);
  const proper = getFree(filling, ["proper"]);
  // At the beginning of a sentence a capital means nothing.
  const inner = proper.filter(({ start }) => !isInitial(clause.text, start));
  const initial = proper.filter((entity) => !inner.includes(entity) && !isOwn(filling, entity));
  const hasText = filling.parameters.some(({ role }) => role === "text");
  const figures = clause.entities.filter(({ kind }) => FIGURES.has(kind));
  const phrases = clause.phrases.filter(
    (phrase) =>
      isOther(phrase) && !isTaken(phrase, figures) && !isOwn(filling, phrase) && toSideFit(parameter, phrase.after),
  );
  const sure = hasText
    ? []
    : [
        ...inner,
        ...phrases.filter(({ after }) => after === "in" || after === "at" || after === "for" || after === "near"),
      ];
  const likely = [...inner, ...phrases];
  return [
    ...getFree(filling, ["quoted", "hashtag", "code"]).map((span) => toCandidate(span, !hasText)),
    ...sure.map((span) => toCandidate(span, parameter.side === null)),
    ...likely.map((span) => toCandidate(span, false)),
    ...[...initial, ...findUnexplained(filling)].map((span) => toCandidate(span, false, true)),
  ].filter(isOther);
}

function toCandidate(
  span: Span & { readonly text: string; readonly value?: unknown },
  isSure: boolean,
  isGuess = false,
): Candidate {
  return { start: span.start, end: span.end, value: span.value ?? span.text, isSure, isGuess };
}

/** A parameter that is one end takes nothing from the other. */
function toSideFit({ side }: Parameter, after: string): boolean {
  if (side === "from") return after !== "to" && after !== "into";
  return side !== "to" || after !== "from";
}

function isInitial(text: string, start: number): boolean {
  return /^[^\p{L}\p{N}]*$/u.test(text.slice(0, start));
}

/** Whether every word of the span speaks of the tool. */
function isOwn({ tool, clause }: Filling, span: Span): boolean {
  const weights = toWeights(tool);
  const words = clause.words.filter(({ start, end }) => start >= span.start && end <= span.end);
  return words.every(({ stem }) => stem === "" || (weights.get(stem) ?? 0) > OWN_WORD);
}

/** Runs of words that neither the language nor the tool explains. */
function findUnexplained(filling: Filling): readonly (Span & { readonly text: string })[] {
  const { clause, tool, used } = filling;
  const weights = toWeights(tool);
  const runs: { start: number; end: number; text: string }[] = [];
  let isOpen = false;
  for (const word of clause.words) {
    const explained =
      word.stem === "" ||
      (weights.get(word.stem) ?? 0) > OWN_WORD ||
      isTaken(word, used) ||
      hasRelated(weights, word.stem);
    const last = runs.at(-1);
    if (explained) isOpen = false;
    else if (isOpen && last !== undefined) last.end = word.end;
    else {
      runs.push({ start: word.start, end: word.end, text: "" });
      isOpen = true;
    }
  }
  return runs.map(({ start, end }) => ({ start, end, text: clause.text.slice(start, end) }));
}

function hasRelated(weights: ReadonlyMap<string, number>, stem: string): boolean {
  for (const other of toRelated(stem)) if (weights.has(other)) return true;
  return false;
}
