// Ids. Those of calls are a random prefix per process and a counter: unique without a random draw per call (a UUID costs
// ten times as much), not a secret and never used as one. What must not be guessed takes `createSecretId`.
import { randomBytes } from "node:crypto";

/** Makes the next id. */
export type IdSource = () => string;

/**
 * An id source: `call_<12 characters of the process>_<counter in base 36>`.
 * @param seed the process part; random when left out.
 */
export function createIdSource(prefix = "call", seed: string = randomBytes(9).toString("base64url")): IdSource {
  let count = 0;
  return () => `${prefix}_${seed}_${(count++).toString(36)}`;
}

/** An id that cannot be guessed: `<prefix>_<128 random bits in base64url>`. */
export function createSecretId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString("base64url")}`;
}
