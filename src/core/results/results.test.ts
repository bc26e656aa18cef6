import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openai } from "../../providers/openai/index.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import { createRegistry } from "../create-registry.ts";
import type { RegistryOptions } from "../registry.ts";

const base = { version: "1.0.0", description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;
const ann = { id: "ann" };
const MARK = /\n\[truncated: ([\d,]+) of ([\d,]+) bytes shown\. Read on with (\S+) (\{.*\})\]$/;

const many = defineTool({
  ...base,
  name: "rows.list",
  input: z.object({ count: z.int() }),
  handler: ({ count }) => Array.from({ length: count }, (_, row) => ({ row, name: `row ${row} — é` })),
});

function open(tools: RegistryOptions["tools"] = [many], options: RegistryOptions = {}) {
  const clock = createManualClock();
  return { clock, registry: createRegistry({ tools: tools ?? [], clock, limits: [], ...options }) };
}

/** The id and cursor a mark names. */
function readMark(text: string): { readonly id: string; readonly cursor: number } {
  return JSON.parse(MARK.exec(text)?.[4] ?? "null") as { readonly id: string; readonly cursor: number };
}

describe("registry.results", () => {
  it("shows a result that is short enough as it is, and lists no tool of the registry's own", async () => {
    const { registry } = open();
    const outcome = await registry.execute(many, { count: 2 }, { principal: ann });
    expect(await registry.results.toModelText(outcome, { principal: ann })).toBe(
      '[{"row":0,"name":"row 0 — é"},{"row":1,"name":"row 1 — é"}]',
    );
    expect(registry.list().map(({ name }) => name)).toEqual(["rows.list"]);
  });

  it("loses nothing of one that is too long: head and pages are the whole text", async () => {
    const { registry } = open();
    const outcome = await registry.execute(many, { count: 20_000 }, { principal: ann });
    const text = await registry.results.toModelText(outcome, { principal: ann });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(262_144);
    const { id, cursor } = readMark(text);
    let whole = text.replace(MARK, "");
    expect(whole).toHaveLength(cursor);
    for (let next: number | null = cursor; next !== null;) {
      const page = await registry.execute("toolyard.read_result", { id, cursor: next }, { principal: ann });
      if (!page.ok) throw new Error(page.error.message);
      const { text: read, next: after } = page.output as { text: string; next: number | null };
      whole += read;
      next = after;
    }
    expect(outcome.ok && JSON.stringify(outcome.output)).toBe(whole);
    expect(await registry.results.read(id, { principal: ann })).toBe(whole);
    expect(registry.get("toolyard.read_result", { principal: ann })).toMatchObject({ effect: "read" });
  });

  it("gives it to nobody else, and no longer than it is kept", async () => {
    const { registry, clock } = open([many], { results: { maxBytes: 1_024, keepMs: 60_000 } });
    const outcome = await registry.execute(many, { count: 100 }, { principal: ann });
    const { id } = readMark(await registry.results.toModelText(outcome, { principal: ann }));
    const gone = { ok: false, error: { code: "TOOL_ERROR", toolCode: "RESULT_GONE" } };
    for (const principal of [{ id: "bob" }, { id: "ann", tenant: "other" }]) {
      expect(await registry.execute("toolyard.read_result", { id }, { principal })).toMatchObject(gone);
      expect(await registry.results.read(id, { principal })).toBeNull();
    }
    expect((await registry.execute("toolyard.read_result", { id }, { principal: ann })).ok).toBe(true);
    await clock.advance(60_001);
    expect(await registry.execute("toolyard.read_result", { id }, { principal: ann })).toMatchObject(gone);
  });

  it("does not speak of the reader to whom it is denied", async () => {
    const { registry } = open([many], {
      results: { maxBytes: 1_024 },
      grants: [{ name: "no-reader", effect: "deny", tools: ["toolyard.*"], principals: ["ann"] }],
    });
    const outcome = await registry.execute(many, { count: 100 }, { principal: ann });
    const text = await registry.results.toModelText(outcome, { principal: ann });
    expect(text).toMatch(/bytes shown\. The rest was not kept; ask for less at a time\.\]$/);
  });

  it("keeps the names of its own tools to itself", async () => {
    const { registry } = open();
    const own = defineTool({ ...base, name: "toolyard.read_result", handler: () => 1 });
    await expect(registry.register(own)).rejects.toThrow(/names that begin with "toolyard\." are the registry's own/);
  });

  it("takes out what the tool says, of results, errors and what is kept", async () => {
    const card = defineTool({
      ...base,
      name: "card.get",
      result: { redactPaths: ["customer.email", "items.*.secret"], redactPatterns: ["\\d{4}-\\d{4}"], maxBytes: 1_024 },
      handler: () => ({
        customer: { email: "ann@example.org", name: "Ann" },
        items: [{ secret: "s1", note: "card 1234-5678 ok" }],
        rest: "x".repeat(2_000),
      }),
    });
    const { registry } = open([card]);
    const outcome = await registry.execute(card, {}, { principal: ann });
    expect(JSON.stringify(outcome)).toContain("ann@example.org");
    const text = await registry.results.toModelText(outcome, { principal: ann });
    const kept = (await registry.results.read(readMark(text).id, { principal: ann })) ?? "";
    for (const shown of [text, kept]) {
      expect(shown).toContain('"name":"Ann"');
      expect(shown).toContain("card [redacted] ok");
      expect(shown).not.toMatch(/ann@example|s1|1234/);
    }
  });

  it("also follows the rules of a tool that answered as a fallback", async () => {
    const old = defineTool({
      ...base,
      name: "old.get",
      result: { redactPaths: ["token"] },
      handler: () => ({ token: "canary", value: 1 }),
    });
    const fresh = defineTool({
      ...base,
      name: "fresh.get",
      retry: false,
      result: { redactPaths: ["other"] },
      fallback: { tool: "old.get" },
      handler: (): { token: string; value: number } => {
        throw new Error("down");
      },
    });
    const { registry } = open([old, fresh]);
    const outcome = await registry.execute(fresh, {}, { principal: ann });
    expect(outcome).toMatchObject({ ok: true, meta: { degraded: { by: "tool" } } });
    expect(await registry.results.toModelText(outcome, { principal: ann })).toBe('{"token":"[redacted]","value":1}');
  });

  it("makes characters that deceive visible when asked to", async () => {
    const sly = defineTool({ ...base, name: "sly", handler: () => "a\u202eb\u001b[31mc" });
    const { registry } = open([sly]);
    const outcome = await registry.execute(sly, {}, { principal: ann });
    expect(await registry.results.toModelText(outcome, { principal: ann })).toContain("\u202e");
    const text = await registry.results.toModelText(outcome, { principal: ann, neutralise: true });
    expect(text).toBe("a<U+202E>b<U+001B>[31mc");
  });

  it.each([
    [{ results: { maxBytes: 10 } }, /results\.maxBytes: received 10, expected an integer from 1024 to 16777216/],
    [{ results: { keepMS: 10_000 } }, /results\.keepMS: is not known; did you mean keepMs/],
    [{ results: 5 }, /results: received 5, expected an object/],
  ])("refuses %j", (options, message) => {
    expect(() => createRegistry(options as never)).toThrow(message);
  });

  it("refuses options it does not know", async () => {
    const { registry } = open();
    const outcome = await registry.execute(many, { count: 1 });
    await expect(registry.results.toModelText(outcome, { principle: ann } as never)).rejects.toThrow(
      /did you mean principal/,
    );
  });
});

describe("a binding", () => {
  it("offers the reader from the first result on that was too long", async () => {
    const { registry } = open();
    const binding = openai(registry, { principal: ann, maxResultBytes: 2_048 });
    const call = (id: string, name: string, input: object) => ({
      type: "function_call" as const,
      call_id: id,
      name,
      arguments: JSON.stringify(input),
    });
    expect(binding.tools.map(({ name }) => name)).toEqual(["rows_list"]);
    const [first] = await binding.run([call("c1", "rows_list", { count: 100 })]);
    expect(binding.tools.map(({ name }) => name)).toEqual(["rows_list", "toolyard_read_result"]);
    expect(binding.report.map(({ tool }) => tool)).toEqual(["rows.list", "toolyard.read_result"]);
    expect(first?.output).toMatch(/Read on with toolyard_read_result \{/);
    const { id } = readMark(first?.output as string);
    const [found] = await binding.run([call("c2", "toolyard_read_result", { id, search: "row 99" })]);
    expect(found?.output).toContain('"excerpt"');
    // A page too long for the binding is cut, and not kept once more.
    const [page] = await binding.run([call("c3", "toolyard_read_result", { id, limit: 4_000 })]);
    expect(page?.output).toMatch(/Ask again with a smaller "limit"\.\]$/);
  });
});
