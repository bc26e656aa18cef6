// RFC 8785 canonical JSON and its SHA-256: the same data gives the same digest, whatever the order of its keys.
// Digests pin definitions and arguments, so a change here invalidates every stored one.
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { invariant } from "./invariant.ts";

/** `value` as RFC 8785 text. Throws on what JSON cannot hold (NaN, Infinity, lone surrogates, cycles). */
export function toCanonicalJson(value: unknown): string {
  const text = canonicalize(value);
  invariant(text !== undefined, "canonical JSON needs a value that JSON can hold");
  return text;
}

/** `sha256:<64 hex digits>` of the canonical JSON of `value`. */
export function toDigest(value: unknown): string {
  return `sha256:${createHash("sha256").update(toCanonicalJson(value)).digest("hex")}`;
}
