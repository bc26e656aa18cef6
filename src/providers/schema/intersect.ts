// Two schemas for one value as one schema. Exact: what JSON Schema has no single keyword for is a conflict, which is
// named, and for which the first schema's keyword is kept. Parts that both have a schema for become an `allOf` in their
// place, to be merged when the compiler gets there, so that nothing here recurs.
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { isAnything, isKeyword } from "./keywords.ts";
import { toNames } from "../../tool/schema/modern-form.ts";
import { toEntries } from "./context.ts";

export interface Intersection {
  readonly schema: JsonSchema;
  /** Keywords on which the two cannot be joined. */
  readonly conflicts: readonly string[];
}

/** Marks an `allOf` that the tool's schema does not have. */
const MADE: unique symbol = Symbol("made");

/** What is valid under all of `parts`. */
export function makeAllOf(parts: readonly unknown[]): JsonSchema {
  return { allOf: parts, [MADE]: true };
}

export function isMade(schema: JsonSchema): boolean {
  return Object.hasOwn(schema, MADE);
}

type Join = (a: unknown, b: unknown) => { readonly value: unknown } | null;

const CONFLICT = null;
const first: Join = (a) => ({ value: a });
const larger: Join = (a, b) => (areNumbers(a, b) ? { value: Math.max(a as number, b as number) } : CONFLICT);
const smaller: Join = (a, b) => (areNumbers(a, b) ? { value: Math.min(a as number, b as number) } : CONFLICT);
const both: Join = (a, b) => ({ value: toBoth(a, b) });

const JOINS: ReadonlyMap<string, Join> = new Map([
  ...["title", "description", "default", "examples", "$comment", "$id", "$schema", "$anchor"].map(
    (keyword) => [keyword, first] as const,
  ),
  ...["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"].map(
    (keyword) => [keyword, larger] as const,
  ),
  ...["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"].map(
    (keyword) => [keyword, smaller] as const,
  ),
  ...["uniqueItems", "deprecated", "readOnly", "writeOnly"].map(
    (keyword) => [keyword, (a: unknown, b: unknown) => ({ value: a === true || b === true })] as const,
  ),
  ["type", joinTypes],
  ["enum", joinEnums],
  ["required", (a, b) => ({ value: [...new Set([...toNames(a), ...toNames(b)])] })],
  ["$defs", first],
  ["not", (a, b) => ({ value: { anyOf: [a, b] } })],
  ["propertyNames", both],
]);
/** Keywords that mean something together only. */
const GROUPS: readonly (readonly string[])[] = [
  ["contains", "minContains", "maxContains"],
  ["if", "then", "else"],
  ["items", "prefixItems"],
];
const OBJECT = ["properties", "additionalProperties", "patternProperties"];
const OF_ONE_SCHEMA = ["unevaluatedProperties", "unevaluatedItems"];

/** What both `a` and `b` accept, in their modern form and without references and `allOf`. */
export function intersect(a: JsonSchema, b: JsonSchema): Intersection {
  const joined: Record<string, unknown> = { ...a };
  const conflicts: string[] = [];
  const done = new Set<string>(OBJECT);
  for (const group of GROUPS) {
    const inBoth = [a, b].every((schema) => group.some((keyword) => keyword in schema));
    if (!inBoth || group.every((keyword) => isJsonEqual(a[keyword], b[keyword]))) continue;
    for (const keyword of group) done.add(keyword);
    if (group.includes("items") && !("prefixItems" in a) && !("prefixItems" in b)) {
      joined["items"] = toBoth(a["items"], b["items"]);
    } else conflicts.push(group[0] ?? "");
  }
  for (const [keyword, value] of Object.entries(b)) {
    // What a part has not evaluated is another question than what the whole has not.
    if (OF_ONE_SCHEMA.includes(keyword)) conflicts.push(keyword);
    else if (!done.has(keyword)) joinKeyword(joined, keyword, value, conflicts);
  }
  joinObjects(joined, a, b, conflicts);
  return { schema: joined, conflicts };
}

