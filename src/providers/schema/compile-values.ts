// The types of a place and the constants it accepts, in the form a provider takes: several types may have to become
// alternatives, and a list of constants that cannot be sent goes to the description.
import { hasType, typeOf } from "../../tool/schema/json-type.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import type { Context } from "./context.ts";
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { ANNOTATIONS, concerns, isKeyword } from "./keywords.ts";
import { toTypes } from "../../tool/schema/modern-form.ts";
import type { Parts } from "./parts.ts";
import { isRoot, type Place, toText } from "./place.ts";

interface Values {
  /** null: not said, which is every type. */
  readonly types: readonly string[] | null;
  /** Schemas to be sent in place of this one, its annotations aside. */
  readonly alternatives: readonly JsonSchema[] | null;
}

/** Adds `type`, `enum` and `const`. */
export function compileValues(context: Context, schema: JsonSchema, parts: Parts): Values {
  const constants = toConstants(schema);
  const declared = toTypes(schema);
  if (constants === null) return compileTypes(context, schema, declared, parts);
  const fitting = declared === null ? constants : constants.filter((value) => hasType(declared, typeOf(value)));
  if (fitting.length === 0) return compileNoValues(context, schema, declared, parts);
  // As narrow as the constants, but in the words of the schema: a number may have been meant where an integer stands.
  const found = new Set(fitting.map(typeOf));
  if (found.has("number")) found.delete("integer");
  const types = declared?.filter((type) => [...found].some((one) => hasType([type], one))) ?? [...found];
  if (declared === null && !needsTypes(context)) return compileConstants(context, null, types, fitting, parts);
  return compileConstants(context, types, types, fitting, parts);
}

function needsTypes({ rules }: Context): boolean {
  return rules.closed || rules.unknown === "drop";
}

/** The constants that a schema accepts; null: any value. */
function toConstants(schema: JsonSchema): readonly unknown[] | null {
  const values: readonly unknown[] | null = Array.isArray(schema["enum"]) ? schema["enum"] : null;
  if (!Object.hasOwn(schema, "const")) return values;
  return values === null ? [schema["const"]] : values.filter((value) => isJsonEqual(value, schema["const"]));
}

function compileNoValues(context: Context, schema: JsonSchema, types: readonly string[] | null, parts: Parts): Values {
  if (context.rules.closed) context.refuse(`${toText(parts.at)} accepts nothing`);
  if (schema["type"] !== undefined) parts.add("type", schema["type"]);
  for (const keyword of ["enum", "const"] as const) {
    const value = schema[keyword];
    if (value === undefined) continue;
    const isSent = context.rules.keywords[keyword] === "keep" && areListable(context, [value].flat(), parts.at);
    if (isSent) parts.add(keyword, value);
    else parts.describe(keyword);
  }
  return { types, alternatives: null };
}

function compileTypes(context: Context, schema: JsonSchema, types: readonly string[] | null, parts: Parts): Values {
  if (types !== null && !context.rules.mixedTypes && types.filter((type) => type !== "null").length > 1) {
    context.note(parts.at, "type", "rewritten", "several types sent as alternatives");
    return { types, alternatives: types.map((type) => toOneType(schema, type)) };
  }
  if (types !== null) parts.add("type", types.length === 1 ? types[0] : types);
  return { types, alternatives: null };
}

/** What `schema` says of values of `type`. */
function toOneType(schema: JsonSchema, type: string): JsonSchema {
  if (type === "null") return { type };
  const values = toConstants(schema)?.filter((value) => hasType([type], typeOf(value)));
  const entries = Object.entries(schema).filter(
    ([keyword]) =>
      isKeyword(keyword) &&
      !ANNOTATIONS.has(keyword) &&
      concerns(keyword, [type]) &&
      !["type", "enum", "const"].includes(keyword),
  );
  return Object.fromEntries([["type", type], ...(values === undefined ? [] : [["enum", values]]), ...entries]);
}

/** `values`, of the types `found`; `types` is what is sent as `type`, null when nothing is. */
function compileConstants(
  context: Context,
  types: readonly string[] | null,
  found: readonly string[],
  values: readonly unknown[],
  parts: Parts,
): Values {
  const { schema, at } = parts;
  if (!areListable(context, values, at)) {
    parts.describe(schema["enum"] === undefined ? "const" : "enum");
    return compileTypes(context, schema, found, parts);
  }
  const isOnlyNull = found.length === 1 && found[0] === "null";
  if (isOnlyNull && isForeign(context, null)) return compileTypes(context, schema, found, parts);
  if (needsAlternatives(context, values, found, at)) {
    return { types: found, alternatives: found.map((type) => toOneType(schema, type)) };
  }
  checkLargeEnum(context, values, parts);
  if (types !== null) parts.add("type", types.length === 1 ? types[0] : types);
  addConstants(context, values, parts);
  return { types: found, alternatives: null };
}

function isForeign({ rules }: Context, value: unknown): boolean {
  return rules.enumTypes !== null && !rules.enumTypes.has(typeOf(value));
}

/** Whether `values`, null aside, can stand in an enum here. */
function areListable(context: Context, values: readonly unknown[], at: Place): boolean {
  const { rules } = context;
  if (isRoot(at) && rules.notAtRoot.has("enum")) return false;
  // A name in a constant would be the tool's own, beside a property under another.
  if (values.some((value) => context.properties.hasRenames(value)) && !rules.closed) return false;
  const hasForeign = values.some((value) => value !== null && isForeign(context, value));
  if (hasForeign && rules.closed) context.refuse(`an enum with objects or arrays at ${toText(at)}`);
  return !hasForeign && !(rules.maxEnumCharacters !== null && JSON.stringify(values).length > rules.maxEnumCharacters);
}

function needsAlternatives(context: Context, values: readonly unknown[], found: readonly string[], at: Place): boolean {
  if (values.includes(null) && isForeign(context, null)) {
    context.note(at, "enum", "rewritten", "null among constants sent as an alternative");
    return true;
  }
  if (context.rules.mixedTypes || found.filter((type) => type !== "null").length <= 1) return false;
  context.note(at, "type", "rewritten", "several types sent as alternatives");
  return true;
}

function addConstants(context: Context, values: readonly unknown[], parts: Parts): void {
  const { schema, at } = parts;
  const texts = values.filter((value) => typeof value === "string");
  if (texts.length > 0 && context.rules.enumCase === "any") {
    context.hasTexts = true;
    parts.addPlan({ texts });
  }
  if (!Object.hasOwn(schema, "const")) parts.add("enum", values);
  else if (context.rules.keywords.const === "keep") parts.add("const", schema["const"]);
  else {
    parts.add("enum", values);
    context.note(at, "const", "rewritten", "const sent as an enum");
  }
}

function checkLargeEnum(context: Context, values: readonly unknown[], { at }: Parts): void {
  const limit = context.rules.limits?.largeEnum;
  if (limit === undefined || values.length <= limit.values) return;
  const characters = values.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
  if (characters <= limit.characters) return;
  context.refuse(`an enum of ${values.length} values with ${characters} characters at ${toText(at)}`);
}
