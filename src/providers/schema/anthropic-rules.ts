// What Anthropic takes: the subset of its strict tools, and input schemas without it. Its limits hold for a request, all
// strict tools together, and so are no limits of one schema: `cost` says what a schema adds to them.
import { OPENAI_LOOSE, OPENAI_STRICT } from "./openai-rules.ts";
import { type ProviderRules, type SchemaRules, treat } from "./rules.ts";

// The API: "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'".
const PROPERTY_NAMES = /^[a-zA-Z0-9_.-]{1,64}$/;

/** Strict tool use: https://platform.claude.com/docs/en/build-with-claude/structured-outputs. */
const ANTHROPIC_STRICT: SchemaRules = Object.freeze({
  ...OPENAI_STRICT,
  name: "Anthropic, strict",
  keywords: {
    ...OPENAI_STRICT.keywords,
    ...treat("keep", "default"),
    ...treat("describe", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxItems"),
  },
  optionals: "absent",
  formats: new Set([...(OPENAI_STRICT.formats ?? []), "uri"]),
  // Besides looking around: back-references, word boundaries, and repetitions of a hundred and more.
  refusedPatterns: /\(\?<?[=!]|\\[1-9bBk]|\{\d{3,}|,\d{3,}\}/,
  maxMinItems: 1,
  enumCase: "any",
  mixedTypes: true,
  recursion: false,
  propertyNames: PROPERTY_NAMES,
  propertiesEverywhere: false,
  limits: null,
});

/** Input schemas that are not strict: JSON Schema 2020-12 with a plain object at the root. */
const ANTHROPIC_LOOSE: SchemaRules = Object.freeze({
  ...OPENAI_LOOSE,
  name: "Anthropic, not strict",
  keywords: { ...OPENAI_LOOSE.keywords, ...treat("keep", "oneOf", "propertyNames", "unevaluatedItems") },
  enumCase: "any",
  propertyNames: PROPERTY_NAMES,
  propertiesEverywhere: false,
  itemsEverywhere: false,
  notAtRoot: new Set<string>(),
});

export const ANTHROPIC: ProviderRules = Object.freeze({
  name: "Anthropic",
  strict: ANTHROPIC_STRICT,
  loose: ANTHROPIC_LOOSE,
});
