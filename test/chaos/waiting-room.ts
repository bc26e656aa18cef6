// Callers that stop waiting: with their signal, at their deadline, by leaving a stream, or because the registry closes. What
// is left of them afterwards is a leak.
import { getEventListeners } from "node:events";
import type { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import type { Outcome } from "../../src/call/outcome.ts";
import type { HookCall } from "../../src/pipeline/hooks.ts";
import type { IdempotencyStore } from "../../src/ports/idempotency-store.ts";
import { createMemoryCacheStore } from "../../src/stores/memory/cache-store.ts";
import { createMemoryIdempotencyStore } from "../../src/stores/memory/idempotency-store.ts";
import { createMemorySlotStore } from "../../src/stores/memory/slot-store.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";
import { createDraw, type Draw } from "./draw.ts";
import { drive, untilQuiet, wait } from "./drive.ts";
import { createWaitingTools, MEETING_POINTS, WAITING_TOOLS, type WaitingTool } from "./waiting-tools.ts";

export interface WaitingRoom {
  readonly clock: ManualClock;
  readonly draw: Draw;
  readonly registry: Registry;
  /** How often calls ended in which way. */
  readonly codes: ReadonlyMap<string, number>;
  /** One call, mostly of somebody who does not wait for its answer. */
  callAndLeave(): Promise<void>;
  /** Everything that should not be there when nobody waits any more. */
  findLeftovers(): Promise<readonly string[]>;
}

const PRINCIPAL = { id: "u1" } as const;

/** Opens an empty one. */
export function openWaitingRoom(seed: number, create: typeof createRegistry): WaitingRoom {
  const clock = createManualClock();
  const draw = createDraw(seed);
  const waiting = createWaitingTools(clock, draw);
  const slots = createMemorySlotStore();
  const cache = createMemoryCacheStore({ clock });
  const records = createMemoryIdempotencyStore({ clock });
  const watched = { count: 0 };
  const signals: AbortSignal[] = [];
  const problems = new Set<string>();
  const codes = new Map<string, number>();
  const settled = new Set<string>();
  /** Calls with a hook that did not wait for the handler. */
  const impatient = new Set<string>();
  /** Calls whose parent had its answer before they began. */
  const late = new Set<string>();
  const registry = create({
    clock,
    random: draw.random,
    tools: waiting.tools,
    limits: [],
    slotStore: slots,
    cacheStore: cache,
    idempotencyStore: toWatched(records, watched),
    hooks: {
      beforeAuthorize({ id, parentId }) {
        if (parentId !== null && settled.has(parentId)) late.add(id);
      },
      // One that loses patience before the handler does.
      aroundAttempt({ id }, next) {
        if (draw.chance(0.9)) return next();
        impatient.add(id);
        return Promise.race([next(), wait(clock, 10)]);
      },
      onSettled(call, outcome) {
        settled.add(call.id);
        if (late.has(call.id) && outcome.ok) problems.add("a handler that had its answer called a tool");
        const code = outcome.ok ? "ok" : outcome.error.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
        for (const problem of findUnaware(call, outcome)) problems.add(problem);
      },
    },
  });

  /** Handlers that were not told that nobody waits for them, or that were told too soon. */
  function findUnaware({ id }: HookCall, outcome: Outcome): readonly string[] {
    const isFirstAnswer =
      outcome.ok && outcome.meta.attempts === 1 && outcome.meta.degraded === null && !impatient.has(id);
    return (waiting.runs.get(id) ?? []).flatMap(({ tool, signal, ended, aborted }) => {
      if (!ended && !signal.aborted) return [`${tool} goes on and does not know that its call has ended`];
      return aborted && isFirstAnswer ? [`${tool} was stopped, and its answer was given`] : [];
    });
  }

  const callAndLeave = async (): Promise<void> => {
    const tool: WaitingTool = draw.pick(WAITING_TOOLS);
    const input = { n: tool === "keyed" ? 0 : tool === "counting" ? signals.length : draw.int(1, MEETING_POINTS) };
    const caller = new AbortController();
    signals.push(caller.signal);
    const leave = (): void => caller.abort(draw.chance(0.5) ? new Error("enough") : undefined);
    const options = {
      principal: PRINCIPAL,
      signal: caller.signal,
      ...(draw.chance(0.3) && { timeoutMs: draw.int(0, 60) }),
      ...(tool === "keyed" && { idempotencyKey: `k${draw.int(1, MEETING_POINTS)}` }),
    };
    const when = draw.int(1, 10);
    if (when === 1) leave();
    if (when > 3) void wait(clock, draw.int(0, 80)).then(leave);
    if (tool !== "counting" && draw.chance(0.8)) {
      const call = registry.execute(tool, input, options);
      if (when === 2) leave();
      await call;
      return;
    }
    let events = draw.int(0, 6);
    for await (const _ of registry.stream(tool, input, options)) if (events-- === 0) break;
    await untilQuiet();
    const run = tool === "counting" ? waiting.streams.get(input.n) : undefined;
    if (run?.ended === false && !run.signal.aborted) problems.add("counting goes on for a reader that has left");
  };

  const findLeftovers = async (): Promise<readonly string[]> => {
    const { running, bulkheads } = await registry.health();
    const counts: Readonly<Record<string, number>> = {
      "handlers that run": [...waiting.runs.values()].flat().filter(({ ended }) => !ended).length,
      "armed timers": clock.pending,
      "signals that are listened to": signals.filter((signal) => getEventListeners(signal, "abort").length > 0).length,
      "watchers of keys": watched.count,
      "keys under which slots are taken": slots.size,
      "calls under way": running,
      "calls in bulkheads": bulkheads.reduce((sum, bulkhead) => sum + bulkhead.running + bulkhead.waiting, 0),
    };
    for (const [what, count] of Object.entries(counts)) if (count > 0) problems.add(`${count} ${what}`);
    for (const stuck of await findStuck()) problems.add(stuck);
    return [...problems];
  };

  /** What a new call still meets of old ones: it should be answered at once, by a handler of its own. */
  async function findStuck(): Promise<readonly string[]> {
    waiting.hurry = true;
    cache.clear();
    const stuck: string[] = [];
    for (let n = 1; n <= MEETING_POINTS; n++) {
      for (const tool of ["cached", "queued", "keyed"]) {
        const call = registry.execute(tool, { n }, { principal: PRINCIPAL, timeoutMs: 1 });
        const outcome = await drive(clock, call);
        const isAnswered = outcome.ok && outcome.meta.attempts === 1;
        if (!isAnswered && !(!outcome.ok && outcome.error.code === "CLOSED"))
          stuck.push(`${tool} ${n} cannot be called`);
      }
    }
    return stuck;
  }

  return { clock, draw, registry, codes, callAndLeave, findLeftovers };
}

/** Counts in `watched` who waits for a key. */
function toWatched(store: IdempotencyStore, watched: { count: number }): IdempotencyStore {
  return {
    read: (key) => store.read(key),
    claim: (claim) => store.claim(claim),
    store: (key, owner, outcome, keepMs) => store.store(key, owner, outcome, keepMs),
    release: (key, owner) => store.release(key, owner),
    watch(key, onChange) {
      const leave = store.watch(key, onChange);
      watched.count++;
      return () => {
        watched.count--;
        leave();
      };
    },
  };
}
