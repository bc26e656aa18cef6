// Holds each contender of `layers.ts` to its name before it is timed: a layer that is not there, or does not do its work,
// costs nothing. Each check has a registry of its own, on a clock that moves by hand.
import type { Outcome, Registry } from "../src/index.ts";
import { createManualClock, type ManualClock } from "../src/testing/index.ts";
import { ATTEMPT_MS, createLayeredRegistry, MAX_RUNNING, type Layered, type Trouble } from "./layered-tools.ts";
import { CALLER, GOOD_INPUT } from "./workload.ts";

interface Scene {
  readonly registry: Registry;
  readonly trouble: Trouble;
  readonly clock: ManualClock;
  /** Calls as the contender does. */
  readonly call: () => Promise<Outcome>;
  /** Calls with the same arguments, and the same key, if any, each time. */
  readonly repeat: (idempotencyKey?: string) => Promise<Outcome>;
}

type Scope = "tool" | "upstream";
/** Whether what happens shows that the layer is there. */
type Check = (scene: Scene) => Promise<boolean>;

/** Longer than any call lasts. */
const WHOLE_MS = 60_000;

/** The outcome, at the latest when the call's deadline has passed: what should not wait may do so. */
async function toEnd({ clock }: Scene, outcome: Promise<Outcome>): Promise<Outcome> {
  await clock.advance(WHOLE_MS);
  return outcome;
}

const DONE_AT_ONCE: Check = async ({ call }) =>
  [await call(), await call()].every(({ ok, meta }) => ok && meta.attempts === 1 && meta.cached === meta.replayOf);

const FAILS_AT_ONCE: Check = async (scene) => {
  scene.trouble.failures = 1;
  const { ok, meta } = await toEnd(scene, scene.call());
  return !ok && meta.attempts === 1;
};

const REPEATS: Check = async (scene) => {
  scene.trouble.failures = 1;
  const { ok, meta } = await toEnd(scene, scene.call());
  return ok && meta.attempts === 2;
};

const ENDS_ATTEMPTS: Check = async ({ call, clock, trouble }) => {
  trouble.hangs = true;
  const outcome = call();
  await clock.advance(ATTEMPT_MS);
  return clock.pending === 0 && toCode(await outcome) === "TIMEOUT";
};

const KEEPS_ANSWERS: Check = async ({ repeat }) => {
  await repeat();
  return (await repeat()).meta.cached === "fresh";
};

const REMEMBERS_KEYS: Check = async ({ repeat }) => {
  const first = await repeat("a key");
  return (await repeat("a key")).meta.replayOf === first.meta.callId;
};

/** The breakers of these scopes, and no others, open when everything fails. */
const opens =
  (...scopes: readonly Scope[]): Check =>
  async ({ registry, call, clock, trouble }) => {
    trouble.failures = Infinity;
    const outcomes: Promise<Outcome>[] = [];
    for (let count = 0; count < 30; count++) {
      outcomes.push(call());
      await clock.advance(100);
    }
    await clock.advance(1_000);
    const last = (await Promise.all(outcomes)).at(-1);
    const { breakers } = await registry.health();
    const open = breakers.filter(({ state }) => state === "open").map(({ scope }) => scope);
    return last !== undefined && toCode(last) === "BREAKER_OPEN" && open.sort().join() === scopes.join();
  };

/** The bulkheads of these scopes, and no others, are full when so many calls hang, and the next one is shed. */
const sheds =
  (...scopes: readonly Scope[]): Check =>
  async (scene) => {
    const { registry, call, trouble } = scene;
    trouble.hangs = true;
    for (let count = 0; count < MAX_RUNNING; count++) void call();
    const next = await toEnd(scene, call());
    const { bulkheads } = await registry.health();
    const full = bulkheads.filter(({ running }) => running === MAX_RUNNING).map(({ scope }) => scope);
    return toCode(next) === "OVERLOADED" && full.sort().join() === scopes.join();
  };

const isReplacedBy =
  (by: "value" | "function"): Check =>
  async (scene) => {
    scene.trouble.failures = Infinity;
    const { ok, meta } = await toEnd(scene, scene.call());
    return ok && meta.degraded?.by === by;
  };

/** Of each contender in `LAYERED`. */
const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  "no layer": [FAILS_AT_ONCE],
  retry: [REPEATS],
  breaker: [FAILS_AT_ONCE, opens("tool")],
  "sampling breaker": [FAILS_AT_ONCE, opens("tool")],
  bulkhead: [FAILS_AT_ONCE, sheds("tool")],
  upstream: [FAILS_AT_ONCE, opens("upstream"), sheds("upstream")],
  "attempt deadline": [FAILS_AT_ONCE, ENDS_ATTEMPTS],
  "fallback value": [isReplacedBy("value")],
  "fallback function": [isReplacedBy("function")],
  "cache hit": [KEEPS_ANSWERS],
  "cache miss": [FAILS_AT_ONCE, KEEPS_ANSWERS],
  "idempotency key": [FAILS_AT_ONCE, REMEMBERS_KEYS],
  "full stack": [
    REPEATS,
    opens("tool", "upstream"),
    sheds("tool", "upstream"),
    isReplacedBy("function"),
    KEEPS_ANSWERS,
    REMEMBERS_KEYS,
  ],
};

/** Throws an Error that names the first contender of `all` that is not what its name says. */
export async function checkLayers(all: readonly Layered[]): Promise<void> {
  for (const layered of all) {
    const { name } = layered;
    const own = CHECKS[name];
    if (own === undefined) throw new Error(`${name}: nothing checks it`);
    // Of a cache hit the second call is no call of the handler.
    const checks = name === "cache hit" ? own : [DONE_AT_ONCE, ...own];
    for (const [index, check] of checks.entries())
      if (!(await check(toScene(layered))))
        throw new Error(`${name}: check ${index + 1} of ${checks.length} does not hold`);
  }
}

function toScene(layered: Layered): Scene {
  const clock = createManualClock();
  const { registry, trouble, call } = createLayeredRegistry([layered], clock);
  return {
    registry,
    trouble,
    clock,
    call: () => call(layered),
    repeat: (idempotencyKey) =>
      registry.execute(layered.tool, GOOD_INPUT, {
        principal: CALLER,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      }),
  };
}

/** Why the tool itself gave no answer; null when it did. */
function toCode(outcome: Outcome): string | null {
  return outcome.ok ? (outcome.meta.degraded?.code ?? null) : outcome.error.code;
}
