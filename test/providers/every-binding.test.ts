// What holds for every binding: one answer for each call id, in order, whatever comes of the calls and whatever a model
// wrote; the same decisions, names and reports from the same registry.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createPrincipal,
  createRegistry,
  defineTool,
  type Failure,
  type Outcome,
  type Registry,
  Role,
} from "../../src/index.ts";
import { aiSdk } from "../../src/providers/ai-sdk/index.ts";
import { anthropic } from "../../src/providers/anthropic/index.ts";
import { gemini } from "../../src/providers/gemini/index.ts";
import {
  type BindableRegistry,
  type BindingOptions,
  openai,
  type ToolReport,
} from "../../src/providers/openai/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { sampleTools } from "./sample-tools.ts";

interface Call {
  readonly id: string;
  readonly name: string;
  /** JSON text, or what a model wrote instead. */
  readonly input: string;
}

interface Answer {
  readonly id: string;
  readonly text: string;
}

interface Bound {
  readonly report: readonly ToolReport[];
  /** What goes into a request, as JSON. */
  readonly sent: string;
  readonly run: (calls: readonly Call[], signal?: AbortSignal) => Promise<readonly Answer[]>;
}

type Bind = (registry: BindableRegistry, options?: BindingOptions) => Bound;

/** Arguments as data, for formats that have no text; text that is no JSON stays, as it does when a stream was cut. */
function toData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const options = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal === undefined ? {} : { signal });

const BINDINGS: Readonly<Record<string, Bind>> = {
  "OpenAI Responses": (registry, given = {}) => {
    const binding = openai(registry, { ...given, format: "responses" });
    return {
      report: binding.report,
      sent: JSON.stringify(binding.tools),
      run: async (calls, signal) => {
        const items = calls.map(
          ({ id, name, input }) => ({ type: "function_call", call_id: id, name, arguments: input }) as const,
        );
        const results = await binding.run(items, options(signal));
        return results.map(({ call_id, output }) => ({ id: call_id, text: JSON.stringify(output) }));
      },
    };
  },
  "OpenAI Chat": (registry, given = {}) => {
    const binding = openai(registry, { ...given, format: "chat" });
    return {
      report: binding.report,
      sent: JSON.stringify(binding.tools),
      run: async (calls, signal) => {
        const made = calls.map(({ id, name, input }) => ({
          id,
          type: "function",
          function: { name, arguments: input },
        }));
        const results = await binding.run(made, options(signal));
        return results.map(({ tool_call_id, content }) => ({ id: tool_call_id, text: content }));
      },
    };
  },
  Anthropic: (registry, given = {}) => {
    const binding = anthropic(registry, given);
    return {
      report: binding.report,
      sent: JSON.stringify(binding.tools),
      run: async (calls, signal) => {
        const blocks = calls.map(
          ({ id, name, input }) => ({ type: "tool_use", id, name, input: toData(input) }) as const,
        );
        const results = await binding.run(blocks, options(signal));
        return results.map(({ tool_use_id, content }) => ({ id: tool_use_id, text: JSON.stringify(content) }));
      },
    };
  },
  "the AI SDK": (registry, given = {}) => {
    const binding = aiSdk(registry, given);
    return {
      report: binding.report,
      sent: JSON.stringify(Object.keys(binding.tools)),
      run: async (calls, signal) => {
        const parts = calls.map(
          ({ id, name, input }) =>
            ({ type: "tool-call", toolCallId: id, toolName: name, input: toData(input) }) as const,
        );
        const results = await binding.run(parts, options(signal));
        return results.map(({ toolCallId, output }) => ({ id: toolCallId, text: JSON.stringify(output) }));
      },
    };
  },
};

/** Gemini answers every call, also one under the id of another: its API counts them. */
const bindGemini: Bind = (registry, given = {}) => {
  const binding = gemini(registry, given);
  return {
    report: binding.report,
    sent: JSON.stringify(binding.tools),
    run: async (calls, signal) => {
      const parts = calls.map(({ id, name, input }) => ({ functionCall: { id, name, args: toData(input) as object } }));
      const results = await binding.run(parts as never, options(signal));
      return results.map(({ functionResponse: { id, response } }) => ({
        id: id ?? "",
        text: JSON.stringify(response),
      }));
    },
  };
};

const ALL: readonly (readonly [string, Bind])[] = [...Object.entries(BINDINGS), ["Gemini", bindGemini]];
const gus = createPrincipal({ id: "gus", roles: [Role.GUEST] });

function createSample(): Registry {
  return createRegistry({ tools: sampleTools, limits: [{ per: ["principal"], capacity: 1_000_000, windowMs: 1_000 }] });
}

