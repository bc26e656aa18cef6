// A keyword in words, for the description of its place, where a provider has no other way to say it. Short, the same each
// time, and for a model: the registry checks the keyword itself.
import { isObject } from "../../kernel/json.ts";
import { describeSchema } from "../../tool/schema/describe-schema.ts";
import { cut } from "../../tool/schema/describe-value.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import type { Keyword } from "./keywords.ts";
import { toNames } from "../../tool/schema/modern-form.ts";
import { isAnything } from "./keywords.ts";

const MAX_VALUE = 200;
/** Characters of a list of constants, which is told whole up to here. */
const MAX_VALUES = 16_000;
const MAX_NAMES = 12;

type Words = (value: unknown, schema: JsonSchema, root: JsonSchema) => string | null;

/** `schema` in words; where words would say little, as it is. */
function say(schema: unknown, root: JsonSchema): string {
  const words = describeSchema(schema, root);
  return /^(?:object|any value)/.test(words) ? json(schema) : words;
}

/** `at least 1 character`; null without a count. */
function least(value: unknown, unit: string): string | null {
  return typeof value === "number" ? `At least ${toCount(value, unit)}.` : null;
}

function most(value: unknown, unit: string): string | null {
  return typeof value === "number" ? `At most ${toCount(value, unit)}.` : null;
}

function bound(words: string, value: unknown): string | null {
  return typeof value === "number" ? `${words} ${value}.` : null;
}

function toCount(count: number, unit: string): string {
  const plural = unit === "property" ? "properties" : `${unit}s`;
  return `${count} ${count === 1 ? unit : plural}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => JSON.stringify(cut(name, 64)));
  return names.length > MAX_NAMES ? `${shown.join(", ")} and ${names.length - MAX_NAMES} more` : shown.join(", ");
}

function json(value: unknown): string {
  return cut(JSON.stringify(value), MAX_VALUE);
}

function each(value: unknown, words: (name: string, member: unknown) => string): string | null {
  if (!isObject(value)) return null;
  const sentences = Object.entries(value)
    .slice(0, MAX_NAMES)
    .map(([name, member]) => words(name, member));
  return sentences.length === 0 ? null : sentences.join(" ");
}

const WORDS: Partial<Record<Keyword, Words>> = {
  minLength: (value) => (value === 0 ? null : least(value, "character")),
  maxLength: (value) => most(value, "character"),
  minItems: (value) => (value === 0 ? null : least(value, "item")),
  maxItems: (value) => most(value, "item"),
  minProperties: (value) => (value === 0 ? null : least(value, "property")),
  maxProperties: (value) => most(value, "property"),
  minimum: (value) => bound("At least", value),
  maximum: (value) => bound("At most", value),
  exclusiveMinimum: (value) => bound("Over", value),
  exclusiveMaximum: (value) => bound("Under", value),
  multipleOf: (value) => bound("A multiple of", value),
  pattern: (value) => (typeof value === "string" ? `Matches the pattern \`${cut(value, MAX_VALUE)}\`.` : null),
  format: (value) => (typeof value === "string" ? `Format: ${cut(value, 64)}.` : null),
  contentEncoding: (value) => (typeof value === "string" ? `Encoded as ${cut(value, 64)}.` : null),
  contentMediaType: (value) => (typeof value === "string" ? `Media type: ${cut(value, 64)}.` : null),
  uniqueItems: (value) => (value === true ? "No two items are equal." : null),
  contains: describeContains,
  propertyNames: (value, _schema, root) => `Each name is ${describeSchema(value, root)}.`,
  patternProperties: (value, _schema, root) =>
    each(value, (name, member) => `Members whose names match ${cut(name, 64)}: ${say(member, root)}.`),
  dependentRequired: (value) =>
    each(value, (name, needed) => `With ${JSON.stringify(name)} also ${list(toNames(needed))}.`),
  dependentSchemas: (value, _schema, root) =>
    each(value, (name, member) => `With ${JSON.stringify(name)}: ${say(member, root)}.`),
  unevaluatedProperties: (value, _schema, root) => describeOthers("members", value, root),
  unevaluatedItems: (value, _schema, root) => describeOthers("items", value, root),
  not: (value, _schema, root) => `Not ${say(value, root)}.`,
  if: describeCondition,
  default: (value) => `Default: ${json(value)}.`,
  examples: (value) =>
    Array.isArray(value) && value.length > 0
      ? `Examples: ${cut(value.map((one) => json(one)).join(", "), MAX_VALUE)}.`
      : null,
  deprecated: (value) => (value === true ? "Deprecated." : null),
  enum: describeValues,
  const: (value) => `Always ${json(value)}.`,
};

function describeValues(value: unknown): string | null {
  if (!Array.isArray(value)) return null;
  const shown: string[] = [];
  let length = 0;
  for (const one of value) {
    const text = json(one);
    length += text.length + 2;
    if (length > MAX_VALUES && shown.length > 0) break;
    shown.push(text);
  }
  const more = value.length - shown.length;
  return `One of ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

function describeOthers(unit: "members" | "items", value: unknown, root: JsonSchema): string | null {
  if (value === false) return `No other ${unit}.`;
  return isAnything(value) ? null : `Other ${unit} are each ${say(value, root)}.`;
}

function describeContains(value: unknown, schema: JsonSchema, root: JsonSchema): string | null {
  const { minContains, maxContains } = schema;
  const words = say(value, root);
  const count = typeof minContains === "number" ? minContains : 1;
  const bounds = [
    ...(count > 0 ? [`at least ${toCount(count, "item")}`] : []),
    ...(typeof maxContains === "number" ? [`at most ${toCount(maxContains, "item")}`] : []),
  ];
  return bounds.length === 0 ? null : `Holds ${bounds.join(" and ")} of this form: ${words}.`;
}

function describeCondition(value: unknown, schema: JsonSchema, root: JsonSchema): string | null {
  const parts = [
    ...(schema["then"] === undefined ? [] : [`then ${say(schema["then"], root)}`]),
    ...(schema["else"] === undefined ? [] : [`otherwise ${say(schema["else"], root)}`]),
  ];
  return parts.length === 0 ? null : `If ${say(value, root)}, ${parts.join(", ")}.`;
}

/** What `keyword` of `schema` says; null when it refuses nothing, or is told with another keyword. */
export function describeKeyword(keyword: Keyword, schema: JsonSchema, root: JsonSchema): string | null {
  return WORDS[keyword]?.(schema[keyword], schema, root) ?? null;
}

/** `description` and what is added to it. */
export function toDescription(description: unknown, sentences: readonly string[]): string | undefined {
  const own = typeof description === "string" ? description.trim() : "";
  if (sentences.length === 0) return typeof description === "string" ? description : undefined;
  const end = own === "" || /[.!?:;…)]$/u.test(own) ? "" : ".";
  return [`${own}${end}`, ...sentences].filter((part) => part !== "").join(" ");
}
