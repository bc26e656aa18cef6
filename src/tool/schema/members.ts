// Which subschemas speak of a member of an object or an item of an array.
import { getOwn } from "../../kernel/own.ts";
import { isSchema } from "./json-type.ts";
import { compilePattern } from "./pattern.ts";
import type { JsonSchema } from "./schema.ts";

/** The subschemas of `schema` itself (without those of its branches and references) for the member `key`. */
export function subschemasOf(schema: JsonSchema, key: string | number): readonly unknown[] {
  return typeof key === "number" ? itemSchemas(schema, key) : propertySchemas(schema, key);
}

function propertySchemas(schema: JsonSchema, key: string): readonly unknown[] {
  const { properties, patternProperties, additionalProperties } = schema;
  const found: unknown[] = [];
  const own = isSchema(properties) ? getOwn(properties, key) : undefined;
  if (own !== undefined) found.push(own);
  if (isSchema(patternProperties)) {
    for (const [pattern, subschema] of Object.entries(patternProperties)) {
      const compiled = compilePattern(pattern);
      // A pattern that cannot be judged may match, and then `additionalProperties` does not speak of this member.
      if (!compiled.ok) return found;
      if (compiled.matcher.test(key)) found.push(subschema);
    }
  }
  if (found.length === 0 && additionalProperties !== undefined) found.push(additionalProperties);
  return found;
}

function itemSchemas(schema: JsonSchema, index: number): readonly unknown[] {
  const { items, prefixItems, additionalItems } = schema;
  if (Array.isArray(prefixItems) && index < prefixItems.length) return [prefixItems[index]];
  // Draft-07 writes tuples as an array of items.
  if (Array.isArray(items)) return [index < items.length ? items[index] : additionalItems];
  return items === undefined ? [] : [items];
}