const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.record({
    id: fc.constantFrom("a", "b", "c", "d", "e"),
    name: fc.constantFrom("math_calculate", "weather_climate", "notes_clear", "no_such_tool", "parallel", ""),
    input: fc.oneof(
      fc.constantFrom('{"expression":"1+1"}', '{"city":"Oslo","month":7}', "{}", "", "null"),
      fc.json(),
      fc.json().map((text) => text.slice(0, -1)),
    ),
  }),
  { maxLength: 8 },
);

describe.each(Object.entries(BINDINGS))("%s", (_name, bind) => {
  test("answers each call id once, in order, whatever a model wrote", async () => {
    const bound = bind(createSample(), { principal: gus });
    await fc.assert(
      fc.asyncProperty(calls, async (made) => {
        const answers = await bound.run(made);
        expect(answers.map(({ id }) => id)).toEqual([...new Set(made.map(({ id }) => id))]);
        for (const { text } of answers) expect(text.length).toBeGreaterThan(0);
      }),
    );
  });
});

test("Gemini answers each call, in order, whatever a model wrote", async () => {
  const bound = bindGemini(createSample(), { principal: gus });
  await fc.assert(
    fc.asyncProperty(calls, async (made) => {
      expect((await bound.run(made)).map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    }),
  );
});

describe.each(ALL)("%s", (_name, bind) => {
  test("answers calls that wait for approval, as refused ones that may come to something", async () => {
    const registry = createSample();
    const pending = (outcome: Outcome): Failure => ({
      ok: false,
      error: {
        code: "APPROVAL_PENDING",
        message: "Somebody has to approve this call.",
        effect: "none",
        retryable: false,
        retryAfterMs: null,
        issues: [],
        toolCode: null,
        suggestions: [],
        details: undefined,
      },
      continuation: { kind: "approval", token: "secret-token" },
      meta: outcome.meta,
    });
    const waiting: BindableRegistry = {
      list: registry.list,
      get: registry.get,
      results: registry.results,
      executeAll: async (...given) => (await registry.executeAll(...given)).map(pending),
    };
    const answers = await bind(waiting, { principal: gus }).run([
      { id: "a", name: "math_calculate", input: '{"expression":"1"}' },
      { id: "b", name: "time_now", input: "{}" },
    ]);
    expect(answers.map(({ id }) => id)).toEqual(["a", "b"]);
    for (const { text } of answers) {
      expect(text).toContain("APPROVAL_PENDING: Somebody has to approve this call.");
      expect(text).not.toContain("secret-token");
    }
  });

  test("answers calls that hang, crash, are cancelled, or come when the registry is closed", async () => {
    const clock = createManualClock();
    const tools = [
      { name: "hang", handler: () => new Promise<never>(() => {}) },
      {
        name: "crash",
        handler: () => {
          throw new Error("password hunter2");
        },
      },
    ].map(({ name, handler }) =>
      defineTool({ name, version: "1.0.0", description: "x", effect: "read", timeoutMs: 50, handler }),
    );
    const registry = createRegistry({ tools, clock, retry: false });
    const bound = bind(registry);
    const made = ["hang", "crash"].map((name) => ({ id: name, name, input: "{}" }));
    const running = bound.run(made);
    await clock.advance(60);
    const [late, crashed] = await running;
    expect(late?.text).toContain("TIMEOUT: ");
    expect(crashed?.text).toContain("TOOL_FAILED: ");
    expect(crashed?.text).not.toContain("hunter2");

    const cancelled = await bound.run(made, AbortSignal.abort());
    expect(cancelled.map(({ text }) => /CANCELLED/.test(text))).toEqual([true, true]);
    await registry.close({ graceMs: 0 });
    expect((await bound.run(made)).map(({ text }) => /CLOSED/.test(text))).toEqual([true, true]);
  });

  test("does not say that a tool exists which the principal may not see", async () => {
    const bound = bind(createSample(), { principal: gus });
    const [hidden] = await bound.run([{ id: "a", name: "notes_clear", input: "{}" }]);
    const [missing] = await bound.run([{ id: "a", name: "notes_cleas", input: "{}" }]);
    expect(hidden?.text).toContain("UNKNOWN_TOOL: ");
    expect(hidden?.text.replaceAll("notes_clear", "?")).toBe(missing?.text.replaceAll("notes_cleas", "?"));
    expect(bound.sent).not.toContain("notes_clear");
  });

  test("sends the same text for the same tools, whatever the order in which they were registered", () => {
    const sent = (tools: typeof sampleTools): string => bind(createRegistry({ tools }), { strict: "prefer" }).sent;
    expect(sent([...sampleTools].reverse())).toBe(sent(sampleTools));
  });

  test("reports each tool under the same name as every other binding", () => {
    const report = (one: Bind): readonly unknown[] =>
      one(createSample()).report.map(({ tool, version, wireName }) => [tool, version, wireName]);
    expect(report(bind)).toEqual(report(bindGemini));
  });
});
