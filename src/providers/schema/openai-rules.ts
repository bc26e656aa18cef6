// What OpenAI takes: the subset of its strict mode, and what function parameters may be without it. One keyword outside
// makes the API refuse the whole request, so in doubt a keyword is not sent.
import { type ProviderRules, type SchemaRules, treat } from "./rules.ts";

/** Structured Outputs for functions: https://developers.openai.com/api/docs/guides/structured-outputs. */
export const OPENAI_STRICT: SchemaRules = Object.freeze({
  name: "OpenAI, strict",
  keywords: {
    ...treat("keep", "$ref", "$defs", "type", "enum", "const", "anyOf", "title", "description"),
    ...treat("keep", "properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    ...treat("keep", "pattern", "format"),
    ...treat("keep", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    ...treat("rewrite", "oneOf", "allOf"),
    ...treat("describe", "minLength", "maxLength", "contentEncoding", "contentMediaType"),
    ...treat("describe", "uniqueItems", "contains", "minContains", "maxContains"),
    ...treat("describe", "propertyNames", "minProperties", "maxProperties", "default", "examples", "deprecated"),
    ...treat("refuse", "not", "if", "then", "else", "patternProperties", "dependentRequired", "dependentSchemas"),
    ...treat("refuse", "unevaluatedProperties", "unevaluatedItems", "prefixItems"),
    ...treat("drop", "readOnly", "writeOnly", "contentSchema", "$schema", "$id", "$anchor", "$comment"),
  },
  unknown: "drop",
  closed: true,
  optionals: "null",
  formats: new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]),
  refusedPatterns: /\(\?<?[=!]/,
  maxMinItems: null,
  enumTypes: new Set(["string", "number", "integer", "boolean", "null"] as const),
  maxEnumCharacters: null,
  enumCase: "exact",
  mixedTypes: false,
  refs: "anywhere",
  recursion: true,
  propertyNames: null,
  propertiesEverywhere: true,
  itemsEverywhere: true,
  notAtRoot: new Set<string>(),
  limits: {
    properties: 5_000,
    depth: 10,
    characters: 120_000,
    enumValues: 1_000,
    largeEnum: { values: 250, characters: 15_000 },
  },
});

/** Function parameters without strict mode: any JSON Schema but for what the API is known to refuse all the same. */
export const OPENAI_LOOSE: SchemaRules = Object.freeze({
  name: "OpenAI, not strict",
  keywords: {
    ...OPENAI_STRICT.keywords,
    ...treat("keep", "allOf", "not", "if", "then", "else", "minLength", "maxLength"),
    ...treat("keep", "contentEncoding", "contentMediaType"),
    ...treat("keep", "patternProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    ...treat("keep", "minProperties", "maxProperties", "prefixItems"),
    ...treat("describe", "unevaluatedItems"),
    ...treat("keep", "uniqueItems", "contains", "minContains", "maxContains"),
    ...treat("keep", "default", "examples", "deprecated", "readOnly", "writeOnly"),
  },
  unknown: "keep",
  closed: false,
  optionals: "absent",
  formats: null,
  refusedPatterns: null,
  maxMinItems: null,
  enumTypes: null,
  maxEnumCharacters: null,
  enumCase: "exact",
  mixedTypes: true,
  refs: "anywhere",
  recursion: true,
  propertyNames: null,
  propertiesEverywhere: true,
  itemsEverywhere: true,
  notAtRoot: new Set(["enum", "const", "not", "if", "then", "else"]),
  limits: null,
});

export const OPENAI: ProviderRules = Object.freeze({ name: "OpenAI", strict: OPENAI_STRICT, loose: OPENAI_LOOSE });
