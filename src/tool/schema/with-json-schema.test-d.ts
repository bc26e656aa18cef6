import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expectTypeOf, test } from "vitest";
import * as mini from "zod/mini";
import { defineTool } from "../define-tool.ts";
import type { Tool } from "../definition.ts";
import { withJsonSchema } from "./with-json-schema.ts";

const schema = withJsonSchema(mini.object({ a: mini.prefault(mini.number(), 1) }), { input: { type: "object" } });

test("keeps the types of the schema", () => {
  expectTypeOf<StandardSchemaV1.InferInput<typeof schema>>().toEqualTypeOf<{ a?: number | undefined }>();
  expectTypeOf<StandardSchemaV1.InferOutput<typeof schema>>().toEqualTypeOf<{ a: number }>();
});

test("is a schema for defineTool", () => {
  const tool = defineTool({ name: "t", version: "1.0.0", description: "T.", input: schema, handler: ({ a }) => a });
  expectTypeOf(tool).toEqualTypeOf<Tool<{ a?: number | undefined }, number, unknown>>();
});

test("needs an input JSON Schema", () => {
  // @ts-expect-error input is missing
  withJsonSchema(mini.string(), {});
});
