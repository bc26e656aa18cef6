// The OpenAI binding over real registries: whatever a model writes, each of its calls gets exactly one answer.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type AnyTool,
  createPrincipal,
  createRegistry,
  defineTool,
  type Principal,
  type Registry,
  Role,
  ToolyardError,
} from "../../src/index.ts";
import { openai, toOpenAiTool } from "../../src/providers/openai/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { sampleTools } from "./sample-tools.ts";

const ada: Principal = createPrincipal({ id: "ada", roles: [Role.ADMIN] });
const gus: Principal = createPrincipal({ id: "gus", roles: [Role.GUEST] });

function createSample(): Registry {
  return createRegistry({ tools: sampleTools, limits: [{ per: ["principal"], capacity: 1_000_000, windowMs: 1_000 }] });
}

const labels = defineTool({
  name: "labels.set",
  version: "1.0.0",
  description: "Set labels.",
  effect: "write",
  input: z.strictObject({ labels: z.record(z.string(), z.string()) }),
  handler: () => 1,
});

function call(
  id: string,
  name: string,
  args: unknown,
): { id: string; type: "function"; function: { name: string; arguments: string } } {
  return {
    id,
    type: "function",
    function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
  };
}

function item(
  callId: string,
  name: string,
  args: unknown,
): { type: "function_call"; call_id: string; name: string; arguments: string } {
  return {
    type: "function_call",
    call_id: callId,
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args),
  };
}

