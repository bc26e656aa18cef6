// Objects. Where a provider has no optional properties, one that may be left out is required and may be null, and that
// null is taken out on the way back, unless null is a value of the property. An object that says nothing of its
// properties, or has a schema for further ones, is never closed.
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { acceptsNull } from "./accepts-null.ts";
import { hidesPatterns } from "./compile-kept.ts";
import { type Context, toEntries } from "./context.ts";
import { toNames, toTypes } from "../../tool/schema/modern-form.ts";
import { toNullable } from "./nullable.ts";
import type { Parts } from "./parts.ts";
import { isRoot, type Place, toMember, toProperty, toText } from "./place.ts";
import { type Plan, type SchemaObject, toObjectPlan } from "./plan.ts";
import { isAnything } from "./keywords.ts";

interface Members {
  readonly properties: [string, SchemaObject][];
  readonly required: string[];
  readonly drops: Set<string>;
  readonly renames: Map<string, string>;
  readonly members: Map<string, Plan>;
}

/** Adds `properties`, `required` and `additionalProperties`. */
export function compileObject(context: Context, parts: Parts): void {
  const { schema, at } = parts;
  const { closed, propertiesEverywhere } = context.rules;
  if (closed) checkClosed(context, schema, at);
  const found = compileMembers(context, schema, at);
  const isObject = toTypes(schema)?.includes("object") === true;
  if (closed || found.properties.length > 0 || "properties" in schema || (isObject && propertiesEverywhere)) {
    parts.add("properties", Object.fromEntries(found.properties));
  } else if (isRoot(at)) parts.add("properties", {});
  if (found.required.length > 0 || closed) parts.add("required", found.required);
  const rest = compileRest(context, schema, parts);
  const names = new Set(found.properties.map(([name]) => name));
  parts.addPlan(toObjectPlan({ drops: found.drops, renames: found.renames, names, members: found.members, rest }));
}

/** Refuses what closing the object would make another one; tells of what it changes. */
function checkClosed(context: Context, schema: JsonSchema, at: Place): void {
  const { properties, additionalProperties } = schema;
  const names = new Set(toEntries(properties).map(([name]) => name));
  if (additionalProperties === undefined) {
    // `properties: {}` at the root is how people write that there are no arguments; elsewhere it says nothing.
    const says = isRoot(at) ? properties !== undefined : names.size > 0;
    if (!says) context.refuse(`${toText(at)} is an object whose properties are not described`);
  } else if (isAnything(additionalProperties)) context.refuse(`${toText(at)} takes any further properties`);
  else if (additionalProperties !== false) context.refuse(`${toText(at)} is a map: additionalProperties is a schema`);
  const missing = toNames(schema["required"]).find((name) => !names.has(name));
  if (missing !== undefined) {
    context.refuse(`${JSON.stringify(missing)} is required and not described at ${toText(at)}`);
  }
  if (additionalProperties === undefined) {
    context.note(at, "additionalProperties", "rewritten", "closed: only the properties that are named can be sent");
  }
}

function compileMembers(context: Context, schema: JsonSchema, at: Place): Members {
  const needed = new Set(toNames(schema["required"]));
  const found: Members = { properties: [], required: [], drops: new Set(), renames: new Map(), members: new Map() };
  for (const [name, property] of toEntries(schema["properties"])) {
    compileProperty(context, name, property, needed.has(name), at, found);
    needed.delete(name);
  }
  // Required and described by a pattern, if at all.
  for (const name of needed) found.required.push(addName(context, name, toProperty(at, name, true), found));
  return found;
}

/** The name under which the property `name`, at `at`, is sent. */
function addName(context: Context, name: string, at: Place, found: Members): string {
  const wire = context.properties.toWire(name);
  if (wire === name) return name;
  found.renames.set(wire, name);
  context.note(at, "properties", "rewritten", `sent under the name ${wire}`);
  return wire;
}

function compileProperty(
  context: Context,
  name: string,
  property: unknown,
  isRequired: boolean,
  object: Place,
  found: Members,
): void {
  const { rules } = context;
  const at = toProperty(object, name, isRequired);
  if (property === false && !isRequired && (rules.closed || rules.keywords.not !== "keep")) {
    // A closed object refuses it as well.
    context.note(at, "properties", rules.closed ? "rewritten" : "dropped", "a property that nothing fits left out");
    return;
  }
  const wire = addName(context, name, at, found);
  const { schema, plan } = context.node(property, at);
  if (plan !== null) found.members.set(wire, plan);
  if (isRequired || rules.optionals === "null") found.required.push(wire);
  const isSent = isRequired || rules.optionals === "absent";
  found.properties.push([wire, isSent ? schema : widen(context, property, schema, wire, at, found)]);
}

/** `schema` of a property that may be left out, and has to be sent. */
function widen(
  context: Context,
  property: unknown,
  schema: SchemaObject,
  wire: string,
  at: Place,
  found: Members,
): SchemaObject {
  const isNullable = acceptsNull(context.root, property);
  if (isNullable === null) context.refuse(`whether ${toText(at)} may be null cannot be told`);
  if (isNullable) {
    context.note(at, "required", "rewritten", "always sent; null where it is left out, and it stays null");
    return schema;
  }
  found.drops.add(wire);
  context.hasDrops = true;
  context.note(at, "required", "widened", "always sent; null where it is left out, and taken out again");
  return toNullable(schema);
}

/** What is said of members that are not named. */
function compileRest(context: Context, schema: JsonSchema, parts: Parts): Plan | null {
  const { additionalProperties } = schema;
  if (context.rules.closed) {
    parts.add("additionalProperties", false);
    return null;
  }
  if (additionalProperties === undefined) return null;
  if (hidesPatterns(context, schema)) {
    if (!isAnything(additionalProperties)) {
      context.note(parts.at, "additionalProperties", "widened", "further properties may be anything");
    }
    return null;
  }
  if (typeof additionalProperties === "boolean") {
    parts.add("additionalProperties", additionalProperties);
    return null;
  }
  const { schema: compiled, plan } = context.node(additionalProperties, toMember(parts.at, "{}"));
  parts.add("additionalProperties", compiled);
  // Of a member whose name fits a pattern nothing is said here.
  return plan !== null && schema["patternProperties"] !== undefined ? { parts: [plan], isConditional: true } : plan;
}
