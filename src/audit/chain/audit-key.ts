// The audit key: at least 32 bytes that whoever can write to the database does not have.
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

/** A key written as text: hexadecimal, or base64 in either alphabet. Throws INVALID_OPTION, without a character of it. */
export function parseAuditKey(text: string): Uint8Array {
  const trimmed = text.trim();
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(trimmed);
  if (!isHex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `audit key: received ${trimmed.length} characters that are neither hexadecimal nor base64, expected ${EXPECTED}`,
    );
  }
  return assertAuditKey(Buffer.from(trimmed, isHex ? "hex" : "base64"));
}

/** A key in either form, or none. Throws INVALID_OPTION. */
export function readAuditKey(key: Uint8Array | string | undefined): Uint8Array | null {
  if (key === undefined) return null;
  return typeof key === "string" ? parseAuditKey(key) : assertAuditKey(key);
}

const EXPECTED = `${MIN_BYTES} to ${MAX_BYTES} random bytes, as hexadecimal or base64 (openssl rand -hex 32)`;
