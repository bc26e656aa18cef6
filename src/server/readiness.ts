// Whether the server takes work, and why not. Asked by balancers every second or so: it waits for nobody long.
import type { Clock } from "../kernel/clock.ts";
import type { Registry } from "../index.ts";
import type { Readiness } from "./rest/index.ts";

/** How long the state may take to answer, milliseconds. */
const PATIENCE_MS = 500;
/** How long what it said is good for: everybody may ask, as often as they like, and the state is asked no more often. */
const FRESH_MS = 200;

type Health = Awaited<ReturnType<Registry["health"]>>;
type Reason = Readiness["reasons"][number];

export function createReadiness(
  registry: Registry<never>,
  clock: Clock,
  isDraining: () => boolean,
): () => Promise<Readiness> {
  const readHealth = createHealthReader(registry, clock);
  return async () => {
    const reasons: Reason[] = [];
    if (isDraining()) reasons.push({ what: "draining", degraded: false, detail: "The server is about to stop." });
    for (const { scope } of registry.stops.list())
      reasons.push({ what: "stopped", degraded: scope.kind !== "all", detail: toScopeText(scope) });
    const health = await readHealth();
    if (health === null) reasons.push({ what: "state", degraded: true, detail: "The state does not answer." });
    else if (health.audit?.available === false)
      reasons.push({
        what: "audit",
        degraded: true,
        detail: "The audit trail cannot be written: calls that write are refused.",
      });
    const open = health?.breakers.filter(({ state }) => state === "open").length ?? 0;
    if (open > 0) reasons.push({ what: "breaker", degraded: true, detail: `${open} of the breakers are open.` });
    return { ready: reasons.every(({ degraded }) => degraded), reasons };
  };
}

function createHealthReader(registry: Registry<never>, clock: Clock): () => Promise<Health | null> {
  let asked: Promise<Health | null> | null = null;
  let at = 0;
  return () => {
    if (asked !== null && clock.monotonic() - at < FRESH_MS) return asked;
    at = clock.monotonic();
    asked = within(clock, registry.health());
    return asked;
  };
}

// Everybody may ask whether the server is ready: of what is stopped no name is told.
function toScopeText(scope: ReturnType<Registry["stops"]["list"]>[number]["scope"]): string {
  return scope.kind === "all" ? "All calls are stopped." : `A ${scope.kind} is stopped.`;
}

async function within<T>(clock: Clock, promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(PATIENCE_MS, () => {
      resolve(null);
    });
    const settle = (value: T | null): void => {
      clock.clearTimer(timer);
      resolve(value);
    };
    promise.then(settle, () => {
      settle(null);
    });
  });
}
