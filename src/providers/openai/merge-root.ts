// OpenAI wants a plain object at the root: no reference, no alternatives. Alternatives are merged into one object that
// accepts at least what each of them accepts.
import { isObject } from "../../kernel/json.ts";
import { resolveRef, type SchemaObject } from "./schema-walk.ts";

const MAX_REFS = 16;
const UNIONS = ["anyOf", "oneOf"] as const;
const REFUSED_AT_ROOT = ["enum", "const", "not", "if", "then", "else"] as const;

interface Shape {
  readonly properties: ReadonlyMap<string, readonly unknown[]>;
  readonly required: ReadonlySet<string>;
}

/** `root` as an object without `$ref`, `anyOf`, `oneOf` and `allOf`; `root` itself when there is nothing to do. */
export function mergeRoot(root: SchemaObject, changes: Set<string>): SchemaObject {
  const flat = followRefs(root, root);
  const unions = UNIONS.filter((keyword) => Array.isArray(flat[keyword]));
  const refused = REFUSED_AT_ROOT.filter((keyword) => keyword in flat);
  const parts: Shape[] = [toOwnShape(flat)];
  for (const keyword of unions) parts.push(merge(toBranches(flat[keyword], root), "any"));
  if (Array.isArray(flat["allOf"])) parts.push(merge(toBranches(flat["allOf"], root), "all"));
  if (flat === root && parts.length === 1 && refused.length === 0) return root;

  if (parts.length > 1) changes.add("alternatives at the root merged into one object");
  if (refused.length > 0) changes.add(`${refused.join(", ")} at the root left out`);
  const { properties, required } = merge(parts, "all");
  const gone = new Set<string>([...UNIONS, "allOf", ...REFUSED_AT_ROOT, "properties", "required", "$ref"]);
  const kept = Object.entries(flat).filter(([keyword]) => !gone.has(keyword));
  // A closed root would refuse what its alternatives declare.
  const open = parts.length > 1 ? kept.filter(([keyword]) => keyword !== "additionalProperties") : kept;
  return Object.fromEntries([
    ...open,
    ["type", "object"],
    ["properties", Object.fromEntries([...properties].map(([name, schemas]) => [name, toUnion(schemas)]))],
    ...(required.size > 0 ? [["required", [...required]] as const] : []),
  ]);
}

function followRefs(schema: SchemaObject, root: SchemaObject): SchemaObject {
  let at = schema;
  for (let count = 0; count < MAX_REFS && "$ref" in at; count++) {
    const { $ref, ...siblings } = at;
    const target = resolveRef(root, $ref);
    if (!isObject(target) || target === at) return siblings;
    at = { ...target, ...siblings };
  }
  return at;
}

/** The alternatives as shapes, nested ones merged first. */
function toBranches(alternatives: unknown, root: SchemaObject, depth = 0): readonly Shape[] {
  if (!Array.isArray(alternatives)) return [];
  return alternatives.filter(isObject).map((alternative) => {
    const flat = followRefs(alternative, root);
    const parts = [toOwnShape(flat)];
    if (depth >= MAX_REFS) return merge(parts, "all");
    for (const keyword of UNIONS) {
      if (Array.isArray(flat[keyword])) parts.push(merge(toBranches(flat[keyword], root, depth + 1), "any"));
    }
    if (Array.isArray(flat["allOf"])) parts.push(merge(toBranches(flat["allOf"], root, depth + 1), "all"));
    return merge(parts, "all");
  });
}

function toOwnShape(schema: SchemaObject): Shape {
  const properties = isObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const required = Array.isArray(schema["required"])
    ? schema["required"].filter((name) => typeof name === "string")
    : [];
  return { properties: new Map(properties.map(([name, property]) => [name, [property]])), required: new Set(required) };
}

/** One shape of several: every property of each; required is what all (`any`) or some (`all`) of them require. */
function merge(shapes: readonly Shape[], rule: "any" | "all"): Shape {
  const properties = new Map<string, readonly unknown[]>();
  for (const shape of shapes) {
    for (const [name, schemas] of shape.properties) properties.set(name, [...(properties.get(name) ?? []), ...schemas]);
  }
  const all = new Set(shapes.flatMap((shape) => [...shape.required]));
  const required =
    rule === "all" ? all : new Set([...all].filter((name) => shapes.every((shape) => shape.required.has(name))));
  return { properties, required };
}

/** A schema that accepts what any of `schemas` does. Constants become one enum, which is what a tag of a union is. */
function toUnion(schemas: readonly unknown[]): unknown {
  const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  if (distinct.length === 1) return distinct[0];
  const constants = distinct.map((schema) => (isObject(schema) ? schema["const"] : undefined));
  if (constants.every((constant) => typeof constant === "string")) return { type: "string", enum: constants };
  return { anyOf: distinct };
}
