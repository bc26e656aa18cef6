// Two ends of something: `10 km to miles`, `from Berlin to New York`, `how many feet are 3 metres`.
import { readPhrase } from "./clause.ts";
import { type Filling, getOpen, put } from "./filling.ts";
import { type Entity, isTaken, type Span } from "./span.ts";

interface End extends Span {
  readonly text: string;
}

export interface Pair {
  readonly from: End | null;
  readonly to: End | null;
}

const TO = new Set(["to", "into", "in", "as", "until", "till"]);

/** Takes the ends for the parameters that are one: names, accepted values, zones. */
export function fillPairs(filling: Filling): void {
  const ends = getOpen(
    filling,
    ({ side, role, isList }) => side !== null && !isList && (role === "name" || role === "enum" || role === "zone"),
  );
  const from = ends.find(({ side }) => side === "from");
  const to = ends.find(({ side }) => side === "to");
  if (from === undefined && to === undefined) return;
  const pair = findPair(filling);
  if (from !== undefined && pair.from !== null && !isTaken(pair.from, filling.used))
    put(filling, from, pair.from.text, "phrase", pair.from);
  if (to !== undefined && pair.to !== null && !isTaken(pair.to, filling.used))
    put(filling, to, pair.to.text, "phrase", pair.to);
}

/** The two ends that a clause speaks of. */
export function findPair({ clause, used }: Pick<Filling, "clause" | "used">): Pair {
  const dates = clause.entities.filter(
    ({ kind }) => kind === "date" || kind === "dateTime" || kind === "time" || kind === "expression",
  );
  const free = clause.phrases.filter((phrase) => !isTaken(phrase, used) && !isTaken(phrase, dates));
  const said = free.find(({ after }) => after === "from") ?? null;
  const number = clause.entities.find(({ kind, start, end }) => kind === "number" && !isTaken({ start, end }, used));
  const measured = number === undefined ? null : findMeasured(clause, number);
  const from = said ?? measured;
  const asked = findAsked(clause);
  const target = free.find(({ after, start }) => TO.has(after) && (from === null || start >= from.end));
  return {
    from,
    to: target ?? asked ?? free.find(({ after, start }) => TO.has(after) && start !== from?.start) ?? null,
  };
}

/** The words right after a number: `km/h` in `10 km/h`. */
function findMeasured(clause: Filling["clause"], number: Entity): End | null {
  const next = clause.words.findIndex(({ start }) => start >= number.end);
  const gap = clause.text.slice(number.end, clause.words[next]?.start ?? number.end);
  if (next !== -1 && /^[\s°$€£]*$/.test(gap)) return readPhrase(clause.text, clause.words, next);
  // "10km" is one word, which begins with its number.
  const glued = clause.words.findIndex(({ start, end }) => start <= number.start && end > number.end);
  const phrase = glued === -1 ? null : readPhrase(clause.text, clause.words, glued);
  return phrase === null
    ? null
    : { text: clause.text.slice(number.end, phrase.end), start: number.end, end: phrase.end };
}

/** `feet` in `how many feet are 3 metres`. */
function findAsked({ text, words }: Filling["clause"]): End | null {
  const index = words.findIndex(
    (word, at) => word.text.toLowerCase() === "many" && words[at - 1]?.text.toLowerCase() === "how",
  );
  return index === -1 ? null : readPhrase(text, words, index + 1);
}
