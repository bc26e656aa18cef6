// Names of types that people write and JSON Schema does not know: misspelt, or from Python, Java and TypeScript.
import { findNearest } from "../../kernel/nearest.ts";
import { describeValue } from "./describe-value.ts";
import { JSON_TYPES } from "./json-type.ts";

const KNOWN: ReadonlySet<string> = new Set(JSON_TYPES);
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["dict", "object"],
  ["hashmap", "object"],
  ["map", "object"],
  ["struct", "object"],
  ["record", "object"],
  ["float", "number"],
  ["double", "number"],
  ["decimal", "number"],
  ["int", "integer"],
  ["int32", "integer"],
  ["int64", "integer"],
  ["long", "integer"],
  ["bigint", "integer"],
  ["str", "string"],
  ["char", "string"],
  ["text", "string"],
  ["date", "string"],
  ["datetime", "string"],
  ["bool", "boolean"],
  ["list", "array"],
  ["tuple", "array"],
  ["set", "array"],
  ["arraylist", "array"],
  ["none", "null"],
  ["nil", "null"],
  ["undefined", "null"],
  ["void", "null"],
]);

/** What is wrong with a value of `type`, other than an array; null when it is a type. */
export function findTypeProblem(type: unknown): string | null {
  if (typeof type === "string" && KNOWN.has(type)) return null;
  const accepted = `expected one of ${JSON_TYPES.join(", ")}`;
  if (typeof type !== "string") return `received ${describeValue(type)}, ${accepted}`;
  const lower = type.toLowerCase();
  if (lower === "any" || lower === "unknown" || lower === "") {
    return `received ${describeValue(type)}, ${accepted}; leave type out where every value is accepted`;
  }
  const nearest = KNOWN.has(lower) ? lower : (FOREIGN.get(lower) ?? findNearest(type, JSON_TYPES, 1)[0]);
  return `received ${describeValue(type)}, ${accepted}${nearest === undefined ? "" : `; did you mean "${nearest}"?`}`;
}
