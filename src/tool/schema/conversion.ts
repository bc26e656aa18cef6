// From a Standard Schema to JSON Schema, once, at registration. What cannot be converted is named with its path and with
// what to write instead.
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { cut } from "./describe-value.ts";
import type { JsonSchema } from "./schema.ts";
import type { SchemaProblem } from "./schema-walk.ts";

export type Side = "input" | "output";
type Convertible = StandardSchemaV1 & StandardJSONSchemaV1;
export type Converted =
  | { readonly ok: true; readonly jsonSchema: JsonSchema }
  | { readonly ok: false; readonly problem: SchemaProblem };

const TARGET = { target: "draft-2020-12" } as const;
const DRAFT_07 = "http://json-schema.org/draft-07/schema#";
const MAX_DEPTH = 16;

/** What libraries say of what they cannot convert, and what to write instead. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/bigint/i, 'use a string of digits, or an integer and exactNumbers: "bigint"'],
  [/\bdate\b/i, "JSON has no dates; use a string in the format date-time (z.iso.datetime(), v.isoTimestamp())"],
  [/\bmap\b/i, "JSON has no maps; use a record"],
  [/\bset\b/i, "JSON has no sets; use an array"],
  [
    /transform|codec|morph|pipe/i,
    "what a transform gives cannot be described; transform in the handler, or end with a plain schema",
  ],
  [
    /custom|instanceof|class|function|symbol|undefined|void|nan/i,
    "use what JSON has: objects, arrays, strings, numbers, booleans and null",
  ],
  [/no output JSON Schema/, "give withJsonSchema an output"],
];

const NO_JSON_SCHEMA =
  "offers no JSON Schema; wrap a Valibot schema with toStandardJsonSchema() of @valibot/to-json-schema, and a zod/mini schema " +
  'with withJsonSchema(schema, { input: z.toJSONSchema(schema, { io: "input" }) })';

function isConvertible(schema: unknown): schema is Convertible {
  const isValue = (typeof schema === "object" && schema !== null) || typeof schema === "function";
  return isValue && typeof (schema as Partial<Convertible>)["~standard"]?.jsonSchema?.input === "function";
}

/** The JSON Schema of what `schema` takes (input) or gives (output). */
export function convert(schema: StandardSchemaV1, side: Side): Converted {
  if (!isConvertible(schema)) {
    return { ok: false, problem: { path: [], message: `the ${schema["~standard"].vendor} schema ${NO_JSON_SCHEMA}` } };
  }
  const { jsonSchema } = schema["~standard"];
  try {
    return { ok: true, jsonSchema: jsonSchema[side](TARGET) };
  } catch (error) {
    const older = convertToDraft07(schema, side);
    if (older !== null) return { ok: true, jsonSchema: older };
    const { path, reason } = locateCause(schema, side, error, 0);
    const remedy =
      REMEDIES.find(([pattern]) => pattern.test(reason))?.[1] ?? "use what JSON Schema can express, or withJsonSchema";
    return {
      ok: false,
      problem: { path, message: `cannot be expressed as JSON Schema: ${cut(reason, 200)}; ${remedy}` },
    };
  }
}

/** For libraries that offer no 2020-12. */
function convertToDraft07(schema: Convertible, side: Side): JsonSchema | null {
  try {
    const converted = schema["~standard"].jsonSchema[side]({ target: "draft-07" });
    return { $schema: DRAFT_07, ...converted };
  } catch {
    return null;
  }
}

/** The innermost property that fails by itself. Libraries that keep their properties in `shape` (Zod) can be asked. */
function locateCause(
  schema: Convertible,
  side: Side,
  error: unknown,
  depth: number,
): { path: (string | number)[]; reason: string } {
  const { shape } = schema as { shape?: unknown };
  if (typeof shape === "object" && shape !== null && depth < MAX_DEPTH) {
    for (const [key, member] of Object.entries(shape)) {
      if (!isConvertible(member)) continue;
      try {
        member["~standard"].jsonSchema[side](TARGET);
      } catch (inner) {
        const found = locateCause(member, side, inner, depth + 1);
        return { path: ["properties", key, ...found.path], reason: found.reason };
      }
    }
  }
  return { path: [], reason: error instanceof Error ? error.message : String(error) };
}
