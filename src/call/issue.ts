// What is wrong with a value, worded so that a model can repair it without knowing our schema library.
import type { JsonValue } from "../kernel/json.ts";

export interface Issue {
  /** Where: keys and indices from the root of the arguments. */
  readonly path: readonly (string | number)[];
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What is accepted, such as `integer from 1 to 10` or `one of "c", "f"`. */
  readonly expected: string;
  /** What came, such as `string "abc"`; shortened. */
  readonly received: string;
  /** What to do, where there is something better than the obvious. */
  readonly hint: string | null;
}

/** A value that was changed because the schema refused it as it was and accepts what it clearly meant. */
export interface Coercion {
  readonly path: readonly (string | number)[];
  readonly from: JsonValue;
  readonly to: JsonValue;
}

/** `["items", 0, "id"]` as `items[0].id`; the root is `arguments`. */
export function formatPath(path: readonly (string | number)[]): string {
  if (path.length === 0) return "arguments";
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (/^[A-Za-z_$][\w$]{0,127}$/.test(key)) return index === 0 ? key : `.${key}`;
      return `[${formatKey(key)}]`;
    })
    .join("");
}

// A name may be a stranger's, a megabyte long, or turn the text around it.
function formatKey(key: string): string {
  const shown = key.length > 128 ? `${key.slice(0, 128)}…` : key;
  return JSON.stringify(shown).replace(
    /[\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
