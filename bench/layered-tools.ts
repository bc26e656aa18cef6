// The tool of the benchmark with each layer there is, one at a time, and with all of them: what `layers.ts` measures and
// `check-layers.ts` holds to its name. A test's clock and trouble come in from outside; both cost the measured call nothing.
import {
  createRegistry,
  defineTool,
  type Access,
  type AnyTool,
  type CallOptions,
  type Outcome,
  type Registry,
  type ToolProperties,
} from "../src/index.ts";
import type { Clock } from "../src/kernel/clock.ts";
import { createMemoryIdempotencyStore } from "../src/stores/memory/index.ts";
import {
  AMPLE,
  CALLER,
  forecast,
  GOOD_INPUT,
  INPUT_SCHEMA,
  OUTPUT_SCHEMA,
  toFullOptions,
  type Input,
} from "./workload.ts";

/** What goes wrong in the handler: so many failures, or a hang. */
export interface Trouble {
  failures: number;
  hangs: boolean;
}

type Forecast = Awaited<ReturnType<typeof forecast>>;
type Policies = Pick<ToolProperties, "attemptTimeoutMs" | "breaker" | "bulkhead" | "cache" | "retry" | "upstream"> & {
  readonly fallback?: { readonly value: Forecast } | { readonly run: () => Promise<Forecast> };
};

/** What is new in every call of a contender. */
interface News {
  readonly hasArguments: boolean;
  readonly hasKey: boolean;
}

/** One contender: which layers its tool has, and how it is called. */
export interface Layered {
  readonly name: string;
  readonly tool: string;
  readonly policies: Policies;
  readonly news: News;
}

export const NO_LAYER = "no layer";
export const FULL_STACK = "full stack";
export const MAX_RUNNING = 16;
export const ATTEMPT_MS = 10_000;
const UPSTREAM = "weather-service";
const SUBSTITUTE: Forecast = { city: "anywhere", days: 1, temperature: 0 };
const DAY_MS = 86_400_000;
const BULKHEAD = { max: MAX_RUNNING, queue: 0 } as const;

const NOTHING_NEW: News = { hasArguments: false, hasKey: false };

const alone = (name: string, policies: Policies, news: Partial<News> = {}): Layered => ({
  name,
  tool: `weather.${name.replaceAll(/\W+/g, "_")}`,
  policies: { retry: false, ...policies },
  news: { ...NOTHING_NEW, ...news },
});

/** The first has none, the last has all. */
export const LAYERED: readonly Layered[] = [
  alone(NO_LAYER, {}),
  alone("retry", { retry: {} }),
  alone("breaker", { breaker: {} }),
  alone("sampling breaker", { breaker: { kind: "sampling" } }),
  alone("bulkhead", { bulkhead: BULKHEAD }),
  alone("upstream", { upstream: UPSTREAM }),
  alone("attempt deadline", { attemptTimeoutMs: ATTEMPT_MS }),
  alone("fallback value", { fallback: { value: SUBSTITUTE } }),
  alone("fallback function", { fallback: { run: async () => SUBSTITUTE } }),
  alone("cache hit", { cache: { ttlMs: DAY_MS } }),
  alone("cache miss", { cache: { ttlMs: DAY_MS } }, { hasArguments: true }),
  alone("idempotency key", {}, { hasKey: true }),
  alone(
    FULL_STACK,
    {
      retry: {},
      breaker: {},
      bulkhead: BULKHEAD,
      upstream: UPSTREAM,
      cache: { ttlMs: DAY_MS },
      fallback: { run: async () => SUBSTITUTE },
    },
    { hasArguments: true, hasKey: true },
  ),
];

export interface LayeredRegistry {
  readonly registry: Registry;
  readonly trouble: Trouble;
  /** Makes the next call of a contender. */
  readonly call: (layered: Layered) => Promise<Outcome>;
}

/** A registry of the tools in `layered`: with default options but for an ample limit, or with everything on. */
export function createLayeredRegistry(
  layered: readonly Layered[],
  clock: Clock,
  options: "default options" | "everything on" = "default options",
): LayeredRegistry {
  const isFull = options === "everything on";
  // Let in by its access where there is no grant; by the twelfth grant, and with its scope, where there are twelve.
  const access: Access = isFull ? { scopes: ["weather:read"] } : { roles: ["USER"] };
  const trouble: Trouble = { failures: 0, hangs: false };
  // Keys are forgotten after a second, so that a run of any length fits; never refused before that.
  const bounds = { maxRecords: 1e6, maxPerPrincipal: 1e6, maxBytes: 2 ** 30, maxBytesPerPrincipal: 2 ** 30 };
  const registry = createRegistry({
    ...(isFull ? toFullOptions() : { limits: [{ per: ["principal"], ...AMPLE }] }),
    clock,
    tools: layered.map((one) => toTool(one, access, trouble)),
    upstreams: { [UPSTREAM]: { breaker: {}, bulkhead: BULKHEAD } },
    idempotencyStore: createMemoryIdempotencyStore({ clock, ...bounds }),
    idempotencyKeepMs: 1_000,
  });
  let count = 0;
  return {
    registry,
    trouble,
    call: ({ tool, news }) => {
      count++;
      const input = news.hasArguments ? { ...GOOD_INPUT, city: `Lisbon ${count}` } : GOOD_INPUT;
      return registry.execute(tool, input, news.hasKey ? toKeyed(count) : CALLED);
    },
  };
}

const CALLED: CallOptions = Object.freeze({ principal: CALLER });

function toKeyed(count: number): CallOptions {
  return { principal: CALLER, idempotencyKey: `key ${count}` };
}

function toTool({ tool, policies }: Layered, access: Access, trouble: Trouble): AnyTool {
  return defineTool({
    name: tool,
    version: "1.0.0",
    description: "The weather of the next days in one city. Returns the mean temperature.",
    effect: "read",
    access,
    timeoutMs: 30_000,
    input: INPUT_SCHEMA,
    output: OUTPUT_SCHEMA,
    ...policies,
    handler: (input: Input) => (trouble.failures > 0 || trouble.hangs ? fail(trouble) : forecast(input)),
  });
}

async function fail(trouble: Trouble): Promise<never> {
  if (trouble.hangs) return new Promise<never>(() => {});
  trouble.failures--;
  throw new Error("the weather service is out of order");
}
