// Free text: what is quoted, what follows a colon, or what remains when the words that ask for the tool are taken away.
import { type Filling, getFree, getOpen, put } from "./filling.ts";
import { isTaken, type Span } from "./span.ts";
import { toWeights } from "./tool-scores.ts";
import { isStopWord, toRelated, type Word } from "./words.ts";

const BOUNDARIES = new Set(["for", "about", "that", "to", "on", "of", "in", "saying", "named", "called"]);
const OWN_WORD = 1.1;
const POLITE_END = /[\s,]*(?:please|thanks|thank you)?[\s.!?,;:]*$/i;

/** Takes the text for the first parameter that wants one; others only get quotes. */
export function fillText(filling: Filling): void {
  const open = getOpen(filling, ({ role, isList }) => (role === "text" || role === "expression") && !isList);
  for (const parameter of open) {
    const [quoted] = getFree(filling, ["quoted"]);
    if (quoted !== undefined) put(filling, parameter, quoted.value, "typed", quoted);
  }
  const parameter = open.find(
    ({ name, isRequired, role }) => isRequired && role === "text" && !filling.found.has(name),
  );
  const rest = parameter === undefined ? null : findRest(filling);
  if (parameter !== undefined && rest !== null) put(filling, parameter, rest.text, "rest", rest);
}

function findRest(filling: Filling): (Span & { readonly text: string }) | null {
  const { clause } = filling;
  const start = findStart(filling);
  const end = clause.text.length - (POLITE_END.exec(clause.text)?.[0].length ?? 0);
  if (start >= end) return null;
  const text = withoutUsed(filling, start, cutTail(filling, start, end));
  return text === "" ? null : { start, end, text };
}

/** Where the words that ask for the tool end. */
function findStart(filling: Filling): number {
  const { clause } = filling;
  const colon = clause.text.search(/:\s/);
  if (colon !== -1 && clause.words.filter(({ end }) => end <= colon).every((word) => isAsking(filling, word, 0)))
    return colon + 1;
  for (const [index, word] of clause.words.entries()) {
    if (index > 0 && BOUNDARIES.has(word.text.toLowerCase()))
      return clause.words[index + 1]?.start ?? clause.text.length;
    if (!isAsking(filling, word, 0)) break;
  }
  const first = clause.words.find((word) => !isAsking(filling, word, OWN_WORD));
  return first?.start ?? clause.text.length;
}

/** Whether a word only asks: it says nothing, or the tool itself uses it with more than `weight`. */
function isAsking({ tool, used }: Filling, word: Word, weight: number): boolean {
  if (word.stem === "" || isStopWord(word.text) || isTaken(word, used)) return true;
  const weights = toWeights(tool);
  if ((weights.get(word.stem) ?? 0) > weight) return true;
  for (const other of toRelated(word.stem)) if ((weights.get(other) ?? 0) > OWN_WORD) return true;
  return false;
}

/** `… to my notes` at the end speaks of the tool. */
function cutTail(filling: Filling, start: number, end: number): number {
  const { words } = filling.clause;
  const inside = words.filter((word) => word.start >= start && word.end <= end);
  const last = inside.findLastIndex((word) => /^(?:to|in|into|on)$/i.test(word.text));
  if (last <= 0) return end;
  const tail = inside.slice(last + 1);
  const isOwn = tail.some(({ stem }) => stem !== "") && tail.every((word) => isAsking(filling, word, OWN_WORD));
  return isOwn ? (inside[last - 1]?.end ?? end) : end;
}

function withoutUsed({ clause, used }: Filling, start: number, end: number): string {
  let text = "";
  let at = start;
  for (const span of [...used].sort((a, b) => a.start - b.start)) {
    if (span.end <= at || span.start >= end) continue;
    text += clause.text.slice(at, Math.max(at, span.start));
    at = Math.max(at, span.end);
  }
  return (text + clause.text.slice(at, Math.max(at, end)))
    .replaceAll(/\s+/g, " ")
    .replace(/[\s,;:]+$/, "")
    .trim();
}
