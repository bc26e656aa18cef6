// A world to walk in: two callers A and B, each a process of its own with a real registry, that share the stores and the
// outside world; and a bystander who comes afterwards, and is never held. Made once, and as new for each walk.
import type { Outcome } from "../../src/call/outcome.ts";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import { toArgumentsDigest } from "../../src/pipeline/idempotency/record.ts";
import type { ClaimAnswer, IdempotencyRecord, IdempotencyStore } from "../../src/ports/idempotency-store.ts";
import type { OutcomeStore } from "../../src/ports/outcome-store.ts";
import {
  createMemoryIdempotencyStore,
  createMemoryOutcomeStore,
  type MemoryIdempotencyStore,
  type MemoryOutcomeStore,
} from "../../src/stores/memory/index.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { createToolkit } from "../../src/tool/define-tool.ts";
import type { AnyTool } from "../../src/tool/definition.ts";
import type { EffectReport } from "../../src/tool/resilience.ts";
import { type Again, type Caller, createCaller, operate, resetCaller, type Touch } from "./gate.ts";
import type { Mutant } from "./mutants.ts";

export const TIMEOUT_MS = 1_000;
export const KEY = "key";
const TOOL = "orders.refund";
const PRINCIPAL = { id: "alice" };
const RECORD_KEY = `default\0alice\0${TOOL}\0${KEY}`;

/** What kind of tool is called. */
export type Kind = "plain" | "idempotent" | "honouring" | "asked";

export interface Arguments {
  readonly amount: number;
}

export interface Effect extends Arguments {
  readonly by: string;
  readonly key: string | null;
}

/** What a handler gives back: the amount, and what the effect made. */
export interface Receipt extends Arguments {
  readonly receipt: string;
}

interface App {
  readonly caller: Caller;
}

const { defineTool } = createToolkit<App>();

export interface World {
  readonly kind: Kind;
  readonly a: Caller;
  readonly b: Caller;
  readonly clock: ManualClock;
  /** What happened in the outside world, in order. */
  readonly effects: readonly Effect[];
  readonly outcomes: MemoryOutcomeStore;
  readonly registry: Registry;
  /** The record of the key, as it is. */
  read(): IdempotencyRecord | null;
  call(caller: Caller, input: Arguments): Promise<Outcome>;
  /** The same as a bystander. */
  ask(input: Arguments): Promise<Outcome>;
  /** Told before each transition: whether it may begin to watch. */
  mayWatch: boolean;
  reset(): void;
}

/** Creates a world whose tool is of a kind, and whose stores have a fault when a mutant is given. */
export function createWorld(kind: Kind, mutant: Mutant = {}): World {
  const clock = createManualClock();
  const [a, b, bystander] = [createCaller("A"), createCaller("B"), createCaller("bystander", false)];
  let effects: Effect[] = [];
  let kept = createMemoryIdempotencyStore({ clock });
  let listed = createMemoryOutcomeStore();

  const tool = createTool(kind, () => effects);
  const inputs = new Map<Caller, Arguments>();
  const toRegistry = (caller: Caller): Registry<App> =>
    createRegistry<App>({
      app: { caller },
      tools: [tool],
      clock: toClockOf(caller, clock),
      ids: createIds(caller),
      // A crashed call would hold its quota and its slots for ever.
      limits: [],
      concurrency: [],
      retry: false,
      idempotencyStore: toHeldStore(caller, {
        store: () => mutant.idempotency?.(kept, { argumentsDigest: toArgumentsDigest(inputs.get(caller)) }) ?? kept,
        onWatch: () => {
          if (caller.isHeld && !world.mayWatch) throw new Error("begins to watch where it was not expected to");
        },
      }),
      outcomeStore: toHeldList(caller, () => mutant.outcomes?.(listed) ?? listed),
    });
  const registries = new Map([a, b, bystander].map((caller) => [caller, toRegistry(caller)]));
  const registryOf = (caller: Caller): Registry<App> => registries.get(caller) as Registry<App>;

  const world: World = {
    kind,
    a,
    b,
    clock,
    get effects() {
      return effects;
    },
    get outcomes() {
      return listed;
    },
    registry: registryOf(bystander),
    mayWatch: false,
    read: () => kept.read(RECORD_KEY),
    call(caller, input) {
      inputs.set(caller, input);
      const { signal } = caller.controller;
      return registryOf(caller).execute(TOOL, input, { principal: PRINCIPAL, idempotencyKey: KEY, signal });
    },
    ask: (input) => world.call(bystander, input),
    reset() {
      for (const caller of [a, b, bystander]) resetCaller(caller);
      effects = [];
      kept = createMemoryIdempotencyStore({ clock });
      listed = createMemoryOutcomeStore();
    },
  };
  return world;
}

/** Ids of one walk: its calls are told apart, and those of the next walk have the same. */
function createIds(caller: Caller): () => string {
  let count = 0;
  let { controller } = caller;
  return () => {
    if (controller !== caller.controller) count = 0;
    controller = caller.controller;
    return `${caller.name}${count++}`;
  };
}