function joinKeyword(joined: Record<string, unknown>, keyword: string, value: unknown, conflicts: string[]): void {
  // Assigned, it would be the prototype.
  if (keyword === "__proto__") return;
  if (!Object.hasOwn(joined, keyword)) joined[keyword] = value;
  else if (!isJsonEqual(joined[keyword], value) && isKeyword(keyword)) {
    const result = JOINS.get(keyword)?.(joined[keyword], value) ?? null;
    if (result === null) conflicts.push(keyword);
    else joined[keyword] = result.value;
  }
}

function joinObjects(joined: Record<string, unknown>, a: JsonSchema, b: JsonSchema, conflicts: string[]): void {
  if (![a, b].every((schema) => OBJECT.some((keyword) => keyword in schema))) {
    for (const keyword of OBJECT) if (keyword in b) joined[keyword] = b[keyword];
    return;
  }
  if ("patternProperties" in a || "patternProperties" in b) joinPatterns(joined, a, b, conflicts);
  else joinMembers(joined, a, b);
}

function joinPatterns(joined: Record<string, unknown>, a: JsonSchema, b: JsonSchema, conflicts: string[]): void {
  joined["patternProperties"] = joinMaps(a["patternProperties"], b["patternProperties"]);
  joined["properties"] = joinMaps(a["properties"], b["properties"]);
  if (!("additionalProperties" in a) && !("additionalProperties" in b)) return;
  // Each one's `additionalProperties` leaves out what its own patterns match.
  conflicts.push("patternProperties");
  delete joined["additionalProperties"];
}

function joinMembers(joined: Record<string, unknown>, a: JsonSchema, b: JsonSchema): void {
  const [ofA, ofB] = [new Map(toEntries(a["properties"])), new Map(toEntries(b["properties"]))];
  const restOfA = a["additionalProperties"] ?? true;
  const restOfB = b["additionalProperties"] ?? true;
  const names = new Set([...ofA.keys(), ...ofB.keys()]);
  const properties = [...names].map(
    (name) => [name, toBoth(ofA.get(name) ?? restOfA, ofB.get(name) ?? restOfB)] as const,
  );
  if ("properties" in a || "properties" in b) joined["properties"] = Object.fromEntries(properties);
  if ("additionalProperties" in a || "additionalProperties" in b) {
    joined["additionalProperties"] = toBoth(restOfA, restOfB);
  }
}

function joinMaps(a: unknown, b: unknown): object {
  const joined = new Map(toEntries(a));
  for (const [name, schema] of toEntries(b)) {
    joined.set(name, joined.has(name) ? toBoth(joined.get(name), schema) : schema);
  }
  return Object.fromEntries(joined);
}

function toBoth(a: unknown, b: unknown): unknown {
  if (a === false || b === false) return false;
  if (isJsonEqual(a, b) || b === true || b === undefined) return a;
  return a === true || a === undefined || isBare(a) ? b : isBare(b) ? a : makeAllOf([a, b]);
}

/** Says nothing at all, not even in a description. */
function isBare(schema: unknown): boolean {
  return isAnything(schema) && (schema === true || Object.keys(schema as object).length === 0);
}

function areNumbers(a: unknown, b: unknown): boolean {
  return typeof a === "number" && typeof b === "number";
}

function joinTypes(a: unknown, b: unknown): { readonly value: unknown } | null {
  const ofA = toList(a);
  const ofB = toList(b);
  const common = ofA.flatMap((type) => {
    if (ofB.includes(type)) return [type];
    if (type === "number" && ofB.includes("integer")) return ["integer"];
    return type === "integer" && ofB.includes("number") ? ["integer"] : [];
  });
  if (common.length === 0) return CONFLICT;
  return { value: common.length === 1 ? common[0] : common };
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function joinEnums(a: unknown, b: unknown): { readonly value: unknown } | null {
  if (!Array.isArray(a) || !Array.isArray(b)) return CONFLICT;
  const common = a.filter((value) => b.some((other) => isJsonEqual(value, other)));
  return common.length === 0 ? CONFLICT : { value: common };
}
