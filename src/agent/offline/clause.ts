// A part of what the user said that asks for one thing, read once: its words, its entities, its phrases.
import { findEntities } from "./entities.ts";
import type { Entity, Span } from "./span.ts";
import { toWords, type Word } from "./words.ts";

export interface Phrase extends Span {
  /** The word before it, in lower case. */
  readonly after: string;
  readonly text: string;
}

export interface Clause {
  readonly text: string;
  readonly words: readonly Word[];
  readonly entities: readonly Entity[];
  /** What follows a preposition, such as `Oslo` in `the weather in Oslo`. */
  readonly phrases: readonly Phrase[];
}

const PREPOSITIONS = new Set([
  "in",
  "at",
  "for",
  "of",
  "from",
  "to",
  "into",
  "near",
  "on",
  "until",
  "till",
  "as",
  "by",
  "between",
  "with",
  "within",
]);
const DETERMINERS = new Set(["the", "a", "an", "my", "our", "this", "that", "city", "town"]);
const BREAKS = new Set([
  ...[
    "and",
    "or",
    "please",
    "is",
    "are",
    "was",
    "were",
    "be",
    "do",
    "does",
    "now",
    "today",
    "then",
    "when",
    "what",
    "how",
  ],
  ...["usually", "normally", "like", "right", "it", "i", "me", "you", "during", "plus"],
]);
const MAX_WORDS = 4;

/** Reads `text`. */
export function readClause(text: string): Clause {
  const words = toWords(text);
  return { text, words, entities: findEntities(text), phrases: findPhrases(text, words) };
}

function findPhrases(text: string, words: readonly Word[]): readonly Phrase[] {
  const phrases: Phrase[] = [];
  for (const [index, word] of words.entries()) {
    const after = word.text.toLowerCase();
    if (!PREPOSITIONS.has(after)) continue;
    const phrase = readPhrase(text, words, index + 1);
    if (phrase !== null) phrases.push({ ...phrase, after });
  }
  return phrases;
}

/** The words from `first` on that belong together; null when there are none. */
export function readPhrase(text: string, words: readonly Word[], first: number): (Span & { text: string }) | null {
  let from = first;
  while (DETERMINERS.has(words[from]?.text.toLowerCase() ?? "")) from++;
  const firstWord = words[from];
  if (firstWord === undefined || isBreak(firstWord)) return null;
  let lastWord = firstWord;
  for (const next of words.slice(from + 1, from + MAX_WORDS)) {
    // Punctuation ends a phrase; what glues `km/h` together does not.
    if (isBreak(next) || /[,;:.?!()]/.test(text.slice(lastWord.end, next.start))) break;
    lastWord = next;
  }
  // A sign such as "°" or "$" stands directly before its word.
  const start = /[^\s\p{P}]/u.test(text[firstWord.start - 1] ?? " ") ? firstWord.start - 1 : firstWord.start;
  return { text: text.slice(start, lastWord.end), start, end: lastWord.end };
}

function isBreak({ text }: Word): boolean {
  const lower = text.toLowerCase();
  return PREPOSITIONS.has(lower) || BREAKS.has(lower);
}
