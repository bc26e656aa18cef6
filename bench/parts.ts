// The parts of the benchmark, in the order they run.
import type { Figure } from "./figures.ts";
import type { Settings } from "./settings.ts";

export interface Part {
  readonly title: string;
  /** Loads the part only when it runs. */
  readonly run: (settings: Settings) => Promise<readonly Figure[]>;
}

export const PARTS = {
  calls: { title: "One call", run: async (settings) => (await import("./calls.ts")).benchCalls(settings) },
  layers: { title: "Layers", run: async (settings) => (await import("./layers.ts")).benchLayers(settings) },
  decisions: {
    title: "Authorisation and quota",
    run: async (settings) => (await import("./decisions.ts")).benchDecisions(settings),
  },
  lookup: {
    title: "Lookup and resolution",
    run: async (settings) => (await import("./lookup.ts")).benchLookup(settings),
  },
  registration: {
    title: "Registration",
    run: async (settings) => (await import("./registration.ts")).benchRegistration(settings),
  },
  providers: {
    title: "Formats of models' providers",
    run: async (settings) => (await import("./providers.ts")).benchProviders(settings),
  },
  state: { title: "State", run: async (settings) => (await import("./state.ts")).benchState(settings) },
  memory: { title: "Memory", run: async (settings) => (await import("./memory.ts")).benchMemory(settings) },
  isolation: {
    title: "Isolation",
    run: async (settings) => (await import("./isolation.ts")).benchIsolation(settings),
  },
  ledger: { title: "The ledger", run: async (settings) => (await import("./ledger.ts")).benchLedger(settings) },
  peers: {
    title: "Beside other libraries",
    run: async (settings) => (await import("./peers.ts")).benchPeers(settings),
  },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;

export const PART_NAMES: readonly PartName[] = Object.keys(PARTS) as PartName[];

/** Whether `name` is one of the parts. */
export function isPartName(name: string): name is PartName {
  return (PART_NAMES as readonly string[]).includes(name);
}
