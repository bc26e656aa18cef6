// The Gemini binding over real registries: whatever a model writes, each of its calls gets exactly one answer, in order.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type AnyTool,
  type ContentPart,
  createRegistry,
  defineTool,
  type Registry,
  Role,
  ToolyardError,
} from "../../src/index.ts";
import { gemini, type GeminiPart, type GeminiResult, toGeminiTool } from "../../src/providers/gemini/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { sampleTools } from "./sample-tools.ts";
import { piecesOf, toStream } from "./stream-parts.ts";

const gus = { id: "gus", roles: [Role.GUEST] };

function createSample(): Registry {
  return createRegistry({ tools: sampleTools, limits: [{ per: ["principal"], capacity: 1_000_000, windowMs: 1_000 }] });
}

function define(name: string, handler: () => unknown = () => name): AnyTool {
  const access = { roles: [Role.GUEST] };
  return defineTool({ name, version: "1.0.0", description: `Does ${name}.`, effect: "read", access, handler });
}

function call(name: string, args?: unknown, id?: string): GeminiPart {
  return { functionCall: { ...(id !== undefined && { id }), name, ...(args !== undefined && { args }) } } as GeminiPart;
}

function content(...parts: readonly GeminiPart[]): { role: string; parts: readonly GeminiPart[] } {
  return { role: "model", parts };
}

