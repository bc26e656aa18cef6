// What the layers of a tool remember from call to call: budgets, breakers, bulkheads, flights. It belongs to the published
// version, or to the upstream, and outlives every plan: a change of permissions must not close a breaker.
import type { Clock } from "../kernel/clock.ts";
import {
  type Breaker,
  type BreakerState,
  type Bulkhead,
  createBreaker,
  createBulkhead,
  createRetryBudget,
  type RetryBudget,
} from "../resilience/index.ts";
import type { BreakerChange, BulkheadPolicy, Complete, ResilienceFields } from "../tool/resilience.ts";
import type { PublishedTool } from "../tool/tool-version.ts";
import type { Flight } from "./layers/cache.ts";

/** What an upstream is declared with, filled in. */
export interface UpstreamPolicy {
  readonly breaker: ResilienceFields["breaker"];
  readonly bulkhead: Complete<BulkheadPolicy> | null;
}

/** The state of one system: a tool version, or an upstream. */
export interface SystemState {
  readonly breaker: Breaker | null;
  readonly bulkhead: Bulkhead | null;
}

export interface ToolState extends SystemState {
  readonly upstream: SystemState | null;
  /** Of the tool, all its versions together, and of its upstream. */
  readonly budgets: readonly RetryBudget[];
  readonly flights: Map<string, Flight>;
}

export interface ToolStates {
  /** The state of a version, made at the first question. */
  of(tool: PublishedTool): ToolState;
  readonly upstreams: ReadonlyMap<string, SystemState>;
  /** The worse of the states of a version's breaker and its upstream's; null when it has neither. */
  breakerOf(tool: PublishedTool): BreakerState | null;
  /** Forgets what a tool that is gone has left behind under its name. */
  forget(name: string): void;
}

interface Upstream extends SystemState {
  readonly budget: RetryBudget;
}

/** States of tools and `upstreams`; `onChange` hears of every breaker. */
export function createToolStates(
  upstreams: ReadonlyMap<string, UpstreamPolicy>,
  clock: Clock,
  onChange: (change: BreakerChange) => void,
): ToolStates {
  const open = ({ breaker, bulkhead }: UpstreamPolicy, change: Omit<BreakerChange, "state">): SystemState => ({
    breaker: breaker === null ? null : createBreaker(breaker, clock, (state) => onChange({ ...change, state })),
    bulkhead: bulkhead === null ? null : createBulkhead(bulkhead, clock),
  });
  const systems = new Map<string, Upstream>();
  for (const [name, policy] of upstreams)
    systems.set(name, { ...open(policy, { scope: "upstream", name, version: null }), budget: createRetryBudget() });
  const states = new WeakMap<PublishedTool, ToolState>();
  const budgets = new Map<string, RetryBudget>();

  const toBudget = (name: string): RetryBudget => {
    const budget = budgets.get(name) ?? createRetryBudget();
    budgets.set(name, budget);
    return budget;
  };
  const create = ({ version }: PublishedTool): ToolState => {
    const { name, version: number, upstream: behind } = version;
    const upstream = behind === null ? null : (systems.get(behind) ?? null);
    return {
      ...open(version, { scope: "tool", name, version: number }),
      upstream,
      budgets: upstream === null ? [toBudget(name)] : [toBudget(name), upstream.budget],
      flights: new Map(),
    };
  };

  return {
    of(tool) {
      let state = states.get(tool);
      if (state === undefined) {
        state = create(tool);
        states.set(tool, state);
      }
      return state;
    },
    upstreams: systems,
    breakerOf(tool) {
      const { breaker, upstream } = tool.version;
      const behind = upstream === null ? null : (systems.get(upstream)?.breaker ?? null);
      if (breaker === null && behind === null) return null;
      return toWorse(states.get(tool)?.breaker?.state ?? "closed", behind?.state ?? "closed");
    },
    forget(name) {
      budgets.delete(name);
    },
  };
}

function toWorse(one: BreakerState, other: BreakerState): BreakerState {
  if (one === "open" || other === "open") return "open";
  return one === "half-open" || other === "half-open" ? "half-open" : "closed";
}
