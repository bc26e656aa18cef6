// The hash that stands in the trail for a value. Its key is made of the audit key, so that a hash of a record is never one of
// a value, whatever somebody gets a tool called with.
import { createTextHash } from "./chain/record-hash.ts";

/** Values are hashed whole up to so many characters; of longer ones the beginning and the length are. */
const MAX_HASHED = 65_536;

/** Creates the function that gives `hmac-sha256:<64 hex digits>` for a text. */
export function createValueHash(key: Uint8Array): (text: string) => string {
  const toHash = createTextHash(Buffer.from(createTextHash(key)("toolyard audit values, version 1"), "hex"));
  return (text) =>
    `hmac-sha256:${toHash(text.length <= MAX_HASHED ? text : `${text.slice(0, MAX_HASHED)}${text.length}`)}`;
}