/** Time goes on for everybody, but a crashed process does not notice as long as it is one. */
function toClockOf(caller: Caller, clock: ManualClock): Clock {
  return {
    now: clock.now,
    monotonic: clock.monotonic,
    clearTimer: clock.clearTimer,
    setTimer: (delayMs, run) => {
      const { controller } = caller;
      return clock.setTimer(delayMs, () => {
        // Of a walk that is over nothing is left.
        if (caller.controller !== controller) return;
        if (caller.crashed) caller.missed.push(run);
        else run();
      });
    },
  };
}

function createTool(kind: Kind, effects: () => Effect[]): AnyTool<App> {
  const common = {
    name: TOOL,
    version: "1.0.0",
    description: "For tests.",
    access: { roles: ["USER"] },
    timeoutMs: TIMEOUT_MS,
    input: { type: "object", properties: { amount: { type: "integer" } }, required: ["amount"] },
    handler: (input: unknown, { app, idempotencyKey }: { app: App; idempotencyKey: string | null }) =>
      operate(app.caller, {
        name: "handler",
        touches: { what: "world", writes: true },
        apply: () => haveEffect(kind, effects(), { ...(input as Arguments), by: app.caller.name, key: idempotencyKey }),
      }),
  } as const;
  switch (kind) {
    case "plain":
      return defineTool({ ...common, effect: "write" }) as AnyTool<App>;
    case "idempotent":
      return defineTool({ ...common, effect: "write", idempotent: true }) as AnyTool<App>;
    case "honouring":
      return defineTool({ ...common, effect: "write", honoursKeys: true }) as AnyTool<App>;
    case "asked":
      return defineTool({
        ...common,
        effect: "write",
        honoursKeys: true,
        status: (key: string, { app }: { app: App }) =>
          operate<EffectReport>(app.caller, {
            name: "status",
            touches: { what: "world", writes: false },
            apply: () => {
              const effect = effects().find((other) => other.key === key);
              return effect === undefined ? { effect: "none" } : { effect: "applied", output: toReceipt(kind, effect) };
            },
          }),
      }) as AnyTool<App>;
  }
}

/** Does it, unless whoever does it knows the key and has done it. */
function haveEffect(kind: Kind, effects: Effect[], effect: Effect): Receipt {
  const honours = kind === "honouring" || kind === "asked";
  const done = honours ? effects.find(({ key }) => key === effect.key) : undefined;
  if (done === undefined) effects.push(effect);
  return toReceipt(kind, done ?? effect);
}

/** What the handler gives back for an effect: of an idempotent tool the same each time. */
export function toReceipt(kind: Kind, { amount, by }: Effect): Receipt {
  return { amount, receipt: kind === "idempotent" ? "state" : by };
}

/** A store whose operations are one step or several. */
export type SteppedStore = {
  readonly [K in "read" | "claim" | "store" | "release"]: (
    ...given: Parameters<IdempotencyStore[K]>
  ) => ReturnType<MemoryIdempotencyStore[K]> | Again<ReturnType<MemoryIdempotencyStore[K]>>;
} & Pick<IdempotencyStore, "watch">;

const READS: Touch = { what: "record", writes: false };
const WRITES: Touch = { what: "record", writes: true };

/** Who sees that a key is running may begin to watch it, and be woken by who writes. */
function touchesAfter(answer: ClaimAnswer | IdempotencyRecord | null): Touch | null {
  const record = answer !== null && "ok" in answer ? (answer.ok ? null : answer.record) : answer;
  return record?.state === "running" ? READS : null;
}

function toHeldStore(
  caller: Caller,
  { store, onWatch }: { readonly store: () => SteppedStore; readonly onWatch: () => void },
): IdempotencyStore {
  return {
    read: (key) => operate(caller, { name: "read", touches: READS, apply: () => store().read(key), touchesAfter }),
    claim: (claim) =>
      operate(caller, { name: "claim", touches: WRITES, apply: () => store().claim(claim), touchesAfter }),
    store: (...given) => operate(caller, { name: "store", touches: WRITES, apply: () => store().store(...given) }),
    release: (...given) =>
      operate(caller, { name: "release", touches: WRITES, apply: () => store().release(...given) }),
    watch: (key, onChange) => {
      onWatch();
      return store().watch(key, onChange);
    },
  };
}

function toHeldList(caller: Caller, list: () => MemoryOutcomeStore): OutcomeStore {
  const read = <T>(name: string, apply: () => T): T | Promise<T> =>
    operate(caller, { name, touches: { what: "list", writes: false }, apply });
  const write = <T>(name: string, apply: () => T): T | Promise<T> =>
    operate(caller, { name, touches: { what: "list", writes: true }, apply });
  return {
    add: (outcome) => write("add", () => list().add(outcome)),
    get: (id) => read("get", () => list().get(id)),
    list: (filter) => read("list", () => list().list(filter)),
    remove: (id) => write("remove", () => list().remove(id)),
    count: (...given) => read("count", () => list().count(...given)),
  };
}
