// Tools that keep calls waiting in every way there is: for a repeat, for a slot, for somebody else's answer, for a fallback,
// for another tool, for a reader, for a key. What became of each run of a handler is written down.
import type { ToolContext } from "../../src/call/context.ts";
import type { HandlerEvent } from "../../src/call/event.ts";
import type { ManualClock } from "../../src/testing/manual-clock.ts";
import { waitFor, waitForever } from "../../src/testing/wait.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import type { AnyTool } from "../../src/tool/definition.ts";
import type { Draw } from "./draw.ts";
import { wait } from "./drive.ts";

export const WAITING_TOOLS = [
  ...(["repeating", "queued", "cached", "covered", "nesting", "counting", "keyed", "stubborn"] as const),
];
export type WaitingTool = (typeof WAITING_TOOLS)[number];

/** One run of a handler. */
export interface Run {
  readonly callId: string;
  readonly tool: WaitingTool;
  readonly signal: AbortSignal;
  ended: boolean;
  /** Whether it was told to end before it did. */
  aborted: boolean;
}

export interface WaitingTools {
  readonly tools: readonly AnyTool[];
  /** By the id of the call. */
  readonly runs: ReadonlyMap<string, readonly Run[]>;
  /** Of the tool that streams, by the `n` it was called with. */
  readonly streams: ReadonlyMap<number, Run>;
  /** While it is set, handlers answer at once. */
  hurry: boolean;
}

/** How many arguments, and keys, there are to meet at. */
export const MEETING_POINTS = 4;

export function createWaitingTools(clock: ManualClock, draw: Draw): WaitingTools {
  const runs = new Map<string, Run[]>();
  const streams = new Map<number, Run>();
  const all: { -readonly [K in keyof WaitingTools]: WaitingTools[K] } = { tools: [], runs, streams, hurry: false };

  const track = async <T>(tool: WaitingTool, { callId, signal }: ToolContext, work: () => Promise<T>): Promise<T> => {
    const run: Run = { callId, tool, signal, ended: false, aborted: false };
    runs.set(callId, [...(runs.get(callId) ?? []), run]);
    try {
      return await work();
    } finally {
      run.ended = true;
      run.aborted = signal.aborted;
    }
  };
  const work = (context: ToolContext, maxMs: number): Promise<void> =>
    all.hurry ? Promise.resolve() : waitFor(clock, draw.int(0, maxMs), context.signal);
  const answer =
    (tool: WaitingTool, maxMs: number) =>
    (_: unknown, context: ToolContext): Promise<string> =>
      track(tool, context, () => work(context, maxMs).then(() => tool));

  const input = { type: "object", properties: { n: { type: "integer" } } } as const;
  const base = {
    version: "1.0.0",
    description: "Waits.",
    access: { roles: ["USER"] },
    timeoutMs: 60_000,
    input,
  } as const;
  const failing = (_: unknown, context: ToolContext): Promise<string> =>
    track("repeating", context, async () => {
      await work(context, 30);
      if (context.attempt === 1 || (!all.hurry && draw.chance(0.5))) throw new Error("not yet");
      return "at last";
    });
  all.tools = [
    defineTool({ ...base, name: "repeating", effect: "read", retry: { repeats: 3, baseMs: 60 }, handler: failing }),
    defineTool({
      ...base,
      name: "queued",
      effect: "read",
      bulkhead: { max: 2, queue: 4 },
      handler: answer("queued", 80),
    }),
    defineTool({
      ...base,
      name: "cached",
      effect: "read",
      timeoutMs: 300,
      cache: { ttlMs: 20, staleWhileRevalidateMs: 60 },
      handler: (_, context) =>
        track("cached", context, async () => {
          if (!all.hurry && draw.chance(0.05)) await waitForever(context.signal);
          await work(context, 60);
          return "cached";
        }),
    }),
    defineTool({
      ...base,
      name: "covered",
      effect: "read",
      retry: false,
      fallback: { tool: "queued", reserveMs: 100 },
      handler: (_, context) =>
        track("covered", context, async () => {
          await work(context, 150);
          throw new Error("never");
        }),
    }),
    defineTool({
      ...base,
      name: "nesting",
      effect: "read",
      retry: false,
      handler: (given, context) =>
        track("nesting", context, async () => {
          // Sometimes when nobody waits any more, and perhaps then for the first time.
          if (draw.chance(0.3)) void wait(clock, draw.int(1, 120)).then(() => context.call("queued", given));
          if (draw.chance(0.1)) return 0;
          const called = ["queued", "cached", "repeating"].map((tool) => context.call(tool, given));
          // Sometimes without waiting for all of them.
          const outcomes = await (draw.chance(0.3) ? Promise.race(called) : Promise.all(called));
          return Array.isArray(outcomes) ? outcomes.length : 1;
        }),
    }),
    defineTool({
      ...base,
      name: "counting",
      effect: "read",
      retry: false,
      async *handler(given, context): AsyncGenerator<HandlerEvent, number> {
        const run: Run = {
          callId: context.callId,
          tool: "counting",
          signal: context.signal,
          ended: false,
          aborted: false,
        };
        runs.set(context.callId, [run]);
        streams.set((given as { n: number }).n, run);
        try {
          for (let count = 0; count < 5; count++) {
            await work(context, 20);
            if (draw.chance(0.05)) yield "nonsense" as never;
            yield draw.chance(0.5) ? { type: "progress", fraction: count / 5 } : { type: "partial", value: count };
          }
          return 5;
        } finally {
          run.ended = true;
          run.aborted = context.signal.aborted;
        }
      },
    }),
    defineTool({ ...base, name: "keyed", effect: "write", honoursKeys: true, handler: answer("keyed", 120) }),
    defineTool({
      ...base,
      name: "stubborn",
      effect: "read",
      attemptTimeoutMs: 50,
      // Hears of nothing, and ends when it likes to.
      handler: (_, context) =>
        track("stubborn", context, () => (all.hurry ? Promise.resolve() : waitFor(clock, draw.int(0, 400), null))),
    }),
  ];
  return all;
}
