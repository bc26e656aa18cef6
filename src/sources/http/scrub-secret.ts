// An upstream that repeats what it was sent (a debug page, an error with the request in it) repeats the credential. What a
// model, a caller and the trail get of an answer is without it.
import { encodeComponent } from "./build-url.ts";

/** Shorter ones are not looked for: they would be found in texts that have nothing to do with them. */
const MIN_LENGTH = 6;
const MARK = "[secret]";

/** Gives JSON data back without the secret; null when there is none. */
export type Scrub = ((value: unknown) => unknown) | null;

function toForms(text: string): readonly string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const base64 = Buffer.from(text).toString("base64").replace(/=+$/, "");
  return [...new Set([text, escaped, encodeComponent(text), encodeURIComponent(text), base64])];
}

/** A scrub for `texts`: each as it is, as JSON writes it, URL-encoded, and in base64. */
export function createScrub(texts: readonly string[]): Scrub {
  const forms = texts
    .filter((text) => text.length >= MIN_LENGTH)
    .flatMap(toForms)
    // The longest first, so that no rest of one remains.
    .toSorted((one, other) => other.length - one.length);
  if (forms.length === 0) return null;
  const clean = (text: string): string => forms.reduce((result, form) => result.replaceAll(form, MARK), text);
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return clean(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [clean(key), walk(member)]));
  };
  return walk;
}
