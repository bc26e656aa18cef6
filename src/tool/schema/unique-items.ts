// `uniqueItems` in one pass. Ajv compares every object with every other, which takes minutes for the forty thousand that
// fit into one request, and overlooks a repeated "__proto__" among strings.
import type { KeywordDefinition } from "ajv";
import { isObject } from "../../kernel/json.ts";

/** Text that two JSON values share exactly when they are equal: members in order of their names, -0 as 0. */
function toKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toKey).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${toKey(value[name])}`);
  return `{${members.join(",")}}`;
}

/** Whether no two items are equal as JSON values. */
export function hasUniqueItems(items: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    // A primitive is its own key; texts of containers begin with a character that keeps them apart from strings.
    seen.add(
      typeof item === "object" && item !== null ? `\0${toKey(item)}` : typeof item === "string" ? `"${item}` : item,
    );
  }
  return seen.size === items.length;
}

/** Takes the place of Ajv's own keyword. */
export const uniqueItemsKeyword: KeywordDefinition = {
  keyword: "uniqueItems",
  type: "array",
  schemaType: "boolean",
  errors: false,
  validate: (wanted: boolean, items: readonly unknown[]) => !wanted || hasUniqueItems(items),
};
