// English words: where they are in a text, which say nothing, and their stems. Knows the language, not the tools.
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** "" for a word that says nothing. */
  readonly stem: string;
}

const STOP_WORDS = new Set(
  (
    "a all am an and any are as at be been but by can could did do does for from get give go had has have he her here his how i if in into is it its " +
    "just know let like many may me much my need no not of off ok okay on one or our out over please say says shall she should so some tell than thank thanks that the " +
    "their them then there these they this those to too up us very want was we were what when where which while who why will with would you your " +
    "about again also hello hey hi i'd i'm it's let's need's now's that's there's what's where's who's how's when's"
  ).split(" "),
);

const SUFFIXES = [
  ...["ations", "ators", "ation", "ator", "ating", "ates", "ated", "ings", "ions", "ate"],
  ...["ing", "ies", "ers", "ion", "ed", "es", "er", "ly", "s", "e", "y"],
];
const MIN_STEM = 3;
const DOUBLED = /([bdfgmnprt])\1$/;

/** Verbs that mean the same to almost every tool. A word of a group stands for the others, at less weight. */
const VERB_GROUPS: readonly (readonly string[])[] = [
  ["add", "create", "new", "save", "store", "insert", "append", "record", "remember", "write"],
  ["list", "show", "display", "view", "see", "read"],
  ["delete", "remove", "erase", "clear", "drop"],
  ["search", "find", "look", "lookup", "query"],
  ["calculate", "compute", "evaluate", "solve"],
  ["convert", "change", "turn", "transform", "translate"],
  ["count", "number", "many"],
];

const MAX_KNOWN = 20_000;
const MAX_KNOWN_LENGTH = 32;
/** A word of a camelCase or dotted name. */
const ASCII = /^[\x20-\x7e\s]*$/;
const ASCII_PART = /[A-Z]?[a-z0-9']+|[A-Z]+(?![a-z])/g;
const PART = /\p{Lu}?[\p{Ll}\p{Lo}\p{N}']+|\p{Lu}+(?!\p{Ll})/gu;
const WORD = /[\p{L}\p{N}]+(?:['_-][\p{L}\p{N}]+)*/gu;

/** The words of `text` in order. */
export function toWords(text: string, offset = 0): readonly Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const start = offset + match.index;
    words.push({ text: match[0], start, end: start + match[0].length, stem: toStem(match[0]) });
  }
  return words;
}

// The words of descriptions and questions are few and come again and again. Emptied when full: keeping an order of use
// would cost more than the stems.
const known = new Map<string, string>();

/** A light stem: an ending is cut while three letters remain. "" for a word that says nothing. */
export function toStem(word: string): string {
  let stem = known.get(word);
  if (stem === undefined) {
    stem = cutEnding(word.toLowerCase());
    if (known.size >= MAX_KNOWN) known.clear();
    if (word.length <= MAX_KNOWN_LENGTH) known.set(word, stem);
  }
  return stem;
}

function cutEnding(lower: string): string {
  if (isStopWord(lower)) return "";
  const bare = lower.endsWith("'s") ? lower.slice(0, -2) : lower;
  const suffix = SUFFIXES.find((ending) => bare.length - ending.length >= MIN_STEM && bare.endsWith(ending));
  if (suffix === undefined) return bare;
  const stem = bare.slice(0, -suffix.length);
  // "tagged", "planning": the consonant was doubled for the ending.
  return stem.length > MIN_STEM && DOUBLED.test(stem) ? stem.slice(0, -1) : stem;
}

/** Whether the word says nothing about what is wanted. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.toLowerCase());
}

/** The words in `text`, camelCase and separators split. */
export function toParts(text: string): readonly string[] {
  // Most descriptions are plain English, for which the simpler pattern takes a fifth of the time.
  return text.match(ASCII.test(text) ? ASCII_PART : PART) ?? [];
}

/** The stems of `toParts`. */
export function toStems(text: string): readonly string[] {
  const stems: string[] = [];
  for (const part of toParts(text)) {
    const stem = toStem(part);
    if (stem !== "") stems.push(stem);
  }
  return stems;
}

// Filled here once; nothing a stranger says gets into it.
const related = new Map<string, ReadonlySet<string>>();
for (const group of VERB_GROUPS) {
  const stems = new Set(group.map((word) => toStem(word)).filter((stem) => stem !== ""));
  for (const stem of stems) related.set(stem, stems);
}

const CHANGING: ReadonlySet<string> = new Set(
  "add create save store insert append write delete remove erase clear drop".split(" ").map((word) => toStem(word)),
);

/** Whether a verb asks to change something. */
export function isChanging(stem: string): boolean {
  return CHANGING.has(stem);
}

/** Stems of verbs that mean the same, `stem` among them; none when it is no such verb. */
export function toRelated(stem: string): Iterable<string> {
  return related.get(stem) ?? [];
}
