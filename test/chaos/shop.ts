// A registry whose tools write into a ledger, with faults on the way there and in its own stores. Callers ask again with the
// same key until they are told something that cannot change.
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import type { Outcome } from "../../src/call/outcome.ts";
import type { IdempotencyStore } from "../../src/ports/idempotency-store.ts";
import type { OutcomeStore } from "../../src/ports/outcome-store.ts";
import { createMemoryOutcomeStore } from "../../src/stores/memory/outcome-store.ts";
import { createMemoryIdempotencyStore } from "../../src/stores/memory/idempotency-store.ts";
import { createFaultInjector, type FaultInjector } from "../../src/testing/fault-injector.ts";
import type { FaultOptions } from "../../src/testing/fault-options.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";
import type { ToolContext } from "../../src/call/context.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import type { Effect } from "../../src/tool/effect.ts";
import type { AnyTool } from "../../src/tool/definition.ts";
import type { EffectReport } from "../../src/tool/resilience.ts";
import { createDraw, type Draw } from "./draw.ts";
import { wait } from "./drive.ts";
import { createLedger, type Ledger, type Order, type Receipt, toReceipt } from "./ledger.ts";

export const TOOLS = ["plain", "honours-keys", "idempotent"] as const;
export type ToolName = (typeof TOOLS)[number];

/** What a caller was told, in the end and before. */
export interface Told {
  readonly tool: ToolName;
  readonly key: string;
  readonly amount: number;
  readonly outcomes: readonly Outcome[];
}

export interface Shop {
  readonly clock: ManualClock;
  readonly ledger: Ledger;
  readonly registry: Registry;
  readonly draw: Draw;
  readonly faults: {
    /** On the way to the ledger and back. */
    readonly way: FaultInjector;
    readonly keys: FaultInjector;
    /** In the list of what is not known. */
    readonly list: FaultInjector;
  };
  /** Of one order, until there is nothing to ask for any more. */
  buy(tool: ToolName, key: string, amount: number): Promise<Told>;
}

export interface ShopOptions {
  readonly seed: number;
  /** What is wrong with the shop: without it everything has to hold. */
  readonly bug?: Bug;
}

export interface Bug {
  /** Callers that pass none. */
  readonly keys?: "forgotten";
  /** A definition that promises too much. */
  readonly plain?: { readonly idempotent: true };
  readonly store?: (store: IdempotencyStore) => IdempotencyStore;
  readonly outcomeStore?: OutcomeStore;
}

export const PRINCIPAL = { id: "customer" } as const;
const DEADLINE_MS = 1_000;
/** A caller that is told to come again so often has found a key that nobody can use any more. */
const MOST_ASKED = 60;

const WAY: Omit<FaultOptions, "seed"> = {
  latency: { rate: 0.2, minMs: 1, maxMs: 1_500 },
  error: { rate: 0.05 },
  hang: { rate: 0.02 },
  dropAfterCommit: { rate: 0.06 },
  hangAfterCommit: { rate: 0.03 },
};
const KEYS: Omit<FaultOptions, "seed"> = {
  latency: { rate: 0.1, minMs: 1, maxMs: 1_500 },
  error: { rate: 0.03 },
  dropAfterCommit: { rate: 0.03 },
  hangAfterCommit: { rate: 0.005 },
};

const LIST: Omit<FaultOptions, "seed"> = {
  latency: { rate: 0.1, minMs: 1, maxMs: 1_500 },
  dropAfterCommit: { rate: 0.03 },
};