function textOf({ functionResponse: { response } }: GeminiResult): string {
  return "output" in response ? response.output : response.error;
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

describe("tools", () => {
  test("are function declarations by name in one entry, with a JSON Schema", () => {
    const { tools, report, toolChoice } = gemini(createSample(), { principal: gus });
    expect(tools).toHaveLength(1);
    expect(tools[0]?.functionDeclarations.map(({ name }) => name)).toEqual([
      "dates_between",
      "dice_roll",
      "docs_search",
      "math_calculate",
      "time_now",
      "units_convert",
      "weather_climate",
    ]);
    for (const declaration of tools[0]?.functionDeclarations ?? []) {
      expect(Object.keys(declaration)).toEqual(["name", "description", "parametersJsonSchema"]);
    }
    expect(report.map(({ tool }) => tool)).toContain("weather.climate");
    expect(toolChoice).toBeUndefined();
  });

  test("are the same text for the same registry, and frozen", () => {
    const one = createRegistry({ tools: sampleTools });
    const other = createRegistry({ tools: sampleTools.toReversed() });
    expect(JSON.stringify(gemini(one).tools)).toBe(JSON.stringify(gemini(other).tools));
    const binding = gemini(one);
    expect(binding.tools).not.toBe(binding.tools);
    expect(binding.tools[0]?.functionDeclarations.every((declaration) => Object.isFrozen(declaration))).toBe(true);
  });

  test("are no entry at all where there are none", () => {
    const options = [{ strict: "prefer" }, { select: { allowed: [] } }] as const;
    for (const option of options) {
      expect(gemini(createRegistry(), option)).toMatchObject({ tools: [], toolChoice: undefined });
    }
  });

  test("are refused when there are more than a request may declare, with the way out", () => {
    const many = (count: number): AnyTool[] => Array.from({ length: count }, (_, index) => define(`t${index}`));
    expect(gemini(createRegistry({ tools: many(512) })).tools[0]?.functionDeclarations).toHaveLength(512);
    const registry = createRegistry({ tools: many(513) });
    const error = catchError(() => gemini(registry));
    expect(error.code).toBe("CONVERSION_REFUSED");
    expect(error.message).toMatch(/513 tools.* at most 512.*select\.defer/);
    expect(gemini(registry, { select: { defer: true } }).tools[0]?.functionDeclarations).toHaveLength(1);
    // The search is one of the declarations.
    const almostAll = { defer: ({ name }: { readonly name: string }) => name === "t0" };
    expect(catchError(() => gemini(registry, { select: almostAll })).message).toMatch(/512 tools.* at most 511/);
  });

  test("have no mark for strict: preferring it validates all calls, requiring it is refused", () => {
    const registry = createSample();
    const { report, toolChoice } = gemini(registry, { strict: "prefer" });
    expect(toolChoice).toEqual({ functionCallingConfig: { mode: "VALIDATED" } });
    expect(report.every(({ strict, reason }) => !strict && reason === "Gemini has no strict tools")).toBe(true);
    const some = gemini(registry, { strict: ({ name }) => (name === "time.now" ? "prefer" : "off") });
    expect(some.toolChoice).toEqual({ functionCallingConfig: { mode: "VALIDATED" } });
    expect(some.report.filter(({ reason }) => reason !== null).map(({ tool }) => tool)).toEqual(["time.now"]);
    const error = catchError(() => gemini(registry, { strict: "require", select: { names: ["time.now"] } }));
    expect(error.code).toBe("CONVERSION_REFUSED");
    expect(error.problems).toEqual([{ path: "time.now", message: "Gemini has no strict tools" }]);
  });

  test("are narrowed to those that may be called now, the rest staying declared", async () => {
    const registry = createSample();
    const select = { allowed: ["time.now", "math.calculate"] };
    const binding = gemini(registry, { principal: gus, select });
    expect(binding.tools).toEqual(gemini(registry, { principal: gus }).tools);
    expect(binding.toolChoice).toEqual({
      functionCallingConfig: { mode: "VALIDATED", allowedFunctionNames: ["math_calculate", "time_now"] },
    });
    const [refused] = await binding.run([call("dice_roll", {})]);
    expect(refused?.functionResponse.response).toEqual({
      error: 'UNKNOWN_TOOL: The tool "dice_roll" may not be called now. Possible: math_calculate, time_now.',
    });
    expect(gemini(registry, { select: { allowed: [] } }).toolChoice).toEqual({
      functionCallingConfig: { mode: "NONE" },
    });
  });

  test("that are deferred are found by a search of the binding, and declared from then on", async () => {
    const binding = gemini(createSample(), { principal: gus, select: { defer: ({ name }) => name !== "time.now" } });
    const names = (): readonly string[] =>
      binding.tools.flatMap((tool) => tool.functionDeclarations.map(({ name }) => name));
    expect(names()).toEqual(["toolyard_search_tools", "time_now"]);
    const [found] = await binding.run([call("toolyard_search_tools", { query: "roll some dice" }, "s")]);
    expect(found?.functionResponse).toMatchObject({ id: "s", name: "toolyard_search_tools" });
    expect(textOf(found as GeminiResult)).toMatch(/^These can be called now:\n- dice_roll: /);
    expect(names()).toEqual(["toolyard_search_tools", "time_now", "dice_roll"]);
    const [rolled] = await binding.run([call("dice_roll", { count: 2 })]);
    expect(textOf(rolled as GeminiResult)).toBe('{"count":2,"sides":6,"color":"white"}');
  });

  test("that are deferred may be allowed, once they are declared", async () => {
    const select = { defer: true, allowed: ["dice.roll"] };
    const binding = gemini(createSample(), { principal: gus, select });
    const allowed = (): unknown => binding.toolChoice?.functionCallingConfig.allowedFunctionNames;
    expect(allowed()).toEqual(["toolyard_search_tools"]);
    await binding.run([call("toolyard_search_tools", { query: "dice time" })]);
    expect(allowed()).toEqual(["toolyard_search_tools", "dice_roll"]);
  });

  test("that were found never make more declarations than a request may have", async () => {
    const tools = Array.from({ length: 520 }, (_, index) => define(`found${index}.tool`));
    const defer = ({ name }: { readonly name: string }): boolean => Number(/\d+/.exec(name)?.[0]) >= 509;
    const binding = gemini(createRegistry({ tools }), { select: { defer } });
    for (const name of ["509", "510", "511", "512"]) {
      await binding.run([call("toolyard_search_tools", { query: `found${name}` })]);
    }
    const names = binding.tools[0]?.functionDeclarations.map(({ name }) => name) ?? [];
    expect(names).toHaveLength(512);
    expect(names.slice(0, 2)).toEqual(["toolyard_search_tools", "found0_tool"]);
    expect(new Set(names).size).toBe(512);
    expect(names).toContain("found508_tool");
  });

  test("are one declaration each when they are converted alone", () => {
    const [tool] = createSample().list();
    if (tool === undefined) throw new Error("no tool");
    expect(toGeminiTool(tool)).toBe(toGeminiTool(tool));
    expect(Object.isFrozen(toGeminiTool(tool))).toBe(true);
  });

  test("of unknown options are refused with what is accepted", () => {
    const registry = createSample();
    expect(catchError(() => gemini(registry, { multimodalResults: "yes" as never })).message).toContain(
      "true or false",
    );
    expect(catchError(() => gemini(registry, { multimodalResult: true } as object)).message).toContain(
      "did you mean multimodalResults",
    );
    expect(catchError(() => gemini(registry, { select: { defer: true, search: "provider" } })).message).toContain(
      "gemini has no tool search",
    );
  });
});

describe("a call", () => {
  test("is found in a response, its content, and its parts", async () => {
    const binding = gemini(createSample(), { principal: gus });
    const parts = [
      { text: "Hm.", thought: true },
      { text: "Let me see." },
      call("time_now", {}, "a"),
      call("time_now"),
    ];
    const sources = [{ candidates: [{ content: content(...parts), finishReason: "STOP" }] }, content(...parts), parts];
    for (const source of sources) {
      expect(binding.decode(source).map(({ id, wireName, input }) => ({ id, wireName, input }))).toEqual([
        { id: "a", wireName: "time_now", input: {} },
        { id: "call_1", wireName: "time_now", input: {} },
      ]);
    }
  });

  test("is not found where there is none, and what is no response is refused by name", () => {
    const binding = gemini(createSample());
    const empty = [
      { candidates: [] },
      { candidates: [{}] },
      { candidates: [{ content: { role: "model" } }] },
      content(),
    ];
    for (const source of [...empty, { promptFeedback: { blockReason: "SAFETY" } } as object]) {
      expect(binding.decode(source)).toEqual([]);
    }
    expect(() => binding.decode("text" as never)).toThrow("received a string, expected a response of generateContent");
    expect(() => binding.decode({ choices: [] } as object)).toThrow("an object with choices");
  });

  test.each(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"])(
    "is none when the API says %s",
    async (finishReason) => {
      const binding = gemini(createSample());
      const response = { candidates: [{ content: content(call("time_now", {})), finishReason }] };
      expect(await binding.run(response)).toEqual([]);
      expect(binding.toMessages(response, [])).toEqual([]);
    },
  );

  test("is answered in order, with its name, and with an id only where it had one", async () => {
    const binding = gemini(createSample(), { principal: gus });
    const results = await binding.run(
      content(call("time_now", {}, "b"), call("no_such_tool", {}, "x"), call("math_calculate", { expression: "1+1" })),
    );
    expect(results).toEqual([
      { functionResponse: { id: "b", name: "time_now", response: { output: '{"time":"12:00","timeZone":"UTC"}' } } },
      {
        functionResponse: {
          id: "x",
          name: "no_such_tool",
          response: { error: 'UNKNOWN_TOOL: There is no tool "no_such_tool".' },
        },
      },
      { functionResponse: { name: "math_calculate", response: { output: '{"result":"<1+1>"}' } } },
    ]);
  });

  test("is answered by itself also under the id of another", async () => {
    const registry = createSample();
    const results = await gemini(registry).run([
      call("math_calculate", { expression: "1" }, "c"),
      call("math_calculate", { expression: "2" }, "c"),
      call("math_calculate", { expression: "3" }, "call_3"),
      call("math_calculate", { expression: "4" }),
    ]);
    expect(results.map(textOf)).toEqual(["1", "2", "3", "4"].map((one) => `{"result":"<${one}>"}`));
    expect(results.map(({ functionResponse: { id } }) => id)).toEqual(["c", "c", "call_3", undefined]);
  });

  test("without arguments takes none, and odd arguments are refused by the registry", async () => {
    const binding = gemini(createSample(), { principal: gus });
    const odd = [undefined, null, [1], "{", 5].map((args) => ({ functionCall: { name: "time_now", args } }));
    const results = (await binding.run(odd as never)).map(textOf);
    expect(results.slice(0, 2)).toEqual(Array(2).fill('{"time":"12:00","timeZone":"UTC"}'));
    for (const text of results.slice(2)) expect(text).toMatch(/^INVALID_(?:INPUT|JSON): /);
  });

  test("that holds a piece of its arguments is never executed", async () => {
    const registry = createSample();
    const piece = { functionCall: { name: "time_now", willContinue: true, partialArgs: [] } };
    const [result] = await gemini(registry).run([piece]);
    expect(textOf(result as GeminiResult)).toContain("came in pieces");
    expect(registry.usage("time.now").calls).toBe(0);
  });

  test("gets its own names of properties and values back", async () => {
    const received: unknown[] = [];
    const tool = defineTool({
      name: "tag",
      version: "1.0.0",
      description: "x",
      effect: "read",
      input: z.strictObject({ "x-tag": z.string(), level: z.union([z.literal(1), z.literal(2)]) }),
      handler: (input) => received.push(input),
    });
    const binding = gemini(createRegistry({ tools: [tool] }));
    const properties = binding.tools[0]?.functionDeclarations[0]?.parametersJsonSchema["properties"] ?? {};
    const [wireName = ""] = Object.keys(properties);
    expect(wireName).toMatch(/^[a-zA-Z_]\w*$/);
    await binding.run([call("tag", { [wireName]: "a", level: 1 })]);
    expect(received).toEqual([{ "x-tag": "a", level: 1 }]);
  });

  test("of a tool that is not in the binding is never executed", async () => {
    const executed: string[] = [];
    const registry = createRegistry({
      tools: ["shown", "left_out"].map((name) => define(name, () => executed.push(name))),
    });
    const binding = gemini(registry, { select: { names: ["shown"] } });
    const names = ["left_out", "shown@1.0.0", "", "__proto__", "default_api:shown"];
    const results = await binding.run(names.map((name) => call(name, {})));
    expect(executed).toEqual([]);
    expect(results.every(({ functionResponse: { response } }) => "error" in response)).toBe(true);
  });

  test("is answered when it times out, is cancelled, denied, crashes, or the registry is closed", async () => {
    const clock = createManualClock();
    const access = { roles: [Role.USER] };
    const base = { version: "1.0.0", description: "x", effect: "read" } as const;
    const hang = defineTool({
      ...base,
      name: "hang",
      access,
      timeoutMs: 50,
      handler: () => new Promise<never>(() => {}),
    });
    const scoped = defineTool({ ...base, name: "scoped", access: { ...access, scopes: ["s"] }, handler: () => 1 });
    const crash = defineTool({
      ...base,
      name: "crash",
      access,
      handler() {
        throw new Error("password=hunter2");
      },
    });
    const registry = createRegistry({ tools: [hang, scoped, crash], clock, retry: false });
    const binding = gemini(registry, { principal: { id: "u", roles: ["USER"] } });
    const calls = ["hang", "scoped", "crash"].map((name) => call(name, {}));
    const running = binding.run(calls);
    await clock.advance(60);
    expect((await running).map((one) => textOf(one).split(":")[0])).toEqual(["TIMEOUT", "FORBIDDEN", "TOOL_FAILED"]);
    expect(JSON.stringify(await running)).not.toContain("hunter2");

    const controller = new AbortController();
    const cancelled = binding.run(calls, { signal: controller.signal });
    controller.abort();
    expect((await cancelled).map(({ functionResponse: { name } }) => name)).toEqual(["hang", "scoped", "crash"]);
    expect(textOf((await cancelled)[0] as GeminiResult)).toMatch(/^CANCELLED: /);

    await registry.close({ graceMs: 0 });
    for (const one of await binding.run(calls)) expect(textOf(one)).toMatch(/^CLOSED: /);
  });

  test("is its own idempotency key only where the model gave the id", async () => {
    let effects = 0;
    const input = z.strictObject({ n: z.number() });
    const base = { name: "write", version: "1.0.0", description: "x", input, effect: "write" } as const;
    const tool = defineTool({ ...base, handler: () => ++effects });
    const binding = gemini(createRegistry({ tools: [tool] }), { callIdsAsKeys: true });
    await binding.run([call("write", { n: 1 }, "id_1")]);
    await binding.run([call("write", { n: 1 }, "id_1")]);
    expect(effects).toBe(1);
    const [other] = await binding.run([call("write", { n: 2 })]);
    const [again] = await binding.run([call("write", { n: 3 })]);
    expect([other, again].map((one) => textOf(one as GeminiResult))).toEqual(["2", "3"]);
  });
});

describe("images and files of a result", () => {
  const PNG = "iVBORw0KGgo=";
  const parts: readonly ContentPart[] = [
    { type: "image", data: PNG, mimeType: "image/png" },
    { type: "image", data: PNG, mimeType: "image/tiff" },
    { type: "file", data: "JVBERi0=", mimeType: "application/pdf", name: "a.pdf" },
    { type: "file", data: "not base64!", mimeType: "text/plain", name: "b.txt" },
  ];
  const picture = defineTool({
    name: "picture",
    version: "1.0.0",
    description: "x",
    effect: "read",
    handler(_input, { attach }) {
      for (const part of parts) attach(part);
    },
  });
  const registry = (): Registry => createRegistry({ tools: [picture] });

  test("are named in the text unless the model is known to take them", async () => {
    const [result] = await gemini(registry()).run([call("picture", {})]);
    expect(result?.functionResponse.parts).toBeUndefined();
    expect(textOf(result as GeminiResult)).toContain("image/png");
  });

  test("stand beside the text of what the model takes, the others are named in it", async () => {
    const [result] = await gemini(registry(), { multimodalResults: true }).run([call("picture", {})]);
    expect(result?.functionResponse.parts).toEqual([
      { inlineData: { mimeType: "image/png", data: PNG } },
      { inlineData: { mimeType: "application/pdf", data: "JVBERi0=" } },
    ]);
    const text = textOf(result as GeminiResult);
    expect(text).toContain("image/tiff");
    expect(text).not.toContain("image/png");
  });
});

describe("what goes into the conversation", () => {
  const signed = { ...call("time_now", {}, "a"), thoughtSignature: "c2ln" };

  test("is the model's content as it came, and all answers in one of the user", async () => {
    const binding = gemini(createSample(), { principal: gus });
    const said = content({ text: "Hm.", thought: true }, signed, call("dice_roll", {}, "b"));
    const response = { candidates: [{ content: said, finishReason: "STOP" }] };
    const results = await binding.run(response);
    const [echo, answers, ...others] = binding.toMessages(response, results);
    expect(echo).toBe(said);
    expect(answers).toEqual({ role: "user", parts: results });
    expect(results).toHaveLength(2);
    expect(others).toEqual([]);
    expect(binding.toMessages(said, results)).toEqual([said, { role: "user", parts: results }]);
    expect(binding.toMessages(said.parts, results)).toEqual([said, { role: "user", parts: results }]);
  });

  test("is the model's content alone where it called nothing, and nothing where it said nothing", () => {
    const binding = gemini(createSample());
    const said = content({ text: "Hi." });
    expect(binding.toMessages(said, [])).toEqual([said]);
    for (const empty of [{ candidates: [] }, { candidates: [{ finishReason: "SAFETY" }] }, content()]) {
      expect(binding.toMessages(empty, [])).toEqual([]);
    }
  });
});

describe("a stream", () => {
  const end = {
    candidates: [{ content: content({ text: "" }), finishReason: "STOP" }],
    usageMetadata: { totalTokenCount: 9 },
  };
  const collect = (chunks: readonly unknown[], onText?: (text: string) => void) =>
    gemini(createSample()).collect(toStream(chunks), onText);
  const toChunk = (...parts: readonly GeminiPart[]): object => ({ candidates: [{ content: content(...parts) }] });

  test("becomes a response: texts joined, calls and signatures as they came", async () => {
    const said: string[] = [];
    const signed = { text: "", thoughtSignature: "c2ln" };
    const response = await collect(
      [
        toChunk({ text: "Hm", thought: true }),
        toChunk({ text: "m.", thought: true }),
        toChunk({ text: "Let " }, { text: "me" }),
        toChunk({ text: " see." }),
        toChunk(signed),
        toChunk({ text: "Now." }),
        toChunk({ ...call("time_now", {}), thoughtSignature: "Y2FsbA==" }),
        toChunk(call("time_now", {})),
        end,
      ],
      (text) => said.push(text),
    );
    expect(response).toEqual({
      candidates: [
        {
          index: 0,
          finishReason: "STOP",
          content: content(
            { text: "Hmm.", thought: true },
            { text: "Let me see." },
            signed,
            { text: "Now." },
            { ...call("time_now", {}), thoughtSignature: "Y2FsbA==" },
            call("time_now", {}),
          ),
        },
      ],
      usageMetadata: { totalTokenCount: 9 },
    });
    expect(said.join("")).toBe("Let me see.Now.");
  });

  test("of several candidates is the first one's", async () => {
    const other = { candidates: [{ index: 1, content: content({ text: "Other." }), finishReason: "STOP" }] };
    const response = await collect([toChunk({ text: "First." }), other, end]);
    expect(JSON.stringify(response)).not.toContain("Other");
  });

  test.each([
    ["ends before its reason has come", [toChunk({ text: "Half" })], /ended before it was whole/, true],
    ["was to be continued", [{ candidates: [{ finishReason: "CONTINUATION" }] }], /ended before it was whole/, true],
    [
      "is no answer to a blocked prompt",
      [{ promptFeedback: { blockReason: "SAFETY" } }],
      /blocked the prompt \(SAFETY\)/,
      false,
    ],
    [
      "holds an error",
      [{ error: { code: 0, message: "Overloaded, AIzaSy0123456789abcdef" } }],
      /Overloaded, \[redacted\]$/,
      true,
    ],
    [
      "holds pieces of arguments",
      [toChunk({ functionCall: { name: "t", willContinue: true } } as GeminiPart), end],
      /streamFunctionCallArguments/,
      false,
    ],
  ])("that %s fails", async (_what, chunks, message, retryable) => {
    await expect(collect(chunks)).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: expect.stringMatching(message),
      retryable,
    });
  });

  test("gives the same content wherever texts are cut, and never moves a signature", async () => {
    const signature = fc.option(fc.constantFrom("c2ln", "b3RoZXI="), { nil: undefined });
    const textPart = fc.record({
      text: fc.string({ minLength: 1 }),
      thought: fc.boolean(),
      thoughtSignature: signature,
    });
    const callPart = fc.record({ name: fc.string({ minLength: 1 }), thoughtSignature: signature });
    const part = fc.oneof(textPart, callPart).map((one): GeminiPart => {
      const sign = one.thoughtSignature === undefined ? {} : { thoughtSignature: one.thoughtSignature };
      return "text" in one
        ? { text: one.text, ...(one.thought && { thought: true }), ...sign }
        : { ...call(one.name, {}), ...sign };
    });
    // What can be cut is a text without a signature.
    const cut = (one: GeminiPart): fc.Arbitrary<readonly GeminiPart[]> =>
      one.text === undefined || one.thoughtSignature !== undefined
        ? fc.constant([one])
        : piecesOf(one.text).map((texts) => texts.map((text) => ({ ...one, text })));
    const cases = fc
      .array(part, { maxLength: 8 })
      .chain((parts) => fc.tuple(fc.constant(parts), fc.tuple(...parts.map(cut)), fc.infiniteStream(fc.boolean())));
    await fc.assert(
      fc.asyncProperty(cases, async ([parts, pieces, breaks]) => {
        const chunks: GeminiPart[][] = [[]];
        for (const piece of pieces.flat()) {
          if (breaks.next().value === true) chunks.push([]);
          chunks.at(-1)?.push(piece);
        }
        const texts: string[] = [];
        const cutAnew = await collect([...chunks.map((one) => toChunk(...one)), end], (text) => texts.push(text));
        const whole = await collect([toChunk(...parts), end]);
        expect(cutAnew).toEqual(whole);
        const [candidate] = (cutAnew as { candidates: { content: { parts: readonly GeminiPart[] } }[] }).candidates;
        const kept = candidate?.content.parts ?? [];
        const isFixed = (one: GeminiPart): boolean => one.text === undefined || one.thoughtSignature !== undefined;
        expect(kept.filter(isFixed)).toEqual(parts.filter(isFixed));
        expect(texts.join("")).toBe(parts.map((one) => (one.thought === true ? "" : (one.text ?? ""))).join(""));
      }),
    );
  });
});

describe("one answer per call", () => {
  test("holds for random contents", async () => {
    const binding = gemini(createSample(), { principal: gus });
    const name = fc.oneof(fc.constantFrom("weather_climate", "time_now", "notes_clear", "__proto__"), fc.string());
    const args = fc.oneof(fc.object(), fc.anything(), fc.constantFrom({}, { city: "Oslo", month: 1 }));
    const id = fc.option(fc.oneof(fc.constantFrom("a", "b", "call_0", "call_1"), fc.string()), { nil: undefined });
    const functionCall = fc.record({ id, name, args }).map((one) => ({ functionCall: one }));
    const part = fc.oneof({ weight: 4, arbitrary: functionCall }, fc.record({ text: fc.string() }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const results = await binding.run(content(...(parts as GeminiPart[])));
        const calls = parts.flatMap((one) => ("functionCall" in one ? [one.functionCall] : []));
        expect(results.map(({ functionResponse: one }) => [one.name, one.id])).toEqual(
          calls.map((one) => [one.name, one.id === "" ? undefined : one.id]),
        );
        for (const one of results) expect(typeof textOf(one)).toBe("string");
      }),
      { numRuns: 200 },
    );
  });
});