describe("tools", () => {
  test("come by name, with portable names, and only those the principal may see", () => {
    const registry = createSample();
    const names = openai(registry, { principal: gus }).tools.map(({ name }) => name);
    expect(names).toEqual([
      "dates_between",
      "dice_roll",
      "docs_search",
      "math_calculate",
      "time_now",
      "units_convert",
      "weather_climate",
    ]);
    expect(openai(registry, { principal: ada }).report.map(({ tool }) => tool)).toContain("notes.clear");
  });

  test("say explicitly that they are not strict in Responses, and say nothing in Chat", () => {
    const registry = createSample();
    expect(openai(registry).tools.every(({ strict }) => !strict)).toBe(true);
    expect(openai(registry, { format: "chat" }).tools.every(({ function: { strict } }) => strict === undefined)).toBe(
      true,
    );
  });

  test("are narrowed by what is selected", () => {
    const registry = createSample();
    const select = (options: object): readonly string[] =>
      openai(registry, { principal: gus, select: options }).report.map(({ tool }) => tool);
    expect(select({ category: "weather" })).toEqual(["weather.climate"]);
    expect(select({ names: ["time.now", "dates.between@^1", "time.now@1.0.0"] })).toEqual([
      "dates.between",
      "time.now",
    ]);
    expect(select({ names: ["notes.clear", "time.now"] })).toEqual(["time.now"]);
    expect(select({ names: ["time.now", "docs.search"], category: "time" })).toEqual(["time.now"]);
    expect(() => select({ names: ["time.noow"] })).toThrow(/NOT_PUBLISHED|time\.noow/);
    expect(() => select({ nams: [] })).toThrow(/did you mean names/);
  });

  test("are left out in a version that the principal may not see", () => {
    const define = (version: string, role: string): AnyTool =>
      defineTool({ name: "t", version, description: "x", effect: "read", access: { roles: [role] }, handler: () => 1 });
    const registry = createRegistry({ tools: [define("1.0.0", Role.ADMIN), define("2.0.0", Role.GUEST)] });
    const select = { names: ["t@1"] };
    expect(openai(registry, { principal: ada, select }).report.map(({ version }) => version)).toEqual(["1.0.0"]);
    expect(openai(registry, { principal: gus, select }).report).toEqual([]);
    expect(catchError(() => openai(registry, { select: { names: ["t@1", "t@2"] } })).message).toContain(
      "expected one version of a tool",
    );
  });

  test("prefer to be strict where the schema has a strict form, and say why not elsewhere", () => {
    const registry = createRegistry({ tools: [...sampleTools, labels] });
    const rows = new Map(openai(registry, { strict: "prefer" }).report.map((row) => [row.tool, row]));
    expect(rows.get("weather.climate")).toMatchObject({
      strict: true,
      reason: null,
      changes: ["city: maxLength moved to the description"],
    });
    expect(rows.get("time.now")).toMatchObject({
      strict: true,
      changes: ["timeZone: always sent; null where it is left out, and taken out again"],
    });
    const reason = "labels is a map: additionalProperties is a schema";
    expect(rows.get("labels.set")).toMatchObject({ strict: false, reason, changes: [] });
    const error = catchError(() => openai(registry, { strict: "require" }));
    expect(error.code).toBe("CONVERSION_REFUSED");
    expect(error.problems).toEqual([{ path: "labels.set", message: reason }]);
  });

  test("are as strict as is said of each", () => {
    const registry = createRegistry({ tools: [...sampleTools, labels] });
    const binding = openai(registry, {
      strict: ({ name }) => (name === "labels.set" ? "off" : name === "time.now" ? "require" : "prefer"),
    });
    expect(binding.report.every(({ strict, tool }) => strict === (tool !== "labels.set"))).toBe(true);
    expect(binding.report.find(({ tool }) => tool === "labels.set")?.reason).toBeNull();
    const error = catchError(() =>
      openai(registry, { strict: ({ effect }) => (effect === "write" ? "require" : "off") }),
    );
    expect(error.problems.map(({ path }) => path)).toEqual(["labels.set"]);
    expect(catchError(() => openai(registry, { strict: () => "always" as "off" })).message).toContain(
      "off, prefer, require",
    );
    expect(catchError(() => openai(registry, { strict: () => undefined as never })).message).toContain(
      'received "nothing"',
    );
  });

  test("are converted once per description", () => {
    const [tool] = createSample().list();
    if (tool === undefined) throw new Error("no tool");
    expect(toOpenAiTool(tool)).toBe(toOpenAiTool(tool));
    expect(Object.isFrozen(toOpenAiTool(tool, { format: "chat" }).function.parameters)).toBe(true);
  });

  test("of unknown formats and options are refused with what is accepted", () => {
    const registry = createSample();
    expect(catchError(() => openai(registry, { format: "completions" as "chat" })).message).toContain(
      "expected one of responses, chat",
    );
    expect(catchError(() => openai(registry, { strict: "always" as "off" })).message).toContain("off, prefer, require");
    expect(catchError(() => openai(registry, { concurrency: 0 })).message).toContain("from 1 to 1024");
    expect(catchError(() => openai(registry, { principle: gus } as object)).message).toContain(
      "did you mean principal",
    );
  });
});

