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
const PREFIXES =
  "sk- sk_live_ sk_test_ rk_live_ rk_test_ whsec_ ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xoxb- xoxp- xoxa- xoxr- xoxs- xapp- AKIA ASIA AIza ya29 eyJ npm_ pypi- hf_ gsk_ dop_v1_ shpat_ shpss_ SG".split(" ");
const FIRSTS = new Set(PREFIXES.map((prefix) => prefix.charCodeAt(0)));
const MIN_PREFIXED = 16;
const MIN_IRREGULAR = 32;

/** Whether the character may be part of a run. */
export function isRunCode(code: number): boolean {
  return code < 128 && CLASSES[code] !== 0;
}

/** Where in `text[start, end)`, all of it run characters, a credential begins; -1 when none does. */
export function findCredential(text: string, start: number, end: number): number {
  if (end - start < MIN_PREFIXED) return -1;
  let piece = start;
  for (let index = start; index <= end; index++) {
    if (index < end && classAt(text, index) !== BREAKER) continue;
    // A JWT's first piece is short, and what follows its dot belongs to it.
    const length = text.startsWith("eyJ", piece) || text.startsWith("SG", piece) || text.startsWith("ya29", piece) ? end - piece : index - piece;
    if (length >= MIN_PREFIXED && isPrefixed(text, piece)) return piece;
    piece = index + 1;
  }
  return end - start >= MIN_IRREGULAR && isIrregular(text, start, end) ? start : -1;
}

function isPrefixed(text: string, start: number): boolean {
  return FIRSTS.has(text.charCodeAt(start)) && PREFIXES.some((prefix) => text.startsWith(prefix, start));
}

/**
 * In random base64 three neighbours in five are of different kinds (upper, lower, digit), in random hexadecimal nearly
 * half; in words, paths and camelCase one in five at most. UUIDs are names, not secrets.
 */
function isIrregular(text: string, start: number, end: number): boolean {
  const counts = [0, 0, 0, 0, 0, 0];
  let changes = 0;
  let unbroken = 0;
  let unbrokenChanges = 0;
  let before = 0;
  for (let index = start; index < end; index++) {
    const kind = classAt(text, index);
    counts[kind] = (counts[kind] as number) + 1;
    const changed = before !== 0 && before <= DIGIT && kind <= DIGIT && kind !== before;
    if (changed) changes++;
    unbroken = kind <= DIGIT ? unbroken + 1 : 0;
    unbrokenChanges = kind > DIGIT ? 0 : changed ? unbrokenChanges + 1 : unbrokenChanges;
    // One kind of letters with digits: hexadecimal, base32. Only where nothing breaks it, as it does a UUID or a slug.
    if (unbroken >= MIN_IRREGULAR && unbrokenChanges * 7 >= unbroken) return true;
    before = kind;
  }
  const mixed = (counts[UPPER] as number) >= 3 && (counts[LOWER] as number) >= 3 && (counts[DIGIT] as number) >= 1;
  return mixed && changes * 10 >= (end - start) * 3;
}

function classAt(text: string, index: number): number {
  return CLASSES[text.charCodeAt(index)] as number;
}
