// For libraries whose schemas validate and cannot say what they accept.
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonSchema } from "./schema.ts";

export interface JsonSchemas {
  /** What the schema takes; needed for a tool's input. 2020-12, or draft-07 when its `$schema` says so. */
  readonly input: JsonSchema;
  /** What the schema gives; needed for a tool's output. @default `input` is not assumed: without it there is none */
  readonly output?: JsonSchema;
}

/** A Standard Schema of the same types that also offers JSON Schema. */
export type WithJsonSchema<S extends StandardSchemaV1> = StandardSchemaV1<
  StandardSchemaV1.InferInput<S>,
  StandardSchemaV1.InferOutput<S>
> &
  StandardJSONSchemaV1<StandardSchemaV1.InferInput<S>, StandardSchemaV1.InferOutput<S>>;

/**
 * Gives a Standard Schema the JSON Schema that its library does not offer:
 * `withJsonSchema(schema, { input: z.toJSONSchema(schema, { io: "input" }) })` for zod/mini. The schema goes on
 * validating; the JSON Schema is what models see. That the two agree is up to the caller.
 */
export function withJsonSchema<S extends StandardSchemaV1>(schema: S, jsonSchemas: JsonSchemas): WithJsonSchema<S> {
  const { input, output } = jsonSchemas;
  const standard = schema["~standard"];
  return {
    "~standard": {
      version: 1,
      vendor: standard.vendor,
      validate: (value, options) => standard.validate(value, options),
      jsonSchema: {
        input: () => ({ ...input }),
        output: () => {
          if (output === undefined) throw new Error("withJsonSchema was given no output JSON Schema");
          return { ...output };
        },
      },
    },
  };
}
