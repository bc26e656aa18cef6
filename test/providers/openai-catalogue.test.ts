// Large catalogues through OpenAI's formats: what is deferred, what is found, what may be called for now, and that the
// beginning of a request stays as it was.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyTool, createPrincipal, createRegistry, defineTool, type Registry, Role } from "../../src/index.ts";
import { openai, type ResponsesEntry, type ResponsesSearchBinding } from "../../src/providers/openai/index.ts";
import { sampleTools } from "./sample-tools.ts";

const gus = createPrincipal({ id: "gus", roles: [Role.GUEST] });

function createSample(tools: readonly AnyTool[] = sampleTools): Registry {
  return createRegistry({ tools, limits: [{ per: ["principal"], capacity: 1_000_000, windowMs: 1_000 }] });
}

function toNames(tools: readonly ResponsesEntry[]): readonly unknown[] {
  return tools.map((tool) =>
    tool.type === "namespace"
      ? { [tool.name]: tool.tools.map(({ name }) => name) }
      : tool.type === "tool_search"
        ? `(${tool.execution ?? "server"} search)`
        : tool.name,
  );
}

const searchCall = (callId: string, query: unknown): object => ({
  type: "tool_search_call",
  id: "tsc_1",
  call_id: callId,
  execution: "client",
  arguments: query,
  status: "completed",
});

const functionCall = (callId: string, name: string, args: object, namespace?: string): object => ({
  type: "function_call",
  call_id: callId,
  name,
  arguments: JSON.stringify(args),
  ...(namespace !== undefined && { namespace }),
});

const outputOf = (result: object | undefined): unknown =>
  result !== undefined && "output" in result ? result.output : undefined;

describe("deferred tools in Responses", () => {
  test("are grouped by category and found by OpenAI's own search", () => {
    const { tools, report } = openai(createSample(), { principal: gus, select: { defer: true } });
    expect(toNames(tools)).toEqual([
      "(server search)",
      { dates: ["dates_between"] },
      { dice: ["dice_roll"] },
      { docs: ["docs_search"] },
      { math: ["math_calculate"] },
      { time: ["time_now"] },
      { units: ["units_convert"] },
      { weather: ["weather_climate"] },
    ]);
    const [, dates] = tools;
    expect(dates).toMatchObject({ type: "namespace", description: expect.stringContaining("dates") });
    expect(dates?.type === "namespace" && dates.tools[0]?.defer_loading).toBe(true);
    expect(report.every(({ deferred }) => deferred)).toBe(true);
  });

  test("are those that the host says, and the others stay as they are", () => {
    const { tools, report } = openai(createSample(), {
      principal: gus,
      select: { defer: ({ name }) => name !== "time.now" },
    });
    expect(toNames(tools).at(-1)).toBe("time_now");
    expect(tools.at(-1)).not.toHaveProperty("defer_loading");
    expect(report.filter(({ deferred }) => !deferred).map(({ tool }) => tool)).toEqual(["time.now"]);
  });

  test("are called by name, with the namespace echoed", async () => {
    const binding = openai(createSample(), { principal: gus, select: { defer: true } });
    const [result] = await binding.run([functionCall("c1", "math_calculate", { expression: "1" }, "math") as never]);
    expect(result).toEqual({
      type: "function_call_output",
      call_id: "c1",
      output: '{"result":"<1>"}',
      namespace: "math",
    });
  });

  test("are one line until the binding has found them", async () => {
    const binding = openai(createSample(), { principal: gus, select: { defer: true, search: "binding" } });
    expect(toNames(binding.tools)).toEqual(["(client search)"]);
    const [found, none] = await binding.run([
      searchCall("s1", { query: "what is the weather like in Paris" }) as never,
      searchCall("s2", "xyzzy") as never,
    ]);
    expect(found).toMatchObject({ type: "tool_search_output", call_id: "s1", execution: "client" });
    expect(found?.type === "tool_search_output" && toNames(found.tools)[0]).toEqual({ weather: ["weather_climate"] });
    expect(none).toMatchObject({ call_id: "s2", tools: [] });
    expect(toNames(binding.tools)).toEqual(["(client search)"]);
    const [called] = await binding.run([functionCall("c1", "weather_climate", { city: "Paris", month: 7 }) as never]);
    expect(outputOf(called)).toContain('"city":"Paris"');
  });

  test("are never found by who may not see them", async () => {
    const search = async (roles: readonly string[]): Promise<unknown> => {
      const principal = createPrincipal({ id: "x", roles: [...roles] });
      const binding = openai(createSample(), { principal, select: { defer: true, search: "binding" } });
      const [found] = await binding.run([searchCall("s1", "clear all notes") as never]);
      return JSON.stringify(found);
    };
    expect(await search([Role.ADMIN])).toContain("notes_clear");
    expect(await search([Role.GUEST])).not.toContain("notes_clear");
  });

  test("are not searched by a server's search that comes back as an item", () => {
    const binding = openai(createSample(), { principal: gus, select: { defer: true } });
    const items = [{ type: "tool_search_call", call_id: null, execution: "server", arguments: { paths: ["math"] } }];
    expect(binding.decode(items as never)).toEqual([]);
  });
});

