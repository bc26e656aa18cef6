// What the layers of all tools and upstreams know of how things are.
import type { Environment } from "../pipeline/environment.ts";
import type { SystemState, ToolStates } from "../pipeline/tool-state.ts";
import type { Catalogue } from "../registry/index.ts";
import type { BreakerState } from "../tool/resilience.ts";
import type { BreakerHealth, BulkheadHealth, Health } from "./operations.ts";

type Place = Pick<BreakerHealth, "scope" | "name" | "version">;

/** `registry.health`. */
export function createHealth(environment: Environment): () => Promise<Health> {
  return async () => {
    const breakers: BreakerHealth[] = [];
    const bulkheads: BulkheadHealth[] = [];
    for (const { place, state } of systems(environment)) {
      const { breaker, bulkhead } = state;
      if (breaker !== null) breakers.push({ ...place, state: breaker.state, retryAfterMs: breaker.retryAfterMs });
      if (bulkhead === null) continue;
      const { running, waiting, limit } = bulkhead;
      bulkheads.push({ ...place, running, waiting, limit });
    }
    const audit = environment.audit?.state ?? null;
    return {
      status: audit?.available !== false && breakers.every(({ state }) => state === "closed") ? "ok" : "degraded",
      audit,
      running: environment.running,
      unknownOutcomes: (await environment.outcomes.count()).all,
      breakers,
      bulkheads,
    };
  };
}

function* systems({
  catalogue,
  states,
}: Environment): Generator<{ readonly place: Place; readonly state: SystemState }> {
  for (const [name, state] of states.upstreams) yield { place: { scope: "upstream", name, version: null }, state };
  for (const { name, versions } of catalogue.snapshot.tools) {
    for (const { tool } of versions) {
      const { breaker, bulkhead, version } = tool.version;
      // One that has neither is not asked, so that nothing is made for thousands of tools that were never called.
      if (breaker !== null || bulkhead !== null)
        yield { place: { scope: "tool", name, version }, state: states.of(tool) };
    }
  }
}

const SEVERITY: readonly (BreakerState | null)[] = [null, "closed", "half-open", "open"];

/** The state of the breaker of one version, or the worst of all (null). */
export function findBreakerState(
  catalogue: Catalogue,
  states: ToolStates,
  name: string,
  version: string | null,
): BreakerState | null {
  let worst = 0;
  for (const { tool } of catalogue.snapshot.get(name)?.versions ?? []) {
    if (version !== null && tool.version.version !== version) continue;
    worst = Math.max(worst, SEVERITY.indexOf(states.breakerOf(tool)));
  }
  return SEVERITY[worst] ?? null;
}
