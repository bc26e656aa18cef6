// Whether an unbroken run of characters looks like a credential: a known form, or long and too irregular for words.
// One pass, no regular expressions: the text is a stranger's.

const UPPER = 1;
const LOWER = 2;
const DIGIT = 3;
/** May stand inside a credential; does not end a piece of it. */
const JOINER = 4;
/** May stand inside a credential, and ends a piece of it. */
const BREAKER = 5;

const CLASSES = new Uint8Array(128);
for (let code = 48; code <= 57; code++) CLASSES[code] = DIGIT;
for (let code = 65; code <= 90; code++) CLASSES[code] = UPPER;
for (let code = 97; code <= 122; code++) CLASSES[code] = LOWER;
for (const joiner of "-_") CLASSES[joiner.charCodeAt(0)] = JOINER;
for (const breaker of "+/.~") CLASSES[breaker.charCodeAt(0)] = BREAKER;

/** Providers' own forms: what a piece of at least 16 characters begins with. */
const PREFIXES = [
  ...["sk-", "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "shpat_", "shpss_", "ty_live_", "ty_test_"],
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "npm_", "pypi-", "hf_", "gsk_", "dop_v1_"],
  ...["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-", "AKIA", "ASIA", "AIza"],
];
/** Forms of several pieces: what follows the first dot belongs to them. */
const DOTTED = ["eyJ", "SG.", "ya29."];
const FIRSTS = new Set([...PREFIXES, ...DOTTED].map((prefix) => prefix.charCodeAt(0)));
const MIN_PREFIXED = 16;
const MIN_IRREGULAR = 32;

/** Where the run of characters that may stand in a credential ends; `start` when there is none. */
export function skipRun(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && text.charCodeAt(index) < 128 && classAt(text, index) !== 0) index++;
  return index;
}

/** Where in `text[start, end)`, all of it run characters, a credential begins; -1 when none does. */
export function findCredential(text: string, start: number, end: number): number {
  if (end - start < MIN_PREFIXED) return -1;
  let piece = start;
  for (let index = start; index <= end; index++) {
    if (index < end && classAt(text, index) !== BREAKER) continue;
    if (isPrefixed(text, piece, index, end)) return piece;
    piece = index + 1;
  }
  return end - start >= MIN_IRREGULAR && isIrregular(text, start, end) ? start : -1;
}

function isPrefixed(text: string, start: number, stop: number, end: number): boolean {
  if (end - start < MIN_PREFIXED || !FIRSTS.has(text.charCodeAt(start))) return false;
  const begins = (prefix: string): boolean => text.startsWith(prefix, start);
  return (stop - start >= MIN_PREFIXED && PREFIXES.some(begins)) || DOTTED.some(begins);
}

/**
 * In random base64 three neighbours in five are of different kinds (upper, lower, digit), in random hexadecimal nearly
 * half; in words, paths and camelCase one in five at most. UUIDs are names, not secrets.
 */
function isIrregular(text: string, start: number, end: number): boolean {
  const counts = [0, 0, 0, 0, 0, 0];
  let changes = 0;
  let before = JOINER;
  for (let index = start; index < end; index++) {
    const kind = classAt(text, index);
    counts[kind] = (counts[kind] as number) + 1;
    if (before <= DIGIT && kind <= DIGIT && kind !== before) changes++;
    before = kind;
  }
  const [, upper = 0, lower = 0, digits = 0] = counts;
  const length = end - start;
  if (upper >= 3 && lower >= 3 && digits >= 1 && changes * 10 >= length * 3) return true;
  return hasLongIrregularWord(text, start, end);
}

/** One kind of letters with digits: hexadecimal, base32. Only where nothing breaks it, as it does a UUID or a slug. */
function hasLongIrregularWord(text: string, start: number, end: number): boolean {
  let length = 0;
  let changes = 0;
  let before = JOINER;
  for (let index = start; index < end; index++) {
    const kind = classAt(text, index);
    if (kind > DIGIT) length = changes = 0;
    else {
      length++;
      if (before <= DIGIT && kind !== before && (kind === DIGIT || before === DIGIT)) changes++;
      if (length >= MIN_IRREGULAR && changes * 7 >= length) return true;
    }
    before = kind;
  }
  return false;
}

function classAt(text: string, index: number): number {
  return CLASSES[text.charCodeAt(index)] as number;
}
