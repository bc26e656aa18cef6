// Outputs of tools as JSON: whole, also where numbers are exact and JavaScript's own text refuses them.
// Raw JSON text (ECMAScript 2026), which the compiler's library does not declare yet.
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON text. Integers beyond a double are written out. Throws a TypeError for what is no JSON in any way. */
export function toJsonBody(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_key, member: unknown) =>
      typeof member === "bigint" ? rawJSON(String(member)) : member,
    );
  }
}
