// The Anthropic binding over real registries: whatever a model writes, each of its calls gets exactly one answer, in one
// message that the API takes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type AnyTool,
  type ContentPart,
  createPrincipal,
  createRegistry,
  defineTool,
  type Principal,
  type Registry,
  Role,
  ToolyardError,
} from "../../src/index.ts";
import {
  anthropic,
  type AnthropicBlock,
  type AnthropicToolUse,
  toAnthropicTool,
} from "../../src/providers/anthropic/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { checkMessagesRequest } from "./anthropic-rules.ts";
import { sampleTools } from "./sample-tools.ts";
import type { Json } from "./scripted-server.ts";

const ada: Principal = createPrincipal({ id: "ada", roles: [Role.ADMIN] });
const gus: Principal = createPrincipal({ id: "gus", roles: [Role.GUEST] });
const VERSION = "2026-10-21";

function createSample(): Registry {
  return createRegistry({ tools: sampleTools, limits: [{ per: ["principal"], capacity: 1_000_000, windowMs: 1_000 }] });
}

type Turn = { readonly role: "assistant"; readonly content: readonly AnthropicBlock[] };

function use(id: string, name: string, input: unknown = {}): AnthropicToolUse {
  return { type: "tool_use", id, name, input };
}

function turn(...content: readonly (AnthropicToolUse | ({ readonly type: string } & Json))[]): Turn {
  return { role: "assistant", content };
}

/** What the API says to a request that goes on with `messages`; null when it takes them. */
function refusalOf(messages: readonly unknown[], tools: readonly unknown[] = []): string | null {
  const body = { model: "m", max_tokens: 1, messages: [{ role: "user", content: "Hi" }, ...messages], tools };
  // Checked as it is sent.
  return checkMessagesRequest(JSON.parse(JSON.stringify(body)) as Record<string, unknown>, VERSION, []);
}

