// A tool's input schema in the form that OpenAI accepts without strict mode. Every change only widens what a model may
// send; the registry validates with the original.
import { isObject } from "../../kernel/json.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { mergeRoot } from "./merge-root.ts";
import { mapSchemas, resolveRef, type SchemaObject } from "./schema-walk.ts";

export interface Parameters {
  readonly schema: SchemaObject;
  /** What was changed, for a person. */
  readonly changes: readonly string[];
}

const DROPPED = new Set(["$schema", "$id", "$comment"]);

/** `schema` with an object at its root and no keyword that the API refuses. */
export function toParameters(schema: JsonSchema): Parameters {
  const changes = new Set<string>();
  const root = mergeRoot(schema, changes);
  const cleaned = clean(root, changes);
  const closed = root === schema ? cleaned : dropDangling(cleaned, cleaned, changes);
  const properties = isObject(closed["properties"]) ? closed["properties"] : {};
  return { schema: { ...closed, type: "object", properties }, changes: [...changes] };
}

function clean(schema: SchemaObject, changes: Set<string>): SchemaObject {
  const entries: [string, unknown][] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (DROPPED.has(keyword)) continue;
    if (keyword === "propertyNames") {
      if (!isAnyString(value)) changes.add("propertyNames left out");
      continue;
    }
    const inner = mapSchemas(keyword, value, (member) => clean(member, changes));
    if (keyword === "oneOf") {
      changes.add("oneOf sent as anyOf");
      entries.push("anyOf" in schema ? ["allOf", [...toList(schema["allOf"]), { anyOf: inner }]] : ["anyOf", inner]);
    } else if (keyword === "$ref" && typeof value === "string") {
      entries.push([keyword, value.replaceAll("/oneOf/", "/anyOf/")]);
    } else if (keyword !== "allOf" || !("oneOf" in schema && "anyOf" in schema)) {
      entries.push([keyword, inner]);
    }
  }
  return Object.fromEntries(entries);
}

function isAnyString(schema: unknown): boolean {
  return isObject(schema) && schema["type"] === "string" && Object.keys(schema).length === 1;
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Merging the root moves schemas; what pointed into them accepts anything from here on. */
function dropDangling(schema: SchemaObject, root: SchemaObject, changes: Set<string>): SchemaObject {
  if ("$ref" in schema && resolveRef(root, schema["$ref"]) === undefined) {
    changes.add("a reference into the root's alternatives accepts anything");
    return {};
  }
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      mapSchemas(keyword, value, (member) => dropDangling(member, root, changes)),
    ]),
  );
}
