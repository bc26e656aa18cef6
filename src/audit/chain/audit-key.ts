// The audit key: at least 32 bytes that whoever can write to the database does not have.
import { KEY_TEXT_EXPECTED, parseKeyText } from "../../kernel/key-bytes.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";

const MIN_BYTES = 32;
const MAX_BYTES = 1_024;

/** `key` when it can be one. Throws INVALID_OPTION, without a byte of it. */
export function assertAuditKey(key: Uint8Array): Uint8Array {
  const received: unknown = key;
  if (received instanceof Uint8Array && received.length >= MIN_BYTES && received.length <= MAX_BYTES) return received;
  const what = received instanceof Uint8Array ? `${received.length} bytes` : `a ${typeof received}`;
  throw new ToolyardError("INVALID_OPTION", `audit key: received ${what}, expected ${EXPECTED}`);
}

/** A key of 32 bytes written as text: hexadecimal, or base64 in either alphabet. Throws INVALID_OPTION, without a character of it. */
export function parseAuditKey(text: string): Uint8Array {
  const parsed = parseKeyText(text);
  if (parsed.ok) return parsed.key;
  throw new ToolyardError("INVALID_OPTION", `audit key: ${parsed.problem}, expected ${KEY_TEXT_EXPECTED}`);
}

/** A key in either form, or none. Throws INVALID_OPTION. */
export function readAuditKey(key: Uint8Array | string | undefined): Uint8Array | null {
  if (key === undefined) return null;
  return typeof key === "string" ? parseAuditKey(key) : assertAuditKey(key);
}

const EXPECTED = `${MIN_BYTES} to ${MAX_BYTES} random bytes`;
