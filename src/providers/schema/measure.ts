// What a compiled schema takes of a provider's limits, and whether it is within those of one schema.
import { toEntries } from "./context.ts";
import type { SchemaCost } from "./compiled-schema.ts";
import { toNames, toTypes } from "../../tool/schema/modern-form.ts";
import { type Place, ROOT, toDefinition, toMember, toPart, toProperty, toText } from "./place.ts";
import type { SchemaObject } from "./plan.ts";
import type { SchemaLimits } from "./rules.ts";

type Mutable = { -readonly [Field in keyof SchemaCost]: SchemaCost[Field] };

const LISTS = ["anyOf", "oneOf", "allOf", "prefixItems"] as const;
const SINGLES = ["items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"] as const;

export interface Measured {
  readonly cost: SchemaCost;
  /** The deepest place. */
  readonly deepest: Place;
}

export function measure(schema: SchemaObject): Measured {
  const cost: Mutable = { properties: 0, depth: 0, characters: 0, enumValues: 0, optionals: 0, unions: 0 };
  let deepest = ROOT;
  const visit = (one: unknown, at: Place): void => {
    if (typeof one !== "object" || one === null) return;
    if (at.depth > deepest.depth) deepest = at;
    const node = one as SchemaObject;
    addValues(node, cost);
    addProperties(node, cost);
    for (const [name, member] of toEntries(node["properties"])) visit(member, toProperty(at, name, true));
    for (const [name, member] of toEntries(node["$defs"])) {
      cost.characters += name.length;
      visit(member, toDefinition(name, {}));
    }
    for (const [pattern, member] of toEntries(node["patternProperties"])) visit(member, toProperty(at, pattern, true));
    for (const keyword of LISTS) {
      const list: readonly unknown[] = Array.isArray(node[keyword]) ? node[keyword] : [];
      for (const [index, member] of list.entries()) visit(member, toPart(at, `|${index}`));
    }
    for (const keyword of SINGLES) if (keyword in node) visit(node[keyword], toMember(at, "[]"));
  };
  visit(schema, ROOT);
  cost.depth = deepest.depth;
  return { cost: Object.freeze(cost), deepest };
}

function addValues(node: SchemaObject, cost: Mutable): void {
  if ((toTypes(node)?.length ?? 0) > 1 || "anyOf" in node || "oneOf" in node) cost.unions++;
  const values: readonly unknown[] = Array.isArray(node["enum"]) ? node["enum"] : [];
  cost.enumValues += values.length;
  for (const value of "const" in node ? [...values, node["const"]] : values) {
    if (typeof value === "string") cost.characters += value.length;
  }
}

function addProperties(node: SchemaObject, cost: Mutable): void {
  const names = toEntries(node["properties"]).map(([name]) => name);
  if (names.length === 0) return;
  const required = new Set(toNames(node["required"]));
  cost.properties += names.length;
  for (const name of names) {
    cost.characters += name.length;
    if (!required.has(name)) cost.optionals++;
  }
}

/** Which limit is passed, in words; null when none is. */
export function findExcess({ cost, deepest }: Measured, limits: SchemaLimits): string | null {
  const { properties, depth, characters, enumValues } = limits;
  if (cost.depth > depth) return `${toText(deepest)} is nested deeper than ${depth} levels`;
  if (cost.properties > properties) return tooMany(cost.properties, "properties", properties);
  if (cost.enumValues > enumValues) return tooMany(cost.enumValues, "enum values", enumValues);
  if (cost.characters <= characters) return null;
  return tooMany(cost.characters, "characters of names and values", characters);
}

function tooMany(count: number, what: string, limit: number): string {
  return `the schema has ${count} ${what}; at most ${limit} are accepted`;
}
