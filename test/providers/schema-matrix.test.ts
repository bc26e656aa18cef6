// What a person is told of each exotic schema, per provider, to the letter.
import { describe, expect, test } from "vitest";
import { ANTHROPIC } from "../../src/providers/schema/anthropic-rules.ts";
import { compileSchema } from "../../src/providers/schema/compile-schema.ts";
import { type CompiledSchema, formatChange } from "../../src/providers/schema/compiled-schema.ts";
import { GEMINI } from "../../src/providers/schema/gemini-rules.ts";
import { OPENAI } from "../../src/providers/schema/openai-rules.ts";
import { isValid } from "../../scripts/provider-findings.ts";
import { MATRIX } from "./schema-matrix.ts";
import { findAnthropicProblem, findOpenAiProblem } from "./strict-subsets.ts";
import { toSent } from "./to-sent.ts";

function toReport({ strict, reason, changes }: CompiledSchema): object {
  return { strict, reason, changes: changes.map((change) => `${change.what} ${formatChange(change)}`) };
}

describe.each(MATRIX)("$name", ({ schema, openai, anthropic, gemini, geminiReason }) => {
  test("is told of for OpenAI", () => {
    const compiled = compileSchema(schema, OPENAI, true);
    expect(toReport(compiled)).toEqual({ strict: openai.reason === null, ...openai });
    if (compiled.strict) expect(findOpenAiProblem(compiled.schema)).toBeNull();
  });

  test("is told of for Anthropic", () => {
    const compiled = compileSchema(schema, ANTHROPIC, true);
    expect(toReport(compiled)).toEqual({ strict: anthropic.reason === null, ...anthropic });
    if (compiled.strict) expect(findAnthropicProblem(compiled.schema)).toBeNull();
  });

  test("is told of for Gemini", () => {
    const compiled = compileSchema(schema, GEMINI, true);
    const reason = geminiReason ?? "Gemini has no strict tools";
    expect(toReport(compiled)).toEqual({ strict: false, reason, changes: gemini });
  });
});

describe("a tool that nobody wants strict", () => {
  test.each(MATRIX)("needs no reason: $name", ({ schema }) => {
    for (const rules of [OPENAI, ANTHROPIC, GEMINI]) {
      const { strict, reason } = compileSchema(schema, rules, false);
      expect({ strict, reason }).toEqual({ strict: false, reason: null });
    }
  });
});

// A defect that was mended has to leave the page.
test("what is not told shows in its sample", () => {
  for (const { name, schema, untold } of MATRIX) {
    if (untold?.sample === undefined) continue;
    const { sample } = untold;
    const ofTool = isValid(schema, sample);
    const ofProviders = [OPENAI, ANTHROPIC, GEMINI].flatMap((rules) =>
      [true, false].map((strict) => {
        const compiled = compileSchema(schema, rules, strict);
        const ways = ofTool ? toSent(schema, compiled.schema, sample) : [sample];
        return ways.some((way) => isValid(compiled.schema, way));
      }),
    );
    expect(ofProviders, name).toContain(!ofTool);
  }
  expect(MATRIX.length).toBeGreaterThan(40);
});
