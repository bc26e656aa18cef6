// Raw JSON text (ECMAScript 2026), which the compiler's library does not declare yet: a number is written as it is, whatever a double holds.
const raw = JSON as unknown as { rawJSON(text: string): unknown };

/** Stands in data for the JSON text of a primitive, which `JSON.stringify` then writes as it is. Throws a SyntaxError for other text. */
export function rawJson(text: string): unknown {
  return raw.rawJSON(text);
}

/** For `JSON.stringify`, which refuses a BigInt: written out as the number that it is. */
export function writeBigInt(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? raw.rawJSON(String(value)) : value;
}
