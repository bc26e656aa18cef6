// A hundred tools: seventy are healthy, twenty hang and hear of nothing, ten fail in phases. And callers who use them all.
import type { Outcome } from "../../src/call/outcome.ts";
import type { ToolContext } from "../../src/call/context.ts";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import { ToolError } from "../../src/errors/tool-error.ts";
import { createMemorySlotStore, type MemorySlotStore } from "../../src/stores/memory/slot-store.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";
import { waitFor } from "../../src/testing/wait.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import type { AnyTool } from "../../src/tool/definition.ts";
import type { Effect } from "../../src/tool/effect.ts";
import { createDraw, type Draw } from "./draw.ts";
import { wait } from "./drive.ts";

export type Condition = "healthy" | "hanging" | "flapping";

const HOW_MANY: Readonly<Record<Condition, number>> = { healthy: 70, hanging: 20, flapping: 10 };
const NUMBERS = Array.from({ length: 70 }, (_, number) => number);

/** What sick tools are kept within, and what the ones behind the ward share. */
export const SICK = { max: 4, queue: 8 } as const;
export const WARD = { max: 6, queue: 12 } as const;
export const HEALTHY = { max: 8, queue: 32 } as const;
const DEADLINE_MS = 100;
const BREAKER = { failures: 5, openMs: 1_000, maxOpenMs: 4_000 } as const;

export interface Answer {
  readonly tool: string;
  readonly condition: Condition;
  readonly outcome: Outcome;
}

export interface Clinic {
  readonly clock: ManualClock;
  readonly draw: Draw;
  readonly registry: Registry;
  readonly slots: MemorySlotStore;
  readonly answers: readonly Answer[];
  /** How often each call was settled. */
  readonly settled: ReadonlyMap<string, number>;
  /** The most that ever ran and waited, by the name of the tool or upstream. */
  readonly most: ReadonlyMap<string, { readonly running: number; readonly waiting: number }>;
  /** Calls tools at random until `untilMs` of the clock. */
  visit(principal: string, untilMs: number): Promise<void>;
  /** Lets go of all handlers that hang, and of all that would. */
  letGo(): void;
}

/** Opens it; `guarded: false` leaves out every breaker and bulkhead. */
export function openClinic(seed: number, { guarded = true }: { readonly guarded?: boolean } = {}): Clinic {
  const clock = createManualClock();
  const draw = createDraw(seed);
  const slots = createMemorySlotStore();
  const settled = new Map<string, number>();
  const most = new Map<string, { running: number; waiting: number }>();
  const answers: Answer[] = [];
  const gate = createGate();
  const tools = createTools(clock, draw, gate.wait, guarded);
  const registry = createRegistry({
    clock,
    random: draw.random,
    tools: tools.map(({ tool }) => tool),
    limits: [],
    concurrency: [{ per: ["principal"], max: 128 }],
    slotStore: slots,
    upstreams: { ward: guarded ? { bulkhead: WARD, breaker: { ...BREAKER, failures: 20 } } : {} },
    hooks: {
      async aroundAttempt(_, next) {
        await measure();
        return next();
      },
      onSettled(call) {
        settled.set(call.id, (settled.get(call.id) ?? 0) + 1);
      },
    },
  });

  const measure = async (): Promise<void> => {
    for (const { name, running, waiting } of (await registry.health()).bulkheads) {
      const before = most.get(name) ?? { running: 0, waiting: 0 };
      most.set(name, { running: Math.max(before.running, running), waiting: Math.max(before.waiting, waiting) });
    }
  };

  const visit = async (principal: string, untilMs: number): Promise<void> => {
    while (clock.monotonic() < untilMs) {
      const { tool, condition } = draw.pick(tools);
      const call = registry.execute(tool.name, {}, { principal: { id: principal } });
      await measure();
      answers.push({ tool: tool.name, condition, outcome: await call });
      await wait(clock, draw.int(10, 100));
    }
  };

  return { clock, draw, registry, slots, answers, settled, most, visit, letGo: gate.open };
}

interface Gate {
  wait(): Promise<void>;
  open(): void;
}

/** Nobody comes through before it is open; then everybody does. */
function createGate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { wait: () => opened, open };
}

interface Bed {
  readonly tool: AnyTool;
  readonly condition: Condition;
}

function createTools(clock: ManualClock, draw: Draw, hang: () => Promise<void>, guarded: boolean): readonly Bed[] {
  const base = { version: "1.0.0", description: "Works, or not.", access: { roles: ["USER"] }, timeoutMs: DEADLINE_MS };
  const toTool = (condition: Condition, number: number): AnyTool => {
    const name = `${condition}-${number}`;
    // One in five writes: what becomes of its call may be unknown.
    const effect: Effect = number % 5 === 0 ? "write" : "read";
    const sick = { ...base, name, effect, ...(guarded && { breaker: BREAKER, bulkhead: SICK }) };
    switch (condition) {
      case "healthy":
        return defineTool({
          ...base,
          name,
          effect,
          ...(guarded && { breaker: BREAKER, bulkhead: HEALTHY }),
          handler: (_, { signal }) => waitFor(clock, draw.int(0, 8), signal).then(() => "well"),
        });
      case "hanging":
        return defineTool({ ...sick, ...(number % 2 === 0 && { upstream: "ward" }), handler: () => hang() });
      case "flapping":
        return defineTool({ ...sick, handler: toFlapping(clock, draw) });
    }
  };
  return (Object.keys(HOW_MANY) as Condition[]).flatMap((condition) =>
    NUMBERS.slice(0, HOW_MANY[condition]).map((number) => ({ tool: toTool(condition, number), condition })),
  );
}

/** Well for a while, and ill for a while, in some way. */
function toFlapping(clock: ManualClock, draw: Draw): (input: unknown, context: ToolContext) => Promise<string> {
  const phaseMs = draw.int(400, 2_000);
  return async (_, { signal }) => {
    const isWell = Math.floor(clock.monotonic() / phaseMs) % 2 === 0;
    await waitFor(clock, draw.int(0, 8), signal);
    if (isWell) return "well again";
    switch (draw.int(1, 4)) {
      case 1:
        await waitFor(clock, 10 * DEADLINE_MS, signal);
        break;
      case 2:
        throw new ToolError("BUSY", "Later.", { retryAfterMs: 20, effect: "none" });
      case 3:
        throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    }
    throw new Error("ill");
  };
}
