// What the keywords of one schema say by themselves, without those that lead to other schemas for the same value.
import { toCanonicalJson } from "../../../kernel/canonical-json.ts";
import { isObject } from "../../../kernel/json.ts";
import { getOwn } from "../../../kernel/own.ts";
import type { JsonType } from "../../schema/json-type.ts";
import { toNames, toTypes } from "../../schema/modern-form.ts";
import type { JsonSchema } from "../../schema/schema.ts";
import { ANY_ATOM, type Atom, EVERY_TYPE, toPossible } from "./atom.ts";
import type { SchemaDocument } from "./document.ts";
import {
  ANY_LIST,
  ANY_MEMBERS,
  ANY_NUMBER,
  ANY_TEXT,
  type ListFacet,
  type MemberFacet,
  type MemberPart,
  type NumberFacet,
  type TextFacet,
} from "./facets.ts";
import { toLiterals } from "./literal-pattern.ts";
import { toNamePart } from "./name-part.ts";

const MANY = Number.POSITIVE_INFINITY;
/** Formats of numbers; every other one is of texts. */
const NUMBER_FORMATS: ReadonlySet<string> = new Set(["int32", "int64", "float", "double", "decimal"]);
const NUMBER_KEYWORDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const CODINGS = ["contentEncoding", "contentMediaType", "contentSchema"] as const;
const TEXT_KEYWORDS = ["minLength", "maxLength", "pattern", ...CODINGS];
const LIST_KEYWORDS = ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"];
const MEMBER_KEYWORDS = [
  ...["properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties"],
  ...["propertyNames", "dependentRequired"],
];

/** `schema`, in its modern form, as an atom; null when nothing fits. */
export function toBaseAtom(schema: JsonSchema, document: SchemaDocument): Atom | null {
  const types = toTypes(schema);
  const has = (keywords: readonly string[]): boolean => keywords.some((keyword) => keyword in schema);
  const hasFormat = typeof schema["format"] === "string";
  const atom: Atom = {
    types: types === null ? EVERY_TYPE : new Set(types as readonly JsonType[]),
    values: toValues(schema, types),
    numbers: hasFormat || has(NUMBER_KEYWORDS) ? toNumbers(schema) : ANY_NUMBER,
    texts: hasFormat || has(TEXT_KEYWORDS) ? toTexts(schema) : ANY_TEXT,
    lists: has(LIST_KEYWORDS) ? toLists(schema, document) : ANY_LIST,
    members: has(MEMBER_KEYWORDS) ? toMembers(schema, document) : ANY_MEMBERS,
    nots: [],
    residues: [],
  };
  return isAny(atom) ? ANY_ATOM : toPossible(atom);
}

function isAny({ types, values, numbers, texts, lists, members }: Atom): boolean {
  if (types !== EVERY_TYPE || values !== null || numbers !== ANY_NUMBER) return false;
  return texts === ANY_TEXT && lists === ANY_LIST && members === ANY_MEMBERS;
}

function toValues(schema: JsonSchema, types: readonly string[] | null): readonly unknown[] | null {
  const listed: unknown = schema["enum"];
  if (Object.hasOwn(schema, "const")) return [schema["const"]];
  if (Array.isArray(listed)) return listed as readonly unknown[];
  const isText = types?.length === 1 && types[0] === "string";
  return isText && typeof schema["pattern"] === "string" ? toLiterals(schema["pattern"]) : null;
}

function toNumber(schema: JsonSchema, keyword: string, fallback: number): number {
  const value = schema[keyword];
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

function toNumbers(schema: JsonSchema): NumberFacet {
  const [min, open] = [toNumber(schema, "minimum", -MANY), toNumber(schema, "exclusiveMinimum", -MANY)];
  const [max, openMax] = [toNumber(schema, "maximum", MANY), toNumber(schema, "exclusiveMaximum", MANY)];
  const format = schema["format"];
  const multiple = toNumber(schema, "multipleOf", 0);
  return {
    min: Math.max(min, open),
    minOpen: open >= min && open !== -MANY,
    max: Math.min(max, openMax),
    maxOpen: openMax <= max && openMax !== MANY,
    multiples: multiple > 0 ? [multiple] : [],
    formats: typeof format === "string" && NUMBER_FORMATS.has(format) ? [format] : [],
  };
}

function toTexts(schema: JsonSchema): TextFacet {
  const { pattern, format } = schema;
  const codings = CODINGS.filter((keyword) => keyword in schema).map(
    (keyword) => `${keyword}: ${toCanonicalJson(schema[keyword])}`,
  );
  return {
    min: toNumber(schema, "minLength", 0),
    max: toNumber(schema, "maxLength", MANY),
    patterns: typeof pattern === "string" ? [pattern] : [],
    formats: typeof format === "string" && !NUMBER_FORMATS.has(format) ? [format] : [],
    codings,
  };
}

function toLists(schema: JsonSchema, document: SchemaDocument): ListFacet {
  const { items, prefixItems, contains } = schema;
  const prefix = Array.isArray(prefixItems) ? prefixItems.map((item) => document.toNode(item)) : [];
  const hasParts = prefix.length > 0 || items !== undefined;
  const least = toNumber(schema, "minContains", 1);
  const most = toNumber(schema, "maxContains", MANY);
  return {
    parts: hasParts ? [{ prefix, rest: document.toNode(items) }] : [],
    min: toNumber(schema, "minItems", 0),
    max: toNumber(schema, "maxItems", MANY),
    unique: schema["uniqueItems"] === true,
    contains: contains === undefined ? [] : [{ node: document.toNode(contains), min: least, max: most }],
  };
}

function toMembers(schema: JsonSchema, document: SchemaDocument): MemberFacet {
  const { propertyNames, dependentRequired } = schema;
  const parts: MemberPart[] = [];
  const own = toPart(schema, document);
  if (own !== null) parts.push(own);
  const named = propertyNames === undefined ? null : toNamePart(propertyNames, document);
  if (named !== null) parts.push(named);
  return {
    parts,
    required: new Set(toNames(schema["required"])),
    min: toNumber(schema, "minProperties", 0),
    max: toNumber(schema, "maxProperties", MANY),
    names: propertyNames === undefined || named !== null ? [] : [document.toNode(propertyNames)],
    together: isObject(dependentRequired)
      ? Object.entries(dependentRequired).map(([name, needed]) => [name, toNames(needed)] as const)
      : [],
  };
}

function toPart(schema: JsonSchema, document: SchemaDocument): MemberPart | null {
  const { properties, patternProperties, additionalProperties } = schema;
  if (properties === undefined && patternProperties === undefined && additionalProperties === undefined) return null;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : [];
  return {
    isListing: isObject(properties),
    properties: new Map(names.map((name) => [name, document.toNode(getOwn(properties as JsonSchema, name))])),
    patterns: patterns.map(([pattern, member]) => [pattern, document.toNode(member)] as const),
    rest: additionalProperties === undefined ? null : document.toNode(additionalProperties),
  };
}
