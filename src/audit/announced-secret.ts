// Secrets that a text announces: `password=…`, `"password": "…"`, `--password …`, `Bearer …`, `https://user:…@host`.
import type { KeyReader } from "../kernel/secret-name.ts";
import { skipRun } from "./secret-run.ts";

/** Characters of a text, the first and the one after the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SPACE = 32;
const DASH = 45;
const COLON = 58;
const EQUALS = 61;
const LETTER_B = 98;

const MAX_KEY = 64;
const MIN_TOKEN = 8;
/** Between a name and its value there are at most this many spaces, quotes, backslashes and marks. */
const MAX_BETWEEN = 6;

/** The secret that the run `[start, stop)` of `text` announces; null when it announces none. */
export function findAnnounced(
  text: string,
  start: number,
  stop: number,
  end: number,
  secrecyOf: KeyReader,
): Span | null {
  if (stop >= end || !mayAnnounce(text, start, stop)) return null;
  return (
    findScheme(text, start, stop, end) ?? findUserInfo(text, stop, end) ?? findValue(text, start, stop, end, secrecyOf)
  );
}

/** Whether it is worth a closer look: most runs are words of a sentence, with a space after them. */
function mayAnnounce(text: string, start: number, stop: number): boolean {
  if (text.charCodeAt(stop) !== SPACE) return true;
  const first = text.charCodeAt(start);
  const next = text.charCodeAt(stop + 1);
  return first === DASH || (first | 32) === LETTER_B || next === EQUALS || next === COLON;
}

/** `Bearer …` and `Basic …`. */
function findScheme(text: string, start: number, stop: number, end: number): Span | null {
  const scheme = stop - start === 6 || stop - start === 5 ? text.slice(start, stop).toLowerCase() : "";
  if (scheme !== "bearer" && scheme !== "basic") return null;
  const from = skipSpaces(text, stop, end);
  const to = from === stop ? stop : skipRun(text, from, end);
  const token = text.slice(from, to);
  // Not "the bearer of good news": an ordinary short word stays.
  const isToken = scheme === "bearer" ? token.length >= MIN_TOKEN || hasDigit(token) : isBasic(token);
  return isToken ? { from, to } : null;
}

/** The password in `scheme://user:password@host`. */
function findUserInfo(text: string, stop: number, end: number): Span | null {
  if (!text.startsWith("://", stop)) return null;
  let index = stop + 3;
  let colon = -1;
  let at = -1;
  for (; index < end && !endsAuthority(text[index] as string); index++) {
    if (text[index] === "@") at = index;
    if (text[index] === ":" && colon === -1) colon = index;
  }
  return colon !== -1 && at > colon + 1 ? { from: colon + 1, to: at } : null;
}

function endsAuthority(character: string): boolean {
  return character <= " " || character === "/" || character === "?" || character === "#" || character === '"';
}

/** The value of the name that the run is. */
function findValue(text: string, start: number, stop: number, end: number, secrecyOf: KeyReader): Span | null {
  if (stop - start > MAX_KEY) return null;
  const isFlag = text[stop] === " " && text.startsWith("--", start);
  const from = isFlag ? skipSpaces(text, stop, end) : skipMark(text, stop, end);
  if (from === -1 || from >= end || secrecyOf(text.slice(start, stop)) === "open") return null;
  const first = text[from];
  if (first === '"' || first === "'") return nonEmpty(from + 1, findQuote(text, from + 1, end, first));
  return nonEmpty(from, isFlag || text[stop] === "=" ? findWordEnd(text, from, end) : findLineEnd(text, from, end));
}

function nonEmpty(from: number, to: number): Span | null {
  return to > from ? { from, to } : null;
}

/** Past `=` or `:` and what stands around it, to the value or its opening quote; -1 when there is no mark. */
function skipMark(text: string, start: number, end: number): number {
  let marked = false;
  for (let index = start; index < end && index < start + MAX_BETWEEN; index++) {
    const character = text[index] as string;
    if (character === "=" || character === ":") marked = true;
    else if (character === '"' || character === "'") {
      if (marked) return index;
    } else if (character !== " " && character !== "\\") return marked ? index : -1;
  }
  return marked ? Math.min(end, start + MAX_BETWEEN) : -1;
}

function findQuote(text: string, from: number, end: number, quote: string): number {
  for (let index = from; index < end; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === quote) return index;
  }
  return end;
}

function findWordEnd(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && (text[index] as string) > " " && text[index] !== "&" && text[index] !== ";") index++;
  return index;
}

function findLineEnd(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && text[index] !== "\n" && text[index] !== "\r") index++;
  return index;
}

function skipSpaces(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && text[index] === " ") index++;
  return index;
}

function isBasic(token: string): boolean {
  return token.length >= 4 && Buffer.from(token, "base64").includes(":");
}

function hasDigit(token: string): boolean {
  for (const character of token) if (character >= "0" && character <= "9") return true;
  return false;
}
