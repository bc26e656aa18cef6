// A hundred tools of which thirty can be sick, guarded as an operator would: short deadlines, a bulkhead and a breaker for
// each, one upstream for those that share a system. Both of the registries that `isolation.ts` compares are made here.
import { setTimeout as sleep } from "node:timers/promises";
import { createRegistry, defineTool, type AnyTool, type Registry } from "../src/index.ts";
import { waitForever } from "../src/testing/wait.ts";
import { AMPLE, forecast, INPUT_SCHEMA, OUTPUT_SCHEMA, type Input } from "./workload.ts";

type Health = "healthy" | "hanging" | "flapping";

const HEALTHY = 70;
const HANGING = 20;
const FLAPPING = 10;
const DEADLINE_MS = 250;
/** How long a handler that does not listen to its signal goes on after its deadline. */
const DEAF_MS = 3_000;
/** How long what flaps is in order, and how long it is not. */
const FLAP_MS = 200;

export interface Patient {
  readonly name: string;
  readonly health: Health;
}

const UPSTREAMS: Readonly<Record<Health, { readonly upstream?: string }>> = {
  healthy: {},
  hanging: { upstream: "archive" },
  flapping: { upstream: "ledger" },
};

const many = (health: Health, count: number): readonly Patient[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${health}.tool_${index}`, health }));

export const PATIENTS: readonly Patient[] = [
  ...many("healthy", HEALTHY),
  ...many("hanging", HANGING),
  ...many("flapping", FLAPPING),
];

/** A registry of all the tools; `isSick`: whether those that can be sick are. */
export function createWard(isSick: boolean): Registry {
  return createRegistry({
    tools: PATIENTS.map((patient, index) => toTool(patient, index, isSick)),
    upstreams: {
      archive: { bulkhead: { max: 16, queue: 16 } },
      ledger: { breaker: { kind: "sampling", windowMs: 1_000, openMs: 500 } },
    },
    limits: [{ per: ["principal"], ...AMPLE }],
    concurrency: [],
    // What it keeps, it keeps by the minute: 8 bytes a call, which a slope of seconds would take for a leak.
    metering: { enabled: false },
  });
}

function toTool({ name, health }: Patient, index: number, isSick: boolean): AnyTool {
  const work = toWork(health, index, isSick);
  return defineTool({
    name,
    version: "1.0.0",
    description: "The weather of the next days in one city. Returns the mean temperature.",
    effect: "read",
    access: { roles: ["USER"] },
    input: INPUT_SCHEMA,
    output: OUTPUT_SCHEMA,
    timeoutMs: DEADLINE_MS,
    breaker: { failures: 5, openMs: 500, maxOpenMs: 2_000 },
    bulkhead: { max: 8, queue: 8 },
    ...UPSTREAMS[health],
    // Some keep their answers for a moment: what a cache leaves behind would show in the slope of the heap.
    ...(health === "healthy" && index % 7 === 0 ? { cache: { ttlMs: 100 } } : {}),
    handler: async (input: Input, { signal }) => {
      await work(signal);
      return forecast(input);
    },
  });
}

type Work = (signal: AbortSignal) => Promise<unknown>;

function toWork(health: Health, index: number, isSick: boolean): Work {
  if (!isSick || health === "healthy") return index % 3 === 0 ? yieldTurns : () => sleep(1 + (index % 2));
  // Half of those that hang listen to their signal; the others hold their slots for as long as they please.
  if (health === "hanging") return index % 2 === 0 ? waitForever : () => sleep(DEADLINE_MS + DEAF_MS);
  return async () => {
    await sleep(1);
    if (Math.floor(performance.now() / FLAP_MS) % 2 === 1) throw new Error("the ledger is out of order");
  };
}

/** A few turns of the event loop: some hundred microseconds under load. */
async function yieldTurns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
