// The one tool call that is measured: a small Zod schema in and out, an async handler that does nothing, and around it
// everything a registry can be asked to do. `hand-pipeline.ts` does the same to the same tool.
import {
  createMemoryAuditSink,
  createPrincipal,
  createRegistry,
  defineTool,
  type Access,
  type AnyTool,
  type Grant,
  type Limit,
  type Principal,
  type Registry,
  type RegistryOptions,
} from "../src/index.ts";
import { createOpenTelemetryHooks } from "../src/telemetry/index.ts";
import { z } from "zod";

export const TOOL_NAME = "weather.forecast";
export const INPUT_SCHEMA = z.object({
  city: z.string(),
  units: z.enum(["c", "f"]).optional(),
  days: z.number().int().min(1).max(10),
});
export const OUTPUT_SCHEMA = z.object({ city: z.string(), days: z.number(), temperature: z.number() });

export type Input = z.output<typeof INPUT_SCHEMA>;

export const GOOD_INPUT: Input = { city: "Lisbon", units: "c", days: 3 };
/** Out of range, and one of the enum's values misspelt. */
export const BAD_INPUT: unknown = { city: "Lisbon", units: "k", days: 99 };

/** The bare work. */
export async function forecast({ city, days }: Input): Promise<{ city: string; days: number; temperature: number }> {
  return { city, days, temperature: 21 };
}

export const CALLER: Principal = createPrincipal({
  id: "u1",
  tenant: "acme",
  roles: ["USER"],
  scopes: ["weather:read"],
  ip: "192.0.2.17",
});
/** Sees the tool and lacks its scope. */
export const UNSCOPED: Principal = createPrincipal({
  id: "u2",
  tenant: "acme",
  roles: ["USER"],
  scopes: [],
  ip: "192.0.2.18",
});
/** Has used up its quota. */
export const SPENDER: Principal = createPrincipal({
  id: "u3",
  tenant: "acme",
  roles: ["USER", "metered"],
  scopes: ["weather:read"],
  ip: "192.0.2.19",
});
/** No rule lets it in: for it the tool does not exist. */
export const STRANGER: Principal = createPrincipal({
  id: "u4",
  tenant: "other",
  roles: ["GUEST"],
  scopes: [],
  ip: "192.0.2.20",
});

/** Twelve rules that all concern the tool; the one that lets the caller in is the last. */
export const GRANTS: readonly Grant[] = [
  { name: "no-suspended", effect: "deny", tools: ["*"], roles: ["suspended"] },
  { name: "no-mallory", effect: "deny", tools: ["*"], principals: ["mallory", "trudy"] },
  { name: "no-frozen-tenants", effect: "deny", tools: ["weather.*"], tenants: ["frozen", "closed"] },
  { name: "analysts", tools: ["weather.*"], roles: ["analyst"] },
  { name: "support", tools: ["weather.*", "orders.*"], roles: ["support"] },
  { name: "auditors", tools: ["*"], roles: ["auditor"] },
  { name: "named", tools: ["weather.*"], principals: ["alice", "bob", "carol"] },
  { name: "night-shift", tools: ["weather.forecast"], principals: ["dave", "erin"] },
  { name: "partners", tools: ["weather.*"], tenants: ["partner-a", "partner-b"] },
  { name: "scoped", tools: ["weather.*"], scopes: ["weather:admin"] },
  { name: "partner-users", tools: ["weather.*"], tenants: ["partner-c"], roles: ["USER"] },
  { name: "users", tools: ["weather.*"], roles: ["USER"], tenants: ["acme"] },
];
export const OWN_ROLES = { suspended: {}, analyst: {}, support: {}, auditor: {}, metered: {} };

const HOUR_MS = 3_600_000;
/** Never used up by a benchmark: as many as there may be, every second. */
export const AMPLE = { capacity: 1e9, windowMs: 1_000 } as const;
/** What a call of anybody meets, all or nothing. */
export const LIMITS: readonly Limit[] = [
  { name: "principal", per: ["principal"], ...AMPLE },
  { name: "tenant", per: ["tenant"], ...AMPLE },
  { name: "principal-tool", per: ["principal", "tool"], ...AMPLE },
];
/** In place of the first, for holders of the role "metered": once used up, it stays so for longer than any run. */
export const SPENT_LIMIT: Limit = {
  name: "spent",
  per: ["principal"],
  roles: ["metered"],
  capacity: 1,
  windowMs: 1_000 * HOUR_MS,
};

/** Lets in whom a grant lets in, and only with its scope. */
const FORECAST: AnyTool = toForecast({ scopes: ["weather:read"] });

function toForecast(access: Access): AnyTool {
  return defineTool({
    name: TOOL_NAME,
    version: "1.2.0",
    description: "The weather of the next days in one city. Returns the mean temperature.",
    effect: "read",
    access,
    timeoutMs: 30_000,
    input: INPUT_SCHEMA,
    output: OUTPUT_SCHEMA,
    handler: forecast,
  });
}

/** Everything on, around any tools of `weather.*`. */
export function toFullOptions(): Omit<RegistryOptions, "app" | "tools"> {
  return {
    roles: OWN_ROLES,
    grants: GRANTS,
    limits: [...LIMITS, SPENT_LIMIT],
    audit: createMemoryAuditSink(),
    hooks: createOpenTelemetryHooks(),
    requirePrincipal: true,
  };
}

/** Everything on. The spender's quota is used up. */
export async function createFullRegistry(): Promise<Registry> {
  const registry = createRegistry({ ...toFullOptions(), tools: [FORECAST] });
  await registry.quotas.consume(SPENDER, TOOL_NAME);
  return registry;
}

/** What `createRegistry` gives without options, but for a limit that a benchmark would use up in a moment. */
export function createDefaultRegistry(): Registry {
  return createRegistry({ tools: [toForecast({ roles: ["USER"] })], limits: [{ per: ["principal"], ...AMPLE }] });
}
