// A chat with everything that can happen to it drawn beforehand: what the model answers, when it fails, what is decided
// about each call, when somebody cancels and when the process dies. The same world can be lived through again and again.
import { createRegistry, defineTool, type Registry, Role, ToolyardError } from "../../src/index.ts";
import type { AgentRegistry } from "../../src/agent/agent.ts";
import type { ApprovalDecision, Approve } from "../../src/agent/approval.ts";
import type { Model, ModelEvent } from "../../src/agent/model.ts";
import type { Clock, Timer } from "../../src/kernel/clock.ts";

export interface PlannedCall {
  readonly id: string;
  readonly kind: "read" | "write" | "keyed" | "refuses" | "unknown" | "broken" | "invalid";
  readonly decision: "approve" | "deny" | "reason" | "throw" | "nonsense" | "later-yes" | "later-no";
}

export interface World {
  /** The calls of each answer; after them the model says that it is done. */
  readonly answers: readonly (readonly PlannedCall[])[];
  /** Whether the model fails when it is asked for the nth time, and whether that passes. */
  readonly failures: readonly (null | { readonly retryable: boolean })[];
  readonly asks: boolean;
}

/** What was done to the outside, by the number of the call. */
export type Effects = Map<number, number>;

const access = { roles: [Role.USER] } as const;
const input = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
const common = { version: "1.0.0", description: "x", access, input } as const;

/** The number of a call, from its place. */
export const toNumber = (answer: number, place: number): number => answer * 100 + place;

export function isApproved({ decision }: PlannedCall): boolean {
  return decision === "approve" || decision === "later-yes";
}

/** What comes of timers at once, in the next turn of the queue. */
export const hastyClock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  setTimer(_delayMs, run) {
    const timer = { armed: true };
    queueMicrotask(() => {
      if (timer.armed) run();
    });
    return timer as unknown as Timer;
  },
  clearTimer(timer) {
    (timer as unknown as { armed: boolean }).armed = false;
  },
};

export function openRegistry(): { readonly registry: Registry; readonly effects: Effects } {
  const effects: Effects = new Map();
  const act = ({ n }: { readonly n: number }): object => {
    effects.set(n, (effects.get(n) ?? 0) + 1);
    return { did: n };
  };
  const registry = createRegistry({
    limits: [],
    tools: [
      defineTool({ ...common, name: "read", effect: "read", handler: ({ n }) => ({ read: n }) }),
      defineTool({
        ...common,
        name: "write",
        effect: "write",
        async handler(given) {
          const done = act(given as { n: number });
          for (let turn = 0; turn < 3; turn++) await Promise.resolve();
          return done;
        },
      }),
      defineTool({
        ...common,
        name: "keyed",
        effect: "destructive",
        honoursKeys: true,
        handler: (given) => act(given as { n: number }),
      }),
      defineTool({
        ...common,
        name: "refuses",
        effect: "read",
        handler() {
          throw new Error("not told");
        },
      }),
    ],
  });
  return { registry, effects };
}

function toEvent({ id, kind }: PlannedCall, n: number): ModelEvent {
  if (kind === "unknown") return { type: "call", id, tool: "no.such", input: { n } };
  if (kind === "broken") return { type: "call", id, tool: "write", input: `{"n":${n}` };
  if (kind === "invalid") return { type: "call", id, tool: "write", input: { n: [n] } };
  // Text and data take turns.
  return { type: "call", id, tool: kind, input: n % 2 === 0 ? { n } : `{"n":${n}}` };
}

/** A process that plays the world: it can die, and then nothing that it began comes to an answer. */
export interface Process {
  readonly model: Model;
  readonly registry: AgentRegistry;
  readonly approve: Approve;
  die(): void;
}

/** A process; `asked` counts across processes how often the model was asked. */
export function openProcess(world: World, registry: Registry, asked: { count: number }): Process {
  let dead = false;
  const alive = async (): Promise<void> => {
    if (dead) await new Promise(() => {});
  };
  return {
    die() {
      dead = true;
    },
    registry: {
      list: registry.list,
      get: registry.get,
      results: registry.results,
      async execute(...args: Parameters<Registry["execute"]>) {
        await alive();
        const outcome = await registry.execute(...args);
        await alive();
        return outcome;
      },
    } as AgentRegistry,
    model: {
      name: "m",
      async *respond({ messages }): AsyncGenerator<ModelEvent> {
        await alive();
        const failure = world.failures[asked.count++] ?? null;
        const from = messages.findLastIndex(({ role }) => role === "user");
        const step = messages.slice(from).filter(({ role }) => role === "assistant").length;
        yield { type: "usage", inputTokens: 1, outputTokens: 1 };
        yield { type: "text", text: `step ${step}` };
        if (failure !== null) throw new ToolyardError("MODEL_FAILED", "down", failure);
        const calls = world.answers[step] ?? [];
        for (const [place, call] of calls.entries()) yield toEvent(call, toNumber(step, place));
      },
    },
    async approve({ input: shown }) {
      await alive();
      return decideFirst(findCall(world, (shown as { n: number }).n));
    },
  };
}

export function findCall({ answers }: World, n: number): PlannedCall {
  const call = answers[Math.floor(n / 100)]?.[n % 100];
  if (call === undefined) throw new Error(`asked about ${n}, which the model never called`);
  return call;
}

function decideFirst({ decision }: PlannedCall): ApprovalDecision {
  switch (decision) {
    case "approve":
      return true;
    case "deny":
      return false;
    case "reason":
      return { deny: "not today" };
    case "throw":
      throw new Error("hunter2");
    case "nonsense":
      return "yes" as never;
    case "later-yes":
    case "later-no":
      return "later";
  }
}
