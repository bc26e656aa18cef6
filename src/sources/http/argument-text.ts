// Arguments as text, for the parts of a request that hold nothing else, and as JSON. Numbers stay what was sent: an integer
// that a double cannot hold arrives as a BigInt and leaves digit by digit.
import { rawJson, writeBigInt } from "../../kernel/raw-json.ts";

/** The text of a scalar; null for what has none (null, arrays, objects). */
export function toScalarText(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
    case "object":
    case "function":
    case "symbol":
    default:
      return null;
  }
}

/** `value` as JSON text, with BigInts as numbers and -0 as it is. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) =>
    Object.is(member, -0) ? rawJson("-0") : writeBigInt(key, member),
  );
}
