// Arguments as text, for the parts of a request that hold nothing else, and as JSON. Numbers stay what was sent: an integer
// that a double cannot hold arrives as a BigInt and leaves digit by digit.

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

// JSON.rawJSON (ECMAScript 2026), which the compiler's library does not declare yet.
const toRawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** `value` as JSON text, with BigInts as numbers and -0 as it is. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "bigint") return toRawJson(String(member));
    return Object.is(member, -0) ? toRawJson("-0") : member;
  });
}
