// Takes what looks like a credential out of a text: known forms, long irregular runs, `password=…`, `Bearer …`,
// passwords in URLs, PEM blocks. One pass over the text; each character is looked at a bounded number of times.
import type { KeyReader } from "./secret-key.ts";
import { findCredential, isRunCode } from "./secret-run.ts";

/** What stands in place of a secret. */
export const REDACTED = "[redacted]";

const MAX_KEY = 64;
const MIN_LENGTH = 8;

/** `text` without its secrets; the same string when it has none. `secrecyOf` reads the names in it. */
export function redactText(text: string, secrecyOf: KeyReader): string {
  if (text.length < MIN_LENGTH) return text;
  const end = findPem(text);
  let out = "";
  let copied = 0;
  const cut = (from: number, to: number): void => {
    out += text.slice(copied, from) + REDACTED;
    copied = to;
  };
  let index = 0;
  while (index < end) {
    if (!isRunCode(text.charCodeAt(index))) {
      index++;
      continue;
    }
    const start = index;
    while (index < end && isRunCode(text.charCodeAt(index))) index++;
    const secret = findSecret(text, start, index, end, secrecyOf);
    if (secret === null) continue;
    cut(secret.from, secret.to);
    index = Math.max(index, secret.to);
  }
  if (end < text.length) cut(end, text.length);
  return copied === 0 ? text : out + text.slice(copied);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The secret that the run `[start, stop)` is, or announces. */
function findSecret(text: string, start: number, stop: number, end: number, secrecyOf: KeyReader): Span | null {
  const from = findCredential(text, start, stop);
  if (from !== -1) return { from, to: skipPadding(text, stop, end) };
  if (stop >= end) return null;
  return findScheme(text, start, stop, end) ?? findUserInfo(text, stop, end) ?? findValue(text, start, stop, end, secrecyOf);
}

/** `Bearer …` and `Basic …`. */
function findScheme(text: string, start: number, stop: number, end: number): Span | null {
  const length = stop - start;
  if (text.charCodeAt(stop) !== 32 || (length !== 5 && length !== 6)) return null;
  const scheme = text.slice(start, stop).toLowerCase();
  if (scheme !== "bearer" && scheme !== "basic") return null;
  let from = stop;
  while (from < end && text.charCodeAt(from) === 32) from++;
  let to = from;
  while (to < end && isRunCode(text.charCodeAt(to))) to++;
  const token = text.slice(from, to);
  // Not "the bearer of good news": an ordinary short word stays.
  const found = scheme === "bearer" ? token.length >= MIN_LENGTH || hasDigit(token) : isBasic(token);
  return found ? { from, to: skipPadding(text, to, end) } : null;
}

/** The password in `scheme://user:password@host`. */
function findUserInfo(text: string, stop: number, end: number): Span | null {
  if (!text.startsWith("://", stop)) return null;
  let colon = -1;
  let at = -1;
  let index = stop + 3;
  for (; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === 64) at = index;
    else if (code === 58 && colon === -1) colon = index;
    else if (code === 47 || code === 63 || code === 35 || code <= 32 || code === 34) break;
  }
  return colon !== -1 && at > colon + 1 ? { from: colon + 1, to: at } : null;
}

/** The value in `password=…`, `"password": "…"`, `password: …` and `--password …`, where the run is the name. */
function findValue(text: string, start: number, stop: number, end: number, secrecyOf: KeyReader): Span | null {
  if (stop - start > MAX_KEY) return null;
  let index = stop;
  let announced = false;
  for (let skipped = 0; skipped < 6 && index < end; skipped++, index++) {
    const code = text.charCodeAt(index);
    if (code === 61 || code === 58) announced = true;
    else if (code !== 32 && code !== 34 && code !== 39 && code !== 92) break;
    else if (announced && code !== 32 && code !== 92) break;
  }
  const isFlag = !announced && text.startsWith("--", start) && text.charCodeAt(stop) === 32;
  if ((!announced && !isFlag) || index >= end) return null;
  if (secrecyOf(text.slice(start, stop)) === "open") return null;
  const to = findValueEnd(text, index, end, isFlag || text.charCodeAt(stop) === 61);
  return to.to > to.from ? to : null;
}

/** A quoted value ends at its quote, one after `=` or a flag at a space or `&`, any other at the end of the line. */
function findValueEnd(text: string, from: number, end: number, isShort: boolean): Span {
  const quote = text.charCodeAt(from);
  const isQuoted = quote === 34 || quote === 39;
  let to = isQuoted ? from + 1 : from;
  for (; to < end; to++) {
    const code = text.charCodeAt(to);
    if (isQuoted) {
      if (code === 92) to++;
      else if (code === quote) break;
    } else if (code === 10 || code === 13 || (isShort && (code <= 32 || code === 38 || code === 59))) break;
  }
  return { from: isQuoted ? from + 1 : from, to: Math.min(to, end) };
}

/** Where a PEM block begins; the length of the text when there is none. */
function findPem(text: string): number {
  const begin = text.length < 30 ? -1 : text.indexOf("-----BEGIN ");
  return begin === -1 ? text.length : begin;
}

function skipPadding(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && text.charCodeAt(index) === 61) index++;
  return index;
}

function isBasic(token: string): boolean {
  return token.length >= 4 && Buffer.from(token, "base64").includes(":");
}

function hasDigit(token: string): boolean {
  for (let index = 0; index < token.length; index++) {
    const code = token.charCodeAt(index);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}
