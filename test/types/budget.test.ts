// What our types cost the compiler of a large project: 500 tools of four fields each and 200 typed calls. Counts what
// the compiler instantiates, which depends on the types alone, and not how long it takes, which depends on the machine.
import { expect, test } from "vitest";
import { openUserProject } from "../package/user-project.ts";

const TOOLS = 500;
const CALLS = 200;
/** About half as much again as it is, with Zod's own share. */
const MAX_INSTANTIATIONS = 1_000_000;

test(`${TOOLS} tools and ${CALLS} typed calls stay within the compiler's budget`, { timeout: 120_000 }, async () => {
  await using project = await openUserProject();
  const text = [...range(TOOLS).map(toTool), toRegistry(TOOLS), ...range(CALLS).map(toCall)].join("\n");
  const { code, stdout } = await project.compile("budget.ts", `${IMPORTS}\n${text}`, "--extendedDiagnostics");
  const instantiations = readFigure(stdout, "Instantiations");
  console.log(`${instantiations} instantiations of ${MAX_INSTANTIATIONS}, ${readFigure(stdout, "Total time")} s`);
  expect(stdout).not.toContain("error TS");
  expect(code).toBe(0);
  expect(instantiations).toBeLessThan(MAX_INSTANTIATIONS);
  // Less than one per tool would mean that nothing was inferred.
  expect(instantiations).toBeGreaterThan(TOOLS * 100);
});

test("in such a project a typed call with a wrong field does not compile", async () => {
  await using project = await openUserProject();
  const wrong = `export const wrong = registry.execute(tool0, { id: "a", count: "three", kind: "b0" });`;
  const text = [IMPORTS, toTool(0), toRegistry(1), toCall(0), wrong].join("\n");
  const { stdout } = await project.compile("wrong.ts", text);
  expect(stdout.match(/wrong\.ts\(\d+/g)).toEqual([`wrong.ts(${text.split("\n").length}`]);
});

const IMPORTS = `import { z } from "zod";\nimport { createRegistry, defineTool } from "toolyard";`;

function toTool(index: number): string {
  return `const tool${index} = defineTool({
  name: "area${index % 20}.tool${index}",
  version: "1.0.0",
  description: "Tool ${index}.",
  effect: "read",
  input: z.object({
    id: z.string(),
    count: z.number().int().optional(),
    kind: z.enum(["a", "b${index}"]),
    tags: z.array(z.string()).default([]),
  }),
  output: z.object({ id: z.string(), total: z.number(), kind: z.string(), tags: z.array(z.string()) }),
  handler: async ({ id, count, kind, tags }) => ({ id, total: count ?? 0, kind, tags }),
});`;
}

function toRegistry(tools: number): string {
  return `const registry = createRegistry({ tools: [${range(tools)
    .map((index) => `tool${index}`)
    .join(", ")}] });`;
}

function toCall(index: number): string {
  return `export const call${index} = registry
  .execute(tool${index}, { id: "a", kind: "b${index}" })
  .then((outcome) => (outcome.ok ? outcome.output.total.toFixed(1) : outcome.error.code));`;
}

function readFigure(diagnostics: string, label: string): number {
  return Number(new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(diagnostics)?.[1] ?? Number.NaN);
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
