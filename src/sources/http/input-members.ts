// The arguments of an HTTP tool: the members that its input schema names, all of which have a place in the request. What is
// not named would go nowhere while a model believes it was heard, so the schema is closed.
import type { FieldReader } from "../../tool/publishing/field-reader.ts";
import { describeValue } from "../../tool/schema/describe-value.ts";
import { isSchema, typesOf } from "../../tool/schema/json-type.ts";
import { derefSchema } from "../../tool/schema/resolve-ref.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";

export interface InputMembers {
  /** The schema, closed. */
  readonly input: JsonSchema;
  readonly names: readonly string[];
  readonly required: ReadonlySet<string>;
  /** The types of a member's value as far as its schema says; null when it does not. */
  typesOf(name: string): readonly string[] | null;
  /** The same for the items of a member that is an array. */
  itemTypesOf(name: string): readonly string[] | null;
}

const OPEN = ["additionalProperties", "unevaluatedProperties"];

/** Reads the input schema `value`; undefined is no arguments. */
export function readInputMembers(reader: FieldReader, value: unknown): InputMembers {
  const schema: JsonSchema = isSchema(value) ? value : {};
  refuseOpen(reader, schema);
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly unknown[]) : [];
  const input = value === undefined || isSchema(value) ? close(schema, properties) : (value as JsonSchema);
  const typesAt = (member: unknown): readonly string[] | null => {
    const target = isSchema(member) ? derefSchema(input, member) : undefined;
    return isSchema(target) ? typesOf(target) : null;
  };
  const of = (name: string): unknown => (Object.hasOwn(properties, name) ? properties[name] : undefined);
  return {
    input,
    names: Object.keys(properties),
    required: new Set(required.filter((name): name is string => typeof name === "string")),
    typesOf: (name) => typesAt(of(name)),
    itemTypesOf(name) {
      const member = of(name);
      const target = isSchema(member) ? derefSchema(input, member) : undefined;
      return isSchema(target) ? typesAt(target["items"]) : null;
    },
  };
}

function close(schema: JsonSchema, properties: JsonSchema): JsonSchema {
  return { type: "object", ...schema, properties, additionalProperties: false };
}

function refuseOpen(reader: FieldReader, schema: JsonSchema): void {
  const remedy = "name its members in properties: each has a place in the request, and others are refused";
  for (const keyword of OPEN) {
    const open = schema[keyword];
    if (open === undefined || open === false) continue;
    reader.report(`input.${keyword}`, `received ${describeValue(open)}, expected false or nothing; ${remedy}`);
  }
  if (schema["patternProperties"] !== undefined)
    reader.report("input.patternProperties", `is not accepted at the root; ${remedy}`);
  if (schema["$ref"] !== undefined) reader.report("input.$ref", `is not accepted at the root; ${remedy}`);
}
