// What holds of every compiled schema, whatever the tool's schema: values get through and come back, strict forms are in
// the published subsets, and nothing that a stranger writes as a schema makes the compiler throw or go on for ever.
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { toStrictJsonSchema } from "openai/lib/transform";
import { describe, expect, test } from "vitest";
import { ANTHROPIC } from "../../src/providers/schema/anthropic-rules.ts";
import { compileSchema } from "../../src/providers/schema/compile-schema.ts";
import type { CompiledSchema } from "../../src/providers/schema/compiled-schema.ts";
import { GEMINI } from "../../src/providers/schema/gemini-rules.ts";
import { OPENAI } from "../../src/providers/schema/openai-rules.ts";
import type { ProviderRules } from "../../src/providers/schema/rules.ts";
import { cases, schemas } from "./schema-cases.ts";
import { hostile } from "./schema-hostile.ts";
import { findAnthropicProblem, findOpenAiProblem } from "./strict-subsets.ts";
import { toSent } from "./to-sent.ts";

const FORMS: readonly (readonly [string, ProviderRules, boolean])[] = [
  ["OpenAI, strict", OPENAI, true],
  ["OpenAI, not strict", OPENAI, false],
  ["Anthropic, strict", ANTHROPIC, true],
  ["Anthropic, not strict", ANTHROPIC, false],
  ["Gemini", GEMINI, true],
];

function toValidator(schema: object): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, ownProperties: true });
  formats.default(ajv);
  return ajv.compile(structuredClone(schema)) as (value: unknown) => boolean;
}

describe.each(FORMS)("a schema compiled for %s", (_name, rules, strict) => {
  test("accepts what the tool's schema accepts, and gives it back as it was", () => {
    let strictOnes = 0;
    fc.assert(
      fc.property(cases, ({ schema, value }) => {
        fc.pre(toValidator(schema)(value));
        const compiled = compileSchema(schema, rules, strict);
        if (compiled.strict) strictOnes++;
        const accepts = toValidator(compiled.schema);
        const sent = toSent(schema, compiled.schema, value).filter((one) => accepts(one));
        expect(sent.length, "is accepted").toBeGreaterThan(0);
        const restored = sent.map((one) => compiled.restore(one));
        expect(
          restored.some((one) => isSame(one, value)),
          "comes back",
        ).toBe(true);
        for (const [index, one] of sent.entries()) {
          const text = compiled.restore(JSON.stringify(one)) as string;
          expect(JSON.parse(text)).toEqual(restored[index]);
        }
      }),
      { numRuns: 150 },
    );
    if (strict && rules.strict !== null) expect(strictOnes).toBeGreaterThan(30);
  });

  test("is the same each time, and compiles to itself", () => {
    fc.assert(
      fc.property(cases, ({ schema }) => {
        const one = compileSchema(schema, rules, strict);
        expect(pick(compileSchema(structuredClone(schema), rules, strict))).toEqual(pick(one));
        expect(JSON.stringify(compileSchema(schema, rules, strict).schema)).toBe(JSON.stringify(one.schema));
        const again = compileSchema(one.schema, rules, one.strict);
        expect(again.schema).toEqual(one.schema);
        expect(again.strict).toBe(one.strict);
      }),
      { numRuns: 80 },
    );
  });

  test("is an object at its root, deeply frozen, whatever the schema was", () => {
    fc.assert(
      fc.property(fc.oneof(schemas, hostile), (schema) => {
        const compiled = compileSchema(schema as Record<string, unknown>, rules, strict);
        expect(compiled.schema["type"]).toBe("object");
        expect(compiled.schema["properties"]).toBeTypeOf("object");
        expect(isFrozen(compiled.schema)).toBe(true);
        expect(compiled.reason === null).toBe(compiled.strict || !strict);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a strict schema", () => {
  test("is in OpenAI's subset, and OpenAI's own helper leaves it as it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          cases.map(({ schema }) => schema),
          schemas,
          hostile,
        ),
        (schema) => {
          const compiled = compileSchema(schema as Record<string, unknown>, OPENAI, true);
          if (!compiled.strict) return;
          expect(findOpenAiProblem(compiled.schema)).toBeNull();
          expect(toStrictJsonSchema(structuredClone(compiled.schema) as never)).toEqual(compiled.schema);
        },
      ),
      { numRuns: 800 },
    );
  });

  test("is in Anthropic's subset", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          cases.map(({ schema }) => schema),
          schemas,
          hostile,
        ),
        (schema) => {
          const compiled = compileSchema(schema as Record<string, unknown>, ANTHROPIC, true);
          if (compiled.strict) expect(findAnthropicProblem(compiled.schema)).toBeNull();
        },
      ),
      { numRuns: 800 },
    );
  });
});

function isSame(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}

function pick({ schema, strict, reason, changes, cost }: CompiledSchema): object {
  return { schema, strict, reason, changes, cost };
}

function isFrozen(value: unknown): boolean {
  return (
    typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen))
  );
}