/** Opens a shop in which nothing was sold. */
export function openShop({ seed, bug = {} }: ShopOptions): Shop {
  const clock = createManualClock();
  const ledger = createLedger();
  const draw = createDraw(seed);
  const way = createFaultInjector({ seed, clock, ...WAY });
  const keys = createFaultInjector({ seed: seed + 1, clock, ...KEYS });
  const list = createFaultInjector({ seed: seed + 2, clock, ...LIST });
  const store = createMemoryIdempotencyStore({ clock });
  const unknown = bug.outcomeStore ?? createMemoryOutcomeStore();
  const registry = createRegistry({
    clock,
    random: draw.random,
    limits: [],
    timeoutMs: DEADLINE_MS,
    tools: createTools({ clock, ledger, way, draw }, bug.plain ?? {}),
    outcomeStore: list.wrapMethods(unknown, ["add", "get", "remove", "count"]),
    idempotencyStore: keys.wrapMethods(bug.store?.(store) ?? store, ["read", "claim", "store", "release"]),
  });

  const buy = async (tool: ToolName, key: string, amount: number): Promise<Told> => {
    const outcomes: Outcome[] = [];
    for (let asked = 1; asked <= MOST_ASKED; asked++) {
      const leaving = new AbortController();
      if (draw.chance(0.05)) void wait(clock, draw.int(0, DEADLINE_MS)).then(() => leaving.abort());
      const outcome = await registry.execute(
        tool,
        { key, amount },
        { principal: PRINCIPAL, signal: leaving.signal, ...(bug.keys === undefined && { idempotencyKey: key }) },
      );
      outcomes.push(outcome);
      if (!isOpen(outcome)) break;
      await wait(clock, draw.int(1, 5_000));
    }
    return { tool, key, amount, outcomes };
  };

  return { clock, ledger, registry, draw, faults: { way, keys, list }, buy };
}

/** Whether the same call may still be told something else: this one has done nothing. */
export function isOpen(outcome: Outcome): boolean {
  return !outcome.ok && outcome.error.retryable && outcome.error.effect === "none";
}

interface Way extends Pick<Shop, "clock" | "ledger" | "draw"> {
  readonly way: FaultInjector;
}

function createTools({ clock, ledger, way, draw }: Way, plain: { readonly idempotent?: true }): readonly AnyTool[] {
  // With the call's signal the way ends when the call does. Some have a patience of their own, and arrive all the same.
  const toWrite = (write: (order: Order) => Receipt): ((order: Order, context: ToolContext) => Promise<Receipt>) => {
    const send = way.wrap((...[order]: [order: Order, signal: AbortSignal]) => write(order));
    return (order, { signal }) => send(order, draw.chance(0.05) ? toPatience(clock) : signal);
  };
  const ask = way.wrap((...[key]: [passedKey: string, signal: AbortSignal]): EffectReport => {
    const entry = ledger.findPassed(key);
    return entry === undefined ? { effect: "none" } : { effect: "applied", output: toReceipt(entry) };
  });
  const base = { version: "1.0.0", description: "Writes.", effect: "write" as Effect, access: { roles: ["USER"] } };
  const toHandler = (tool: ToolName, write: ReturnType<typeof toWrite>) => (input: unknown, context: ToolContext) => {
    const { key, amount } = input as { key: string; amount: number };
    return write({ tool, key, callId: context.callId, amount, passedKey: context.idempotencyKey }, context);
  };
  const input = { type: "object", properties: { key: { type: "string" }, amount: { type: "number" } } } as const;
  return [
    defineTool({ ...base, ...plain, input, name: "plain", handler: toHandler("plain", toWrite(ledger.append)) }),
    defineTool({
      ...base,
      input,
      name: "honours-keys",
      honoursKeys: true,
      attemptTimeoutMs: 400,
      status: (key, { signal }) => ask(key, signal),
      handler: toHandler("honours-keys", toWrite(ledger.appendOnce)),
    }),
    defineTool({
      ...base,
      input,
      name: "idempotent",
      idempotent: true,
      attemptTimeoutMs: 400,
      handler: toHandler("idempotent", toWrite(ledger.append)),
    }),
  ];
}

/** Gives up after a while, whatever becomes of the call. */
function toPatience(clock: ManualClock): AbortSignal {
  const giving = new AbortController();
  void wait(clock, 5 * DEADLINE_MS).then(() => giving.abort());
  return giving.signal;
}
