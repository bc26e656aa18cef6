// Patterns of raw JSON Schemas run on RE2: linear in the text, whoever wrote the pattern. The dialect stays ECMA-262 with
// the `u` flag; where RE2 reads the same text otherwise (`.`, `\s`, surrogate pairs) it is translated.
import { RE2JS } from "re2js";
import { createBoundedMap } from "../../kernel/bounded-map.ts";

/** A stretch of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Matcher {
  /** Whether the pattern occurs in `text`. */
  test(text: string): boolean;
  /**
   * Every match in `text`, from left to right, none overlapping another; empty ones too. Each takes time linear in the
   * text. All of them together do not always: a pattern such as `a.*b|a` looks to the end of the line for each. Whoever
   * takes many has to know when to stop.
   */
  spans(text: string): Iterable<Span>;
  /**
   * Names the pattern. Ajv keeps one compiled pattern per text: without this every pattern would be "[object Object]", all
   * would share the first one, and wrong values would pass silently.
   */
  toString(): string;
}

export type CompiledPattern =
  | { readonly ok: true; readonly matcher: Matcher }
  | { readonly ok: false; readonly reason: string };

const MAX_LENGTH = 4_096;
const MAX_CACHED = 512;
const compiled = createBoundedMap<string, CompiledPattern>(MAX_CACHED);

const SPACE =
  "\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const TOKEN = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\[\s\S]|[[\].]/gu;
// Escaped characters that need no escape: invalid with the flag, common all the same, and clear.
const NEEDLESS = /^\\[-_@"' %&,:;<=>#~`!]$/;

/** `pattern` with each token replaced; `inClass` is whether it stands between brackets. */
function mapTokens(pattern: string, map: (token: string, inClass: boolean) => string): string {
  let inClass = false;
  return pattern.replaceAll(TOKEN, (token: string) => {
    const mapped = map(token, inClass);
    if (token === "[") inClass = true;
    else if (token === "]") inClass = false;
    return mapped;
  });
}

function toEcma(token: string, inClass: boolean): string {
  if (!NEEDLESS.test(token)) return token;
  return token === "\\-" && inClass ? token : token.charAt(1);
}

function toRe2(token: string, inClass: boolean): string {
  if (token.length === 12) {
    const high = Number.parseInt(token.slice(2, 6), 16) - 0xd800;
    const low = Number.parseInt(token.slice(8), 16) - 0xdc00;
    return `\\x{${(high * 0x400 + low + 0x10000).toString(16)}}`;
  }
  if (token === "\\s") return inClass ? SPACE : `[${SPACE}]`;
  if (inClass) return token;
  if (token === "\\S") return `[^${SPACE}]`;
  return token === "." ? "[^\\n\\r\\x{2028}\\x{2029}]" : token;
}

function* findSpans(re2: RE2JS, text: string): Generator<Span, void, undefined> {
  const matcher = re2.matcher(text);
  while (matcher.find()) yield { start: matcher.start(), end: matcher.end() };
}

function compile(pattern: string): CompiledPattern {
  if (pattern.length > MAX_LENGTH) {
    return { ok: false, reason: `is ${pattern.length} characters long; at most ${MAX_LENGTH} are accepted` };
  }
  try {
    // Only parsed, never run: what is published has to be a pattern to every other reader of the schema too.
    new RegExp(mapTokens(pattern, toEcma), "u");
  } catch (error) {
    return { ok: false, reason: `is no regular expression of ECMA-262: ${(error as Error).message}` };
  }
  try {
    const re2 = RE2JS.compile(RE2JS.translateRegExp(mapTokens(pattern, toRe2)));
    const name = `/${pattern}/u`;
    const matcher = { test: (text: string) => re2.test(text), spans: (text: string) => findSpans(re2, text) };
    return { ok: true, matcher: { ...matcher, toString: () => name } };
  } catch (error) {
    const reason = (error as Error).message.replace("error parsing regexp: ", "");
    return {
      ok: false,
      reason: `cannot run in linear time (${reason}); write it without look-around and back-references`,
    };
  }
}

/** Compiles a pattern, or says why it is refused. The last 512 are kept. */
export function compilePattern(pattern: string): CompiledPattern {
  let found = compiled.get(pattern);
  if (found === undefined) {
    found = compile(pattern);
    compiled.set(pattern, found);
  }
  return found;
}

/** `compilePattern` in the form in which Ajv wants its regular expressions; throws when a pattern is refused. */
export const patternEngine: ((pattern: string) => Matcher) & { code: string } = Object.assign(
  (pattern: string): Matcher => {
    const found = compilePattern(pattern);
    if (!found.ok) throw new Error(`pattern ${JSON.stringify(pattern)} ${found.reason}`);
    return found.matcher;
  },
  { code: "patternEngine" },
);
