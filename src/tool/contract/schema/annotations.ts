// Keywords that refuse no value. Whatever is not known as an assertion is one, as for validators; it is published all the
// same, and models may read it.

const ASSERTIONS: ReadonlySet<string> = new Set([
  ...["type", "enum", "const", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "$ref"],
  ...["properties", "required", "additionalProperties", "patternProperties", "propertyNames"],
  ...["minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"],
  ...["prefixItems", "items", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"],
  ...["unevaluatedItems", "minLength", "maxLength", "format", "pattern"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  // What a text is a coding of is compared as if it were checked.
  ...["contentEncoding", "contentMediaType", "contentSchema"],
  // Spellings of draft-07 and OpenAPI.
  ...["additionalItems", "dependencies", "nullable"],
]);
/** What only says where something is, or how to read the rest. */
const PLUMBING: ReadonlySet<string> = new Set(["$defs", "definitions", "$schema", "$id", "$anchor", "id"]);

/** Whether `keyword` says something to readers alone, or nothing. */
export function isAnnotation(keyword: string): boolean {
  return !ASSERTIONS.has(keyword);
}

/** Whether `keyword` says something to readers. */
export function isText(keyword: string): boolean {
  return !ASSERTIONS.has(keyword) && !PLUMBING.has(keyword);
}
