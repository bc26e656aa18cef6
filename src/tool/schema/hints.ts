// What to do about an issue, where there is something better than the obvious.
import { findNearest } from "../../kernel/nearest.ts";
import { describeSchema } from "./describe-schema.ts";
import { cut, quote } from "./describe-value.ts";
import { isSchema, typeOf } from "./json-type.ts";
import { derefSchema } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";

const MAX_NAMES = 12;

/** The names of the properties that `schema` describes. */
export function propertyNames(schema: unknown): readonly string[] {
  return isSchema(schema) && isSchema(schema["properties"]) ? Object.keys(schema["properties"]) : [];
}

/** For a property that is missing from `object`: what to add, or which misspelt one to rename. */
export function hintMissing(name: string, schema: unknown, object: unknown, parent: unknown, root: JsonSchema): string {
  const known = propertyNames(parent);
  const unknown =
    typeOf(object) === "object" ? Object.keys(object as object).filter((key) => !known.includes(key)) : [];
  const [misspelt] = findNearest(name, unknown.slice(0, 100), 1);
  if (misspelt !== undefined) return `rename ${quote(misspelt)} to ${quote(name)}`;
  const description =
    isSchema(schema) && typeof schema["description"] === "string" ? ` (${cut(schema["description"], 100)})` : "";
  return `add it: ${describeSchema(schema ?? true, root)}${description}`;
}

/** For a property that `parent` does not know. */
export function hintUnknown(name: string, parent: unknown): string {
  const known = propertyNames(parent);
  if (known.length === 0) return "leave it out; no properties are accepted here";
  const [nearest] = findNearest(name, known, 1);
  if (nearest !== undefined) return `did you mean ${quote(nearest)}`;
  const shown = known
    .slice(0, MAX_NAMES)
    .map((key) => quote(key, 40))
    .join(", ");
  return `leave it out; accepted here: ${shown}${known.length > MAX_NAMES ? ", …" : ""}`;
}

/** For a value that is none of the constants `schema` accepts: the nearest of them. */
export function hintConstant(value: unknown, schema: unknown, root: JsonSchema): string | null {
  const target = isSchema(schema) ? derefSchema(root, schema) : undefined;
  if (!isSchema(target) || typeof value !== "string" || !Array.isArray(target["enum"])) return null;
  const texts = target["enum"].filter((constant): constant is string => typeof constant === "string");
  if (texts.includes(value)) return null;
  const [nearest] = findNearest(value, texts, 1);
  return nearest === undefined ? null : `did you mean ${quote(nearest)}`;
}
