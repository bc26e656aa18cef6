import { describe, expect, test } from "vitest";
import { z } from "zod";
import { publishTool } from "../publish.ts";
import type { PublishedTool } from "../tool-version.ts";
import { checkOutput, type CheckedOutput } from "./check-output.ts";
import type { ToolSchema } from "./schema.ts";

function toolOf(output?: ToolSchema): PublishedTool {
  const published = publishTool({
    name: "t",
    version: "1.0.0",
    description: "T.",
    ...(output === undefined ? {} : { output }),
    handler: () => 1,
  });
  if (!published.ok) throw new Error(JSON.stringify(published.problems));
  return published.tool;
}

const check = (output: unknown, schema?: ToolSchema): CheckedOutput =>
  checkOutput(toolOf(schema), output) as CheckedOutput;

describe("without an output schema", () => {
  test("takes what JSON can hold, and nothing for null", () => {
    expect(check(undefined)).toStrictEqual({ ok: true, value: null });
    expect(check({ a: 1, gone: undefined, at: new Date(0) })).toStrictEqual({
      ok: true,
      value: { a: 1, at: "1970-01-01T00:00:00.000Z" },
    });
    expect(check(5)).toStrictEqual({ ok: true, value: 5 });
  });

  test("refuses what JSON cannot hold", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    for (const output of [() => 1, 5n, Number.NaN, new Map(), cyclic, Symbol("x")]) {
      expect(check(output)).toMatchObject({ ok: false, issues: [{ message: "is not data that JSON can hold" }] });
    }
  });

  test("gives a copy, which the handler cannot change afterwards", () => {
    const kept = { n: 1 };
    const checked = check(kept);
    kept.n = 2;
    expect(checked).toStrictEqual({ ok: true, value: { n: 1 } });
  });
});

describe("with a JSON Schema", () => {
  const schema = {
    type: "object",
    properties: { at: { type: "string" }, n: { type: "integer" } },
    required: ["at"],
    additionalProperties: false,
  };

  test("checks what becomes of the output as JSON", () => {
    expect(check({ at: new Date(0), extra: undefined }, schema)).toStrictEqual({
      ok: true,
      value: { at: "1970-01-01T00:00:00.000Z" },
    });
  });

  test("refuses what does not fit, without repairing it", () => {
    expect(check({ at: "x", n: "5" }, schema)).toMatchObject({
      ok: false,
      issues: [{ path: ["n"], expected: "integer", received: 'string "5"' }],
    });
    expect(check({ at: "x", n: 5n }, schema)).toMatchObject({
      ok: false,
      issues: [{ path: ["n"], received: "number 5" }],
    });
  });

  test("refuses nothing at all", () => {
    expect(check(undefined, schema)).toMatchObject({ ok: false, issues: [{ path: [], received: "nothing" }] });
  });
});

describe("with a Standard Schema", () => {
  const schema = z.object({ id: z.string(), total: z.number().default(0) });

  test("gives what the schema gives", () => {
    expect(check({ id: "a", secret: () => 1 }, schema)).toStrictEqual({ ok: true, value: { id: "a", total: 0 } });
  });

  test("refuses what the schema refuses", () => {
    expect(check({ id: 5 }, schema)).toMatchObject({
      ok: false,
      issues: [{ path: ["id"], expected: "string", received: "number 5" }],
    });
  });

  test("refuses what the schema lets through and JSON cannot hold", () => {
    expect(check({ v: () => 1 }, z.object({ v: z.unknown() }))).toMatchObject({ ok: false, issues: [{ path: ["v"] }] });
  });

  test("waits for one that answers later", async () => {
    const later = toolOf(z.object({ id: z.string().refine(async (id) => id !== "no") }));
    expect(await checkOutput(later, { id: "yes" })).toStrictEqual({ ok: true, value: { id: "yes" } });
    expect(await checkOutput(later, { id: "no" })).toMatchObject({ ok: false });
  });
});
