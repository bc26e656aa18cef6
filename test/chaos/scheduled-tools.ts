// Tools with every layer between them, whose handlers do what a scenario says, step by step of a scheduler.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ToolContext } from "../../src/call/context.ts";
import type { HandlerEvent } from "../../src/call/event.ts";
import type { Outcome } from "../../src/call/outcome.ts";
import { ToolError } from "../../src/errors/tool-error.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import type { AnyTool } from "../../src/tool/definition.ts";
import { withJsonSchema } from "../../src/tool/schema/with-json-schema.ts";
import type { Step } from "./scheduled-stores.ts";

export const TOOL_NAMES = ["read", "cached", "covered", "write", "keyed", "outer"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** What "outer" calls. */
const CALLED = ["cached", "write"];

/** What a handler does when it is run. */
export const BEHAVIOURS = [
  "answers",
  "fails",
  "is busy",
  "refuses",
  "loses it",
  "misfits",
  "hangs",
  "streams",
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

export interface Script {
  readonly step: Step;
  /** Of the next run of a handler. */
  next(): Behaviour;
  /** Hears what a handler was told by a tool it called. */
  hear(outcome: Outcome): void;
}

/** The tools of these names, and those that they call. */
export function createScheduledTools(names: readonly ToolName[], script: Script): readonly AnyTool[] {
  const wanted = new Set<string>(names);
  if (wanted.has("covered")) wanted.add("read");
  if (wanted.has("outer")) for (const name of CALLED) wanted.add(name);
  return createAll(script).filter(({ name }) => wanted.has(name));
}

function createAll(script: Script): readonly AnyTool[] {
  const { step } = script;
  const input = toScheduledSchema(step, "input");
  const output = toScheduledSchema(step, "output");
  const base = { version: "1.0.0", description: "For chaos.", access: { roles: ["USER"] }, input };
  const retry = { repeats: 2, baseMs: 1, capMs: 2 } as const;
  const breaker = { failures: 3, openMs: 5 } as const;
  const handler = (_: unknown, context: ToolContext): Promise<unknown> | AsyncGenerator<HandlerEvent, unknown> =>
    run(script, context);
  return [
    defineTool({ ...base, name: "read", effect: "read", retry, breaker, bulkhead: { max: 1, queue: 1 }, handler }),
    defineTool({
      ...base,
      output,
      name: "cached",
      effect: "read",
      cache: { ttlMs: 5, staleWhileRevalidateMs: 10, staleIfErrorMs: 20 },
      retry,
      attemptTimeoutMs: 10,
      handler,
    }),
    defineTool({
      ...base,
      name: "covered",
      effect: "read",
      retry: { ...retry, repeats: 1 },
      fallback: { tool: "read", reserveMs: 5 },
      handler,
    }),
    defineTool({ ...base, output, name: "write", effect: "write", breaker, fallback: { value: "instead" }, handler }),
    defineTool({
      ...base,
      name: "keyed",
      effect: "write",
      honoursKeys: true,
      attemptTimeoutMs: 10,
      retry,
      bulkhead: { max: 1, queue: 0 },
      handler,
    }),
    defineTool({
      ...base,
      name: "outer",
      effect: "read",
      retry: false,
      async handler(_, context) {
        const outcomes = await Promise.all(CALLED.map((name) => context.call(name, {})));
        for (const outcome of outcomes) script.hear(outcome);
        return outcomes.length;
      },
    }),
  ];
}

/** Accepts anything, after a while. */
function toScheduledSchema(step: Step, label: string): StandardSchemaV1<unknown> {
  const validate = async (value: unknown): Promise<StandardSchemaV1.Result<unknown>> => {
    await step(label);
    return { value };
  };
  const schema: StandardSchemaV1<unknown> = { "~standard": { version: 1, vendor: "chaos", validate } };
  return withJsonSchema(schema, { input: { type: "object" }, output: {} });
}

function run(script: Script, context: ToolContext): Promise<unknown> | AsyncGenerator<HandlerEvent, unknown> {
  const behaviour = script.next();
  return behaviour === "streams" ? yieldTwice(script.step) : behave(script.step, behaviour, context);
}

async function* yieldTwice(step: Step): AsyncGenerator<HandlerEvent, unknown> {
  await step("handler");
  yield { type: "progress", fraction: 0.5 };
  await step("handler, half-way");
  yield { type: "partial", value: 1 };
  return "streamed";
}

async function behave(step: Step, behaviour: Exclude<Behaviour, "streams">, { signal }: ToolContext): Promise<unknown> {
  await step("handler");
  switch (behaviour) {
    case "answers":
      return "answer";
    case "misfits":
      return () => "no data";
    case "fails":
      throw new Error("broken");
    case "is busy":
      throw new ToolError("BUSY", "Later.", { retryable: true, effect: "none" });
    case "refuses":
      throw new ToolError("NO", "No.");
    case "loses it":
      throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    case "hangs":
      return new Promise((_, reject) => {
        const leave = (): void => reject(signal.reason);
        if (signal.aborted) leave();
        else signal.addEventListener("abort", leave, { once: true });
      });
  }
}
