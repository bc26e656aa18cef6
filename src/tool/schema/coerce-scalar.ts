// What a value of the wrong type clearly meant: "5" where an integer is asked, a JSON text where an object is asked.
// Only conversions that lose nothing; whoever calls has made sure that the schema refuses the value as it is.
import { findInexactness } from "../../kernel/exact-number.ts";
import { parseJson } from "../../kernel/parse-json.ts";
import { ExactNumber, markExact } from "./exact-numbers.ts";
import { hasType, typeOf, typesOf } from "./json-type.ts";
import type { JsonSchema } from "./schema.ts";

/** Says that nothing can be made of a value; no JSON value is a symbol. */
export const UNCHANGED: unique symbol = Symbol("unchanged");

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MAX_NUMBER_LENGTH = 1_100;

/**
 * `value` as one of `types`, none of which is its own; `UNCHANGED` when it means none of them. Texts of numbers that a
 * double cannot hold become an `ExactNumber`.
 * @param exactIntegers what "hold" means for integers; see `findInexactness`
 */
export function coerceScalar(value: unknown, types: readonly string[], exactIntegers: boolean): unknown {
  if (typeof value === "string") return coerceText(value, types, exactIntegers);
  if (!types.includes("string")) return UNCHANGED;
  if (typeof value === "boolean") return String(value);
  if (value instanceof ExactNumber) return value.literal;
  // A fraction may have been written otherwise (1.10 is 1.1 by now), and so may -0; a safe integer reads back as itself.
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : UNCHANGED;
}

function coerceText(text: string, types: readonly string[], exactIntegers: boolean): unknown {
  const trimmed = text.trim();
  if (types.includes("null") && trimmed === "null") return null;
  if (types.includes("boolean") && trimmed.length <= 5) {
    const lower = trimmed.toLowerCase();
    if (lower === "true" || lower === "false") return lower === "true";
  }
  const number = hasType(types, "integer") ? coerceNumber(trimmed, types, exactIntegers) : UNCHANGED;
  return number === UNCHANGED ? coerceJson(trimmed, types, exactIntegers) : number;
}

function coerceNumber(text: string, types: readonly string[], exactIntegers: boolean): unknown {
  if (text.length > MAX_NUMBER_LENGTH || !NUMBER.test(text)) return UNCHANGED;
  const kind = findInexactness(text, exactIntegers);
  const number = kind === null ? Number(text) : new ExactNumber(text, kind);
  return hasType(types, typeOf(number)) ? number : UNCHANGED;
}

function coerceJson(text: string, types: readonly string[], exactIntegers: boolean): unknown {
  const first = text.charAt(0);
  const wanted = first === "{" ? "object" : first === "[" ? "array" : null;
  if (wanted === null || !types.includes(wanted)) return UNCHANGED;
  const parsed = parseJson(text, { exactIntegers });
  return parsed.ok ? markExact(parsed.value, parsed.inexact) : UNCHANGED;
}

/** The one text among `schema`'s constants that is `text` but for upper and lower case; `UNCHANGED` when there is none. */
export function coerceCase(text: string, schema: JsonSchema): unknown {
  const constants: readonly unknown[] = Array.isArray(schema["enum"]) ? schema["enum"] : [schema["const"]];
  if (constants.includes(text)) return UNCHANGED;
  const lower = text.toLowerCase();
  const same = constants.filter((constant) => typeof constant === "string" && constant.toLowerCase() === lower);
  return same.length === 1 ? same[0] : UNCHANGED;
}

/** The types a value has to be changed to; null when `schema` may accept its own. */
export function refusedType(schema: JsonSchema, value: unknown): readonly string[] | null {
  const types = typesOf(schema);
  return types === null || hasType(types, typeOf(value)) ? null : types;
}