describe("run", () => {
  test("answers parallel calls in the order of the calls, in both formats", async () => {
    const registry = createSample();
    const chat = openai(registry, { principal: gus, format: "chat" });
    const message = {
      role: "assistant",
      content: null,
      tool_calls: [call("b", "time_now", {}), call("a", "math_calculate", { expression: "1+1" })],
    };
    const expected = [
      { role: "tool", tool_call_id: "b", content: '{"time":"12:00","timeZone":"UTC"}' },
      { role: "tool", tool_call_id: "a", content: '{"result":"<1+1>"}' },
    ];
    expect(await chat.run(message)).toEqual(expected);
    expect(await chat.run({ choices: [{ message }] })).toEqual(expected);
    expect(await chat.run([{ message }])).toEqual(expected);
    expect(await chat.run(message.tool_calls)).toEqual(expected);

    const responses = openai(registry, { principal: gus });
    const output = [
      { type: "reasoning", id: "rs_1" },
      {
        ...item("c1", "time_now", ""),
        id: "fc_9",
        namespace: "clock",
        caller: { type: "program" as const, caller_id: "p1" },
      },
      { ...item("c2", "math_calculate", { expression: "2" }), caller: null },
    ];
    const results = [
      {
        type: "function_call_output",
        call_id: "c1",
        output: expected[0]?.content,
        namespace: "clock",
        caller: { type: "program", caller_id: "p1" },
      },
      { type: "function_call_output", call_id: "c2", output: '{"result":"<2>"}' },
    ];
    expect(await responses.run({ output })).toEqual(results);
    expect(await responses.run(output)).toEqual(results);
  });

  test("takes out of a strict call what strict mode put in, and nothing else", async () => {
    const received: unknown[] = [];
    const note = defineTool({
      name: "note",
      version: "1.0.0",
      description: "x",
      effect: "read",
      exactNumbers: "text",
      input: {
        type: "object",
        properties: {
          text: { type: "string" },
          tag: { type: "string" },
          color: { type: ["string", "null"] },
          size: { type: ["integer", "string"] },
        },
        required: ["text"],
        additionalProperties: false,
      },
      handler: (input) => received.push(input),
    });
    const binding = openai(createRegistry({ tools: [note] }), { strict: "require" });
    expect(binding.tools[0]?.parameters["required"]).toEqual(["text", "tag", "color", "size"]);
    const sent = '{"text":"a","tag":null,"color":null,"size":12345678901234567890}';
    expect(binding.decode([item("c", "note", sent)])[0]?.input).toBe(
      '{"text":"a","color":null,"size":12345678901234567890}',
    );
    const twice = '{"text":"a","tag":null,"tag":"b"}';
    const results = await binding.run([
      item("1", "note", sent),
      item("2", "note", { text: "b", tag: "t", color: "red", size: null }),
      item("3", "note", twice),
      item("4", "note", '{"text":null,"tag":null}'),
    ]);
    expect(received).toEqual([
      { text: "a", color: null, size: "12345678901234567890" },
      { text: "b", tag: "t", color: "red" },
    ]);
    expect(results[2]?.output).toMatch(/^INVALID_JSON: .*"tag" occurs twice/);
    expect(results[3]?.output).toMatch(/^INVALID_INPUT: .*\n- text: /);
  });

  test("never executes a tool that is not in the binding", async () => {
    const executed: string[] = [];
    const spy = (name: string, role: string) =>
      defineTool({
        name,
        version: "1.0.0",
        description: "x",
        effect: "read",
        access: { roles: [role] },
        handler: () => executed.push(name),
      });
    const registry = createRegistry({ tools: [spy("shown", "USER"), spy("left_out", "USER"), spy("hidden", "ADMIN")] });
    const binding = openai(registry, { principal: { id: "u", roles: ["USER"] }, select: { names: ["shown"] } });
    await registry.register(spy("later", "USER"));
    const names = [
      "left_out",
      "hidden",
      "later",
      "missing",
      "shown@1.0.0",
      "showm",
      "",
      "not a name!",
      "multi_tool_use.parallel",
      "constructor",
    ];
    const results = await binding.run(names.map((name, index) => item(`c${index}`, name, {})));
    expect(executed).toEqual([]);
    for (const [index, name] of names.entries()) {
      // The same words for what exists and what does not.
      const hint = name === "showm" ? " Did you mean shown?" : "";
      expect(results[index]?.output).toBe(`UNKNOWN_TOOL: There is no tool ${JSON.stringify(name)}.${hint}`);
    }
  });

  test("refuses a version that changed after the binding was made", async () => {
    const define = (version: string, description = version): AnyTool =>
      defineTool({
        name: "t",
        version,
        description,
        effect: "read",
        access: { roles: [Role.USER] },
        handler: () => version,
      });
    const registry = createRegistry({ tools: [define("1.0.0")] });
    const binding = openai(registry);
    await registry.register(define("1.1.0"));
    expect(await binding.run([item("c", "t", {})])).toMatchObject([{ output: "1.0.0" }]);
    await registry.unregister("t@1.0.0");
    expect(await binding.run([item("c", "t", {})])).toMatchObject([
      { output: expect.stringMatching(/^VERSION_NOT_FOUND/) },
    ]);
    await registry.register(define("1.0.0", "another"));
    expect(await binding.run([item("c", "t", {})])).toMatchObject([
      { output: expect.stringMatching(/^CONTRACT_CHANGED/) },
    ]);
  });

  test("answers calls of other kinds instead of dropping them", async () => {
    const registry = createSample();
    const chat = openai(registry, { principal: gus, format: "chat" });
    const results = await chat.run([
      { id: "1", type: "custom", custom: { name: "time_now", input: "x" } },
      { id: "2", type: "telepathy" },
      call("3", "time_now", {}),
    ]);
    expect(results.map(({ tool_call_id }) => tool_call_id)).toEqual(["1", "2", "3"]);
    expect(results[0]?.content).toMatch(/^UNKNOWN_TOOL: The tool is a function/);
    expect(results[1]?.content).toMatch(/^UNKNOWN_TOOL: A call of type "telepathy"/);

    const custom = await openai(registry).run([
      { type: "custom_tool_call", call_id: "1", name: "time_now", input: "x" },
    ]);
    expect(custom).toMatchObject([{ type: "custom_tool_call_output", call_id: "1" }]);
  });

  test("executes and answers an id that comes twice once, and says so", async () => {
    const registry = createSample();
    const results = await openai(registry).run([
      item("c", "math_calculate", { expression: "1" }),
      item("c", "math_calculate", { expression: "2" }),
    ]);
    expect(results).toHaveLength(1);
    expect(results[0]?.output).toBe(
      '{"result":"<1>"}\n(1 other call came under the same id and was not executed; use an id once.)',
    );
    expect(registry.usage("math.calculate").calls).toBe(1);
  });

  test("gives a call without an id one of its own", async () => {
    const calls = [{ ...call("", "time_now", {}) }, { ...call("", "math_calculate", { expression: "1" }) }];
    const results = await openai(createSample(), { format: "chat" }).run(calls);
    expect(results.map(({ tool_call_id }) => tool_call_id)).toEqual(["call_0", "call_1"]);
  });

  test("says what is wrong with arguments so that they can be repaired", async () => {
    const binding = openai(createSample(), { principal: gus });
    const [broken, wrong] = await binding.run([
      item("1", "weather_climate", '{"city":'),
      item("2", "weather_climate", { city: "Oslo", month: 13 }),
    ]);
    expect(broken?.output).toMatch(/^INVALID_JSON: /);
    expect(wrong?.output).toBe(
      "INVALID_INPUT: The arguments do not fit the tool's input schema.\n" +
        `- month: ${(wrong?.output as string | undefined)?.split("month: ")[1]?.split(";")[0]}; expected integer from 1 to 12, received number 13.`,
    );
  });

  test("answers every call when they time out, are cancelled, denied, or the registry is closed", async () => {
    const clock = createManualClock();
    const access = { roles: [Role.USER] };
    const hang = defineTool({
      name: "hang",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access,
      timeoutMs: 50,
      handler: () => new Promise<never>(() => {}),
    });
    const scoped = defineTool({
      name: "scoped",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access: { ...access, scopes: ["s"] },
      handler: () => 1,
    });
    const crash = defineTool({
      name: "crash",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access,
      handler() {
        throw new Error("password=hunter2");
      },
    });
    const registry = createRegistry({ tools: [hang, scoped, crash], clock, retry: false });
    const binding = openai(registry, { principal: { id: "u", roles: ["USER"] } });
    const calls = ["hang", "scoped", "crash"].map((name, index) => item(`c${index}`, name, {}));

    const running = binding.run(calls);
    await clock.advance(60);
    const [late, denied, crashed] = (await running).map(({ output }) => output);
    expect(late).toMatch(/^TIMEOUT: /);
    expect(denied).toMatch(/^FORBIDDEN: /);
    expect(crashed).toMatch(/^TOOL_FAILED: The tool failed\. Quote call_\S+ to its operator\.$/);

    const controller = new AbortController();
    const cancelled = binding.run(calls, { signal: controller.signal });
    controller.abort();
    expect((await cancelled).map(({ call_id }) => call_id)).toEqual(["c0", "c1", "c2"]);
    expect((await cancelled)[0]?.output).toMatch(/^CANCELLED: /);

    await registry.close({ graceMs: 0 });
    for (const { output } of await binding.run([...calls, item("c3", "nothing", {})]))
      expect(output).toMatch(/^CLOSED: /);
  });

  test("runs no more calls at once than it may", async () => {
    let running = 0;
    let most = 0;
    const handler = async (): Promise<number> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      return --running;
    };
    const tool = defineTool({ name: "t", version: "1.0.0", description: "x", effect: "read", handler });
    const binding = openai(createRegistry({ tools: [tool] }), { concurrency: 3 });
    await binding.run(Array.from({ length: 12 }, (_, index) => item(`c${index}`, "t", {})));
    expect(most).toBe(3);
  });

  test("refuses what is no response, by name", async () => {
    const registry = createSample();
    await expect(openai(registry).run("text" as never)).rejects.toThrow(
      "received a string, expected a Response or its output items",
    );
    await expect(openai(registry, { format: "chat" }).run({ id: 1 } as never)).rejects.toThrow("an object with id");
    await expect(openai(registry, { format: "chat" }).run({ role: "assistant" })).resolves.toEqual([]);
  });
});

