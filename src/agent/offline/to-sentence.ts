// JSON in plain English: `{ "city": "Oslo", "meanTemperatureC": 17 }` as "city: Oslo; mean temperature C: 17". What is
// too much is left out, and said to be.

const MAX_ITEMS = 5;
const MAX_KEYS = 12;
const MAX_DEPTH = 4;
const MAX_TEXT = 600;
/** Keys that say no more than that something is the result. */
const PLAIN_KEYS = new Set(["result", "value", "output", "answer", "text"]);
const AMOUNTS = ["value", "amount", "quantity", "number"];

/** `value` in words; `known` are names and values that need not be repeated. */
export function toSentence(value: unknown, known: Readonly<Record<string, unknown>> = {}): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return toWords(value, 0);
  const entries = Object.entries(value).filter(([key, member]) => !isKnown(known, key, member));
  const [only] = entries;
  if (only === undefined) return Object.keys(value).length === 0 ? "done" : toEntries(Object.entries(value), 0);
  if (entries.length === 1 && PLAIN_KEYS.has(only[0])) return toWords(only[1], 0);
  return toMeasure(entries) ?? toEntries(entries, 0);
}

/** A key as words: `meanTemperatureC` as `mean temperature C`. */
export function toLabel(key: string): string {
  return key
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replaceAll(/[_.-]+/g, " ")
    .trim()
    .replaceAll(/\b\p{Lu}(?=\p{Ll})/gu, (letter) => letter.toLowerCase());
}

function isKnown(known: Readonly<Record<string, unknown>>, key: string, member: unknown): boolean {
  if (!Object.hasOwn(known, key) || (typeof member === "object" && member !== null)) return false;
  return JSON.stringify(known[key])?.toLowerCase() === JSON.stringify(member)?.toLowerCase();
}

/** `{ value: 6.2, unit: "mile" }` as `6.2 mile`. */
function toMeasure(entries: readonly (readonly [string, unknown])[]): string | null {
  if (entries.length !== 2) return null;
  const unit = entries.find(([key]) => key === "unit" || key === "currency")?.[1];
  const amount = entries.find(([key]) => AMOUNTS.includes(key))?.[1];
  return typeof unit === "string" && typeof amount === "number" ? `${amount} ${unit}` : null;
}

function toEntries(entries: readonly (readonly [string, unknown])[], depth: number): string {
  const shown = entries.slice(0, MAX_KEYS).map(([key, member]) => `${toLabel(key)}: ${toWords(member, depth + 1)}`);
  const more = entries.length - shown.length;
  return `${shown.join(depth === 0 ? "; " : ", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function toWords(value: unknown, depth: number): string {
  if (typeof value === "object" && value !== null) return toCompound(value, depth);
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "string") return JSON.stringify(value) ?? "something";
  return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}… (${value.length} characters)` : value;
}

function toCompound(value: object, depth: number): string {
  if (depth > MAX_DEPTH) return "…";
  if (Array.isArray(value)) return toList(value, depth);
  const entries = Object.entries(value);
  if (entries.length === 0) return "nothing";
  return toMeasure(entries) ?? (depth === 0 ? toEntries(entries, 0) : `(${toEntries(entries, depth)})`);
}

function toList(items: readonly unknown[], depth: number): string {
  if (items.length === 0) return "none";
  const shown = items.slice(0, MAX_ITEMS).map((item) => toWords(item, depth + 1));
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length === 1 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
