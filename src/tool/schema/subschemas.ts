// Which keywords hold subschemas, and how: the one list that every walk over a schema reads.
import { isSchema } from "./json-type.ts";
import type { JsonSchema } from "./schema.ts";

/** Keywords that hold one subschema. */
export const ONE: ReadonlySet<string> = new Set([
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
  "additionalProperties",
  "additionalItems",
  "unevaluatedProperties",
  "unevaluatedItems",
  "contentSchema",
]);
/** Keywords that hold a list of them. */
export const LIST: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
/** Keywords that hold them by name. */
export const MAP: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);
// One or a list; a map of subschemas or of lists of names.
const EITHER: ReadonlySet<string> = new Set(["items", "dependencies"]);

export interface Subschema {
  readonly schema: JsonSchema;
  /** From the schema that holds it. */
  readonly path: readonly string[];
}

/** The objects directly under `schema` that are subschemas of it; references are not followed. */
export function* subschemasOf(schema: JsonSchema): Generator<Subschema> {
  for (const [keyword, value] of Object.entries(schema)) {
    const isEither = EITHER.has(keyword);
    if ((ONE.has(keyword) || keyword === "items") && isSchema(value)) yield { schema: value, path: [keyword] };
    else if ((LIST.has(keyword) || isEither) && Array.isArray(value)) yield* membersOf(keyword, value.entries());
    else if ((MAP.has(keyword) || isEither) && isSchema(value)) yield* membersOf(keyword, Object.entries(value));
  }
}

function* membersOf(keyword: string, members: Iterable<readonly [string | number, unknown]>): Generator<Subschema> {
  for (const [key, schema] of members) if (isSchema(schema)) yield { schema, path: [keyword, String(key)] };
}
