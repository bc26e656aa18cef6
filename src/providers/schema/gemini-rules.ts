// What Gemini takes in `parametersJsonSchema`: the keywords listed for JSON Schemas of its API. What is not listed is
// ignored or refused, depending on the model, and so is not sent.
import { OPENAI_LOOSE } from "./openai-rules.ts";
import { type ProviderRules, type SchemaRules, treat } from "./rules.ts";

/** `parametersJsonSchema` of a function declaration; the keywords are those documented for `responseJsonSchema`. */
const GEMINI_RULES: SchemaRules = Object.freeze({
  ...OPENAI_LOOSE,
  name: "Gemini",
  keywords: {
    ...treat("keep", "$ref", "$defs", "type", "enum", "anyOf", "title", "description", "format"),
    ...treat("keep", "properties", "required", "additionalProperties"),
    ...treat("keep", "items", "prefixItems", "minItems", "maxItems", "minimum", "maximum"),
    ...treat("rewrite", "const", "oneOf", "allOf", "exclusiveMinimum", "exclusiveMaximum"),
    ...treat("describe", "not", "if", "then", "else", "patternProperties", "propertyNames"),
    ...treat("describe", "minProperties", "maxProperties", "dependentRequired", "dependentSchemas"),
    ...treat("describe", "unevaluatedProperties", "unevaluatedItems", "uniqueItems"),
    ...treat("describe", "contains", "minContains", "maxContains"),
    ...treat("describe", "minLength", "maxLength", "pattern", "multipleOf", "contentEncoding", "contentMediaType"),
    ...treat("describe", "default", "examples", "deprecated"),
    ...treat("drop", "readOnly", "writeOnly", "contentSchema", "$schema", "$id", "$anchor", "$comment"),
  },
  unknown: "drop",
  enumTypes: new Set(["string", "number", "integer"] as const),
  // One project measured that 90 identifiers pass and 93 fail; nothing is documented.
  maxEnumCharacters: 2_000,
  refs: "optional",
  propertyNames: /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/,
  propertiesEverywhere: false,
  notAtRoot: new Set(["enum", "const"]),
});

export const GEMINI: ProviderRules = Object.freeze({ name: "Gemini", strict: null, loose: GEMINI_RULES });
