// Takes what looks like a credential out of a text: what is one by its form, and what the text announces as one. One
// pass; each character is looked at a bounded number of times.
import { findAnnounced } from "./announced-secret.ts";
import type { KeyReader } from "../kernel/secret-name.ts";
import { findCredential, skipRun } from "./secret-run.ts";

/** What stands in place of a secret. */
export const REDACTED = "[redacted]";

const MIN_LENGTH = 8;
const PEM = "-----BEGIN ";

/** `text` without its secrets; the same string when it has none. `secrecyOf` reads the names in it. */
export function redactText(text: string, secrecyOf: KeyReader): string {
  if (text.length < MIN_LENGTH) return text;
  const pem = text.indexOf(PEM);
  const end = pem === -1 ? text.length : pem;
  let out = "";
  let copied = 0;
  let index = 0;
  while (index < end) {
    const stop = skipRun(text, index, end);
    if (stop === index) {
      index++;
      continue;
    }
    const from = findCredential(text, index, stop);
    const secret =
      from === -1 ? findAnnounced(text, index, stop, end, secrecyOf) : { from, to: skipPadding(text, stop, end) };
    index = stop;
    if (secret === null) continue;
    out += text.slice(copied, secret.from) + REDACTED;
    copied = secret.to;
    index = Math.max(stop, secret.to);
  }
  // A key that was cut off has no end mark, so everything from its beginning goes.
  if (end < text.length) return out + text.slice(copied, end) + REDACTED;
  return copied === 0 ? text : out + text.slice(copied);
}

function skipPadding(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && text[index] === "=") index++;
  return index;
}