describe("one answer per call id", () => {
  const wireName = fc.constantFrom(
    "weather_climate",
    "math_calculate",
    "units_convert",
    "time_now",
    "notes_clear",
    "__proto__",
    "constructor",
    "x.y",
  );
  const args = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom("", "{}", '{"city":"Oslo","month":1}', '{"city":"Pariss","month":"1"}', "null"),
  );
  const id = fc.oneof(fc.constantFrom("c1", "c2", "c3", "__proto__"), fc.string({ minLength: 1, maxLength: 12 }));

  test("holds for random responses in the format of Responses", async () => {
    const binding = openai(createSample(), { principal: gus });
    const functionCall = fc.record({
      type: fc.constant("function_call" as const),
      call_id: id,
      name: fc.oneof(wireName, fc.string()),
      arguments: args,
    });
    const custom = fc.record({
      type: fc.constant("custom_tool_call" as const),
      call_id: id,
      name: wireName,
      input: fc.string(),
    });
    const other = fc.record({ type: fc.constantFrom("message", "reasoning", "web_search_call") });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 4, arbitrary: functionCall }, custom, other), { maxLength: 12 }),
        async (output) => {
          const results = await binding.run({ output });
          const ids = output.flatMap((one) => ("call_id" in one ? [one.call_id] : []));
          expect(results.map(({ call_id }) => call_id)).toEqual([...new Set(ids)]);
          for (const { output: text } of results) expect(typeof text).toBe("string");
        },
      ),
      { numRuns: 200 },
    );
  });

  test("holds for random responses in the format of Chat Completions", async () => {
    const binding = openai(createSample(), { principal: gus, format: "chat" });
    const anyCall = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          id,
          type: fc.constant("function"),
          function: fc.record({ name: fc.oneof(wireName, fc.string()), arguments: args }),
        }),
      },
      fc.record({ id, type: fc.constant("custom"), custom: fc.record({ name: wireName, input: fc.string() }) }),
      fc.record({ id, type: fc.string() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyCall, { maxLength: 12 }), async (tool_calls) => {
        const results = await binding.run({ role: "assistant", tool_calls });
        expect(results.map(({ tool_call_id }) => tool_call_id)).toEqual([...new Set(tool_calls.map((one) => one.id))]);
      }),
      { numRuns: 200 },
    );
  });
});

function catchError(run: () => unknown): ToolyardError {
  try {
    run();
  } catch (error) {
    if (error instanceof ToolyardError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