function catchError(run: () => unknown): ToolyardError {
  try {
    run();
  } catch (error) {
    if (error instanceof ToolyardError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const simple = (name: string, handler: () => unknown, more: object = {}): AnyTool =>
  defineTool({ name, version: "1.0.0", description: "x", effect: "read", handler, ...more });

describe("tools", () => {
  test("come by name, with portable names, and only those the principal may see", () => {
    const binding = anthropic(createSample(), { principal: gus });
    expect(binding.tools.map(({ name }) => name)).toEqual([
      "dates_between",
      "dice_roll",
      "docs_search",
      "math_calculate",
      "time_now",
      "units_convert",
      "weather_climate",
    ]);
    expect(anthropic(createSample(), { principal: ada }).report.map(({ tool }) => tool)).toContain("notes.clear");
    expect(binding.toolChoice).toBeUndefined();
  });

  test("are taken by the API, strict or not", () => {
    for (const strict of ["off", "prefer", "require"] as const) {
      const { tools } = anthropic(createSample(), { strict });
      expect(tools.map((tool) => tool.strict === true)).toEqual(tools.map(() => strict !== "off"));
      expect(refusalOf([], tools)).toBeNull();
    }
  });

  test("say only what is so: no strict and no deferral that is false", () => {
    const [first] = anthropic(createSample()).tools;
    expect(Object.keys(first ?? {})).toEqual(["name", "description", "input_schema"]);
  });

  test("keep what may be left out optional, and the report says what was lost", () => {
    const { tools, report } = anthropic(createSample(), { strict: "prefer", select: { names: ["dice.roll"] } });
    expect(tools[0]?.input_schema).toMatchObject({ required: [], additionalProperties: false });
    expect(report[0]?.changes).toContain("count: minimum moved to the description");
  });

  test("are the same text each time, whatever the order of registration, and grow at their end", async () => {
    const long = simple("a.long", () => "x".repeat(5_000));
    const registry = createRegistry({ tools: [...sampleTools, long] });
    const other = createRegistry({ tools: [long, ...sampleTools.toReversed()] });
    const options = { strict: "prefer", maxResultBytes: 1_024 } as const;
    const binding = anthropic(registry, options);
    const before = JSON.stringify(binding.tools);
    expect(JSON.stringify(anthropic(registry, options).tools)).toBe(before);
    expect(JSON.stringify(anthropic(other, options).tools)).toBe(before);
    await binding.run([use("a", "a_long")]);
    expect(binding.tools.at(-1)?.name).toBe("toolyard_read_result");
    expect(JSON.stringify(binding.tools)).toContain(before.slice(0, -1));
    expect(refusalOf([], binding.tools)).toBeNull();
  });

  test("are converted once per description, and frozen", () => {
    const [tool] = createSample().list();
    if (tool === undefined) throw new Error("no tool");
    expect(toAnthropicTool(tool)).toBe(toAnthropicTool(tool));
    expect(Object.isFrozen(toAnthropicTool(tool).input_schema)).toBe(true);
  });

  test("of unknown options are refused with what is accepted", () => {
    const registry = createSample();
    expect(catchError(() => anthropic(registry, { strict: "always" as "off" })).message).toContain("off, prefer");
    expect(catchError(() => anthropic(registry, { format: "chat" } as object)).message).toContain("anthropic");
  });
});

describe("a search over deferred tools", () => {
  const isNote = ({ category, name }: { category: string; name: string }): boolean =>
    name.startsWith("notes.") || category === "notes";

  test("is the provider's own, which all deferred tools are sent for", () => {
    const binding = anthropic(createSample(), { select: { defer: true } });
    expect(binding.tools[0]).toEqual({ type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" });
    expect(binding.tools.slice(1).every((tool) => "defer_loading" in tool && tool.defer_loading)).toBe(true);
    expect(binding.report.every(({ deferred }) => deferred)).toBe(true);
    expect(refusalOf([], binding.tools)).toBeNull();
  });

  test("is the binding's where that is asked for, and answers with references that the API can load", async () => {
    const binding = anthropic(createSample(), { principal: ada, select: { defer: isNote, search: "binding" } });
    const { tools } = binding;
    expect(tools.map(({ name }) => name).slice(0, 4)).toEqual([
      "toolyard_search_tools",
      "notes_add",
      "notes_clear",
      "notes_list",
    ]);
    const response = turn(use("s", "toolyard_search_tools", { query: "delete all notes" }));
    const results = await binding.run(response);
    expect(results[0]?.content).toContainEqual({ type: "tool_reference", tool_name: "notes_clear" });
    expect(refusalOf(binding.toMessages(response, results), tools)).toBeNull();
    // What was found is loaded by the API: the request stays what it was.
    expect(JSON.stringify(binding.tools)).toBe(JSON.stringify(tools));
    const nothing = turn(use("n", "toolyard_search_tools", { query: "qqqq" }));
    expect(await binding.run(nothing)).toEqual([
      {
        type: "tool_result",
        tool_use_id: "n",
        content: "No tool fits. Say it in other words, or go on without one.",
      },
    ]);
  });

  test("does not find what the principal may not see", async () => {
    const binding = anthropic(createSample(), { principal: gus, select: { defer: true, search: "binding" } });
    const results = await binding.run([use("s", "toolyard_search_tools", { query: "notes_clear delete all notes" })]);
    expect(JSON.stringify(results)).not.toContain("notes");
  });

  test("of the provider's is no call to be answered", async () => {
    const binding = anthropic(createSample(), { select: { defer: true } });
    const response = turn(
      { type: "server_tool_use", id: "srv_1", name: "tool_search_tool_bm25", input: { query: "time" } },
      {
        type: "tool_search_tool_result",
        tool_use_id: "srv_1",
        content: {
          type: "tool_search_tool_search_result",
          tool_references: [{ type: "tool_reference", tool_name: "time_now" }],
        },
      },
      use("a", "time_now"),
    );
    const results = await binding.run(response);
    expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual(["a"]);
    expect(refusalOf(binding.toMessages(response, results), binding.tools)).toBeNull();
  });
});

describe("run", () => {
  test("answers parallel calls in the order of the calls, out of a response, a message or blocks", async () => {
    const binding = anthropic(createSample(), { principal: gus });
    const content = [
      { type: "text", text: "Let me see." },
      use("b", "time_now"),
      use("a", "math_calculate", { expression: "1+1" }),
    ];
    const expected = [
      { type: "tool_result", tool_use_id: "b", content: '{"time":"12:00","timeZone":"UTC"}' },
      { type: "tool_result", tool_use_id: "a", content: '{"result":"<1+1>"}' },
    ];
    expect(await binding.run({ role: "assistant", content })).toEqual(expected);
    expect(await binding.run(content)).toEqual(expected);
    expect(await binding.run({ role: "assistant", content: "Nothing to do." })).toEqual([]);
  });

  test("gives constants the case of the schema before the call is made", async () => {
    const received: unknown[] = [];
    const tool = defineTool({
      name: "convert",
      version: "1.0.0",
      description: "x",
      effect: "read",
      input: z.strictObject({ to: z.enum(["EUR", "USD"]), note: z.string() }),
      handler: (input) => received.push(input),
    });
    const binding = anthropic(createRegistry({ tools: [tool] }), { strict: "require" });
    const input = Object.freeze({ to: "eur", note: "eur" });
    await binding.run([use("a", "convert", input)]);
    expect(received).toEqual([{ to: "EUR", note: "eur" }]);
    const [refused] = await binding.run([use("b", "convert", { to: "pound", note: "" })]);
    expect(refused).toMatchObject({ is_error: true, content: expect.stringMatching(/^INVALID_INPUT/) });
  });

  test("marks what failed, and says what is wrong so that it can be repaired", async () => {
    const binding = anthropic(createSample(), { principal: gus });
    const response = turn(
      use("1", "weather_climate", '{"city":"Os'),
      use("2", "weather_climate", { city: "Oslo", month: 13 }),
      use("3", "notes_clear"),
      use("4", "time_now", { timeZone: "Tokyo" }),
      use("5", "time_now"),
    );
    const results = await binding.run(response);
    expect(
      results.map(({ is_error: isError, content }) => [isError, JSON.stringify(content).slice(1).split(":")[0]]),
    ).toEqual([
      [true, "INVALID_JSON"],
      [true, "INVALID_INPUT"],
      [true, "UNKNOWN_TOOL"],
      [true, "TOOL_ERROR UNKNOWN_TIME_ZONE"],
      [undefined, '{\\"time\\"'],
    ]);
    // The API wants an object back where the model wrote none.
    expect(refusalOf(binding.toMessages(response, results))).toBeNull();
  });

  test("never executes a tool that is not in the binding, nor a member of another's toolset", async () => {
    const executed: string[] = [];
    const registry = createRegistry({
      tools: ["shown", "left_out", "hidden"].map((name) => simple(name, () => executed.push(name))),
    });
    const binding = anthropic(registry, { select: { names: ["shown"] } });
    const results = await binding.run([
      use("a", "left_out"),
      use("b", "constructor"),
      { ...use("c", "shown"), toolset_name: "browser" },
    ]);
    expect(executed).toEqual([]);
    expect(results[0]?.content).toBe('UNKNOWN_TOOL: There is no tool "left_out".');
    expect(results[2]).toEqual({
      type: "tool_result",
      tool_use_id: "c",
      is_error: true,
      content: 'UNKNOWN_TOOL: The tool "shown" of browser is not available here.',
      toolset_name: "browser",
    });
  });

  test("refuses tools that are shown and may not be called for now", async () => {
    const binding = anthropic(createSample(), { principal: gus, select: { allowed: ["time.now"] } });
    expect(binding.tools.length).toBeGreaterThan(1);
    expect(binding.toolChoice).toBeUndefined();
    const [refused, done] = await binding.run([use("a", "dice_roll"), use("b", "time_now")]);
    expect(refused).toMatchObject({ is_error: true });
    expect(done).not.toHaveProperty("is_error");
  });

  test("answers every call when they time out, are cancelled, crash, or the registry is closed", async () => {
    const clock = createManualClock();
    const hang = simple("hang", () => new Promise<never>(() => {}), { timeoutMs: 50 });
    const crash = simple("crash", () => {
      throw new Error("password=hunter2");
    });
    const registry = createRegistry({ tools: [hang, crash], clock, retry: false });
    const binding = anthropic(registry);
    const response = turn(use("a", "hang"), use("b", "crash"));
    const textsOf = (results: readonly { content?: unknown; is_error?: boolean }[]): readonly string[] =>
      results.map(({ content, is_error: isError }) => `${String(isError)} ${String(content)}`);

    const running = binding.run(response);
    await clock.advance(60);
    expect(textsOf(await running)).toEqual([
      expect.stringMatching(/^true TIMEOUT: /),
      expect.stringMatching(/^true TOOL_FAILED: The tool failed\. Quote call_\S+ to its operator\.$/),
    ]);
    const controller = new AbortController();
    const cancelled = binding.run(response, { signal: controller.signal });
    controller.abort();
    expect(textsOf(await cancelled)[0]).toMatch(/^true CANCELLED: /);
    expect(refusalOf(binding.toMessages(response, await cancelled))).toBeNull();
    await registry.close({ graceMs: 0 });
    for (const text of textsOf(await binding.run(response))) expect(text).toMatch(/^true CLOSED: /);
  });

  test("executes and answers an id that comes twice once, and sends the turn back without the second", async () => {
    const registry = createSample();
    const binding = anthropic(registry);
    const response = turn(
      use("c", "math_calculate", { expression: "1" }),
      use("c", "math_calculate", { expression: "2" }),
      use("", "time_now"),
    );
    const results = await binding.run(response);
    expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual(["c", "call_2"]);
    expect(results[0]?.content).toContain("1 other call came under the same id");
    expect(registry.usage("math.calculate").calls).toBe(1);
    expect(refusalOf(binding.toMessages(response, results))).toBeNull();
  });

  test("refuses what is no response, by name", async () => {
    const binding = anthropic(createSample());
    for (const odd of ["text", null, { id: 1 }, { role: "assistant", content: null }]) {
      await expect(binding.run(odd as never)).rejects.toThrow(/decode: received .*, expected a Message/);
    }
  });
});

describe("a result", () => {
  const png = "iVBORw0KGgo=";
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const run = async (...content: readonly ContentPart[]): Promise<unknown> => {
    const tool = defineTool({
      name: "t",
      version: "1.0.0",
      description: "x",
      effect: "read",
      handler: (_input, { attach }) => {
        for (const part of content) attach(part);
      },
    });
    const binding = anthropic(createRegistry({ tools: [tool] }));
    const response = turn(use("a", "t"));
    const results = await binding.run(response);
    expect(refusalOf(binding.toMessages(response, results))).toBeNull();
    return results[0]?.content;
  };

  test("has images and documents as blocks of their own, and no text that says nothing", async () => {
    expect(await run({ type: "image", data: png, mimeType: "image/png" })).toEqual([
      { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
    ]);
    expect(
      await run(
        { type: "file", data: base64("%PDF-1.7"), mimeType: "application/pdf", name: "a.pdf" },
        { type: "file", data: base64("Ærøskøbing"), mimeType: "text/plain", name: "a.txt" },
      ),
    ).toEqual([
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: base64("%PDF-1.7") },
        title: "a.pdf",
      },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "Ærøskøbing" }, title: "a.txt" },
    ]);
  });

  test("names in its text what the API does not take", async () => {
    const parts: readonly ContentPart[] = [
      { type: "image", data: png, mimeType: "image/bmp" },
      { type: "image", data: "A".repeat(5 * 1_024 * 1_024 + 4), mimeType: "image/png" },
      { type: "image", data: "not base64", mimeType: "image/png" },
      { type: "file", data: base64("a,b"), mimeType: "text/csv", name: "a.csv" },
      { type: "file", data: "/////w==", mimeType: "text/plain", name: "latin1.txt" },
    ];
    for (const part of parts) expect(await run(part)).toBeTypeOf("string");
  });

  test("of nothing has no content", async () => {
    const binding = anthropic(createSample());
    const [call] = binding.decode([use("a", "time_now")]);
    if (call === undefined) throw new Error("no call");
    const outcome = await createSample().execute("time.now", {});
    expect(binding.encode(call, outcome, " ")).toEqual({ type: "tool_result", tool_use_id: "a" });
    const failure = await createSample().execute("time.noow", {});
    expect(binding.encode(call, failure, "")).toMatchObject({ is_error: true, content: "The call failed." });
  });
});

describe("what is added to the conversation", () => {
  test("is the turn as it came, and all answers in one message", async () => {
    const binding = anthropic(createSample());
    const content = [
      { type: "thinking", thinking: "Hm.", signature: "sig" },
      { type: "redacted_thinking", data: "x" },
      { type: "text", text: "Let me see.", citations: null },
      use("a", "time_now"),
      use("b", "time_now"),
    ];
    const response = { id: "msg_1", role: "assistant" as const, content, stop_reason: "tool_use", usage: {} };
    const results = await binding.run(response);
    expect(binding.toMessages(response, results)).toEqual([
      { role: "assistant", content },
      { role: "user", content: results },
    ]);
    expect(binding.toMessages(content, results)).toEqual(binding.toMessages(response, results));
  });

  test("is the turn alone where it paused or asked for nothing, and nothing where it said nothing", () => {
    const binding = anthropic(createSample());
    const paused = turn({ type: "server_tool_use", id: "s", name: "web_search", input: {} });
    expect(binding.toMessages(paused, [])).toEqual([paused]);
    expect(binding.toMessages({ role: "assistant", content: "Hi" }, [])).toEqual([
      { role: "assistant", content: [{ type: "text", text: "Hi" }] },
    ]);
    expect(binding.toMessages(turn({ type: "text", text: "" }), [])).toEqual([]);
  });
});

test("every call id of a random response has one answer, and the API takes the next request", async () => {
  const binding = anthropic(createSample(), { principal: gus });
  const id = fc.oneof(fc.constantFrom("c1", "c2", "__proto__"), fc.stringMatching(/^[a-zA-Z0-9_-]{1,8}$/));
  const wireName = fc.constantFrom("weather_climate", "math_calculate", "notes_clear", "__proto__", "x.y", "");
  const input = fc.oneof(fc.object(), fc.jsonValue(), fc.constant({ city: "Oslo", month: 1 }), fc.string());
  const block = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant("tool_use" as const), id, name: wireName, input }) },
    fc.record({ type: fc.constant("text"), text: fc.constantFrom("", " ", "Hm.") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(block, { maxLength: 10 }), async (content) => {
      const results = await binding.run({ role: "assistant", content });
      const ids = content.flatMap((one) => ("id" in one ? [one.id] : []));
      expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual([...new Set(ids)]);
      const messages = binding.toMessages({ role: "assistant", content }, results);
      // A conversation does not end with the assistant.
      const next = results.length > 0 ? messages : [...messages, { role: "user", content: "Go on." }];
      expect(refusalOf(next)).toBeNull();
    }),
    { numRuns: 200 },
  );
});