describe("deferred tools in Chat", () => {
  const chatCall = (id: string, name: string, args: object): object => ({
    role: "assistant",
    tool_calls: [{ id, type: "function", function: { name, arguments: JSON.stringify(args) } }],
  });

  test("join the tools at their end once they were found, and stay there", async () => {
    const binding = openai(createSample(), { principal: gus, format: "chat", select: { defer: true } });
    const names = (): readonly string[] => binding.tools.map((tool) => tool.function.name);
    expect(names()).toEqual(["toolyard_search_tools"]);
    const [answer] = await binding.run(
      chatCall("1", "toolyard_search_tools", { query: "convert kilometres to miles" }) as never,
    );
    expect(answer?.content).toMatch(/^These can be called now:\n- units_convert: Convert a value/);
    expect(names().slice(0, 2)).toEqual(["toolyard_search_tools", "units_convert"]);
    const before = JSON.stringify(binding.tools);
    await binding.run(chatCall("2", "toolyard_search_tools", { query: "roll dice" }) as never);
    expect(JSON.stringify(binding.tools).startsWith(before.slice(0, -1))).toBe(true);
    const [none] = await binding.run(chatCall("3", "toolyard_search_tools", { query: "qqqq" }) as never);
    expect(none?.content).toMatch(/^No tool fits\./);
  });

  test("are answered whatever a model writes into the search", async () => {
    const binding = openai(createSample(), { principal: gus, format: "chat", select: { defer: true } });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.constant("")), async (args) => {
        const call = { id: "1", type: "function", function: { name: "toolyard_search_tools", arguments: args } };
        const results = await binding.run([call]);
        expect(results).toHaveLength(1);
        expect(results[0]?.tool_call_id).toBe("1");
      }),
    );
  });
});

describe("tools that may not be called for now", () => {
  const select = { allowed: ["time.now", "math.calculate@^1"] };

  test("stay in the request, which names the others", () => {
    const registry = createSample();
    const all = openai(registry, { principal: gus });
    const some = openai(registry, { principal: gus, select });
    expect(JSON.stringify(some.tools)).toBe(JSON.stringify(all.tools));
    expect(some.toolChoice).toEqual({
      type: "allowed_tools",
      mode: "auto",
      tools: [
        { type: "function", name: "math_calculate" },
        { type: "function", name: "time_now" },
      ],
    });
    expect(all.toolChoice).toBeUndefined();
    expect(openai(registry, { principal: gus, format: "chat", select }).toolChoice).toEqual({
      type: "allowed_tools",
      allowed_tools: {
        mode: "auto",
        tools: [
          { type: "function", function: { name: "math_calculate" } },
          { type: "function", function: { name: "time_now" } },
        ],
      },
    });
  });

  test("are named only where they are declared, with the search; nothing allowed is none", () => {
    const registry = createSample();
    const chat = openai(registry, { format: "chat", select: { ...select, defer: ({ name }) => name === "time.now" } });
    expect(JSON.stringify(chat.toolChoice)).toContain(
      '[{"type":"function","function":{"name":"toolyard_search_tools"}}',
    );
    expect(JSON.stringify(chat.toolChoice)).not.toContain("time_now");
    expect(openai(registry, { select: { ...select, defer: true } }).toolChoice).toBeUndefined();
    const nothing = { allowed: [] };
    expect(openai(registry, { select: nothing }).toolChoice).toBe("none");
    expect(openai(registry, { format: "chat", select: nothing }).toolChoice).toBe("none");
  });

  test("are refused when a model calls them all the same, and not executed", async () => {
    let rolled = 0;
    const dice = defineTool({
      name: "dice.roll",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access: { roles: [Role.GUEST] },
      handler: () => ++rolled,
    });
    const registry = createSample([...sampleTools.filter(({ name }) => name !== "dice.roll"), dice]);
    const binding = openai(registry, { principal: gus, select });
    const [refused, done] = await binding.run([
      functionCall("1", "dice_roll", {}) as never,
      functionCall("2", "math_calculate", { expression: "1" }) as never,
    ]);
    expect(refused?.output).toMatch(
      /^UNKNOWN_TOOL: The tool "dice_roll" may not be called now\. Possible: math_calculate, time_now\./,
    );
    expect(done?.output).toBe('{"result":"<1>"}');
    expect(rolled).toBe(0);
  });

  test("have to be references to what there is", () => {
    expect(() => openai(createSample(), { select: { allowed: ["time.noow"] } })).toThrow(/select\.allowed\[0\]/);
    expect(() => openai(createSample(), { select: { allowed: "time.now" as never } })).toThrow(
      /an array of references/,
    );
  });
});

describe("what cannot be selected", () => {
  test.each([
    [{ search: "binding" }, /select\.search: is for deferred tools/],
    [{ defer: "all" }, /select\.defer: received "all", expected true, false or a function/],
    [{ defer: true, search: "nobody" }, /select\.search: received "nobody", expected one of provider, binding/],
    [{ defr: true }, /did you mean defer/],
  ])("%o is refused", (select, message) => {
    expect(() => openai(createSample(), { select: select as never })).toThrow(message);
  });

  test("a provider's search where it has none", () => {
    const select = { defer: true, search: "provider" } as const;
    expect(() => openai(createSample(), { format: "chat", select })).toThrow(/openai has no tool search/);
  });
});

describe("the order of tools", () => {
  test("is the same whatever the order of registration, so that a provider's cache hits", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...sampleTools], { minLength: sampleTools.length }),
        fc.boolean(),
        (tools, defer) => {
          const expected = JSON.stringify(openai(createSample(), { strict: "prefer", select: { defer } }).tools);
          expect(JSON.stringify(openai(createSample(tools), { strict: "prefer", select: { defer } }).tools)).toBe(
            expected,
          );
        },
      ),
    );
  });

  test("cannot be changed from outside", () => {
    const binding: ResponsesSearchBinding = openai(createSample(), { select: { defer: true } });
    binding.tools.length = 0;
    expect(binding.tools.length).toBeGreaterThan(1);
  });
});
