// Opens what a configuration names: stores, keys, secrets, the way out, and the registry over them. What was opened is closed again
// when the next thing cannot be.
import { type AnyTool, type AuditOptions, openRegistry, type Problem, type Registry, ToolyardError } from "../index.ts";
import { toProblemsError } from "../errors/toolyard-error.ts";
import { createActRecorder, createAuditTrail } from "../audit/index.ts";
import type { Stores } from "../ports/stores.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Keys } from "../keys/index.ts";
import { createEgress, type Egress } from "../net/index.ts";
import type { Secrets } from "../secrets/index.ts";
import { createHttpSource, type HttpToolOptions, parseHttpTool, toHttpTool } from "../sources/http/index.ts";
import {
  type EgressSettings,
  type ResolvedConfig,
  toEgressSettings,
  type ToolyardConfig,
  toRegistryOptions,
} from "./config/index.ts";
import {
  AUDIT_KEY_VARIABLE,
  type CredentialOptions,
  openStateKeys,
  openStateSecrets,
  openStores,
  type StatePlace,
} from "./state/index.ts";
import type { ServerLog } from "./server-log.ts";

export interface PartsOptions {
  readonly resolved: ResolvedConfig;
  readonly place: StatePlace;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: ServerLog;
}

export interface OpenParts {
  readonly registry: Registry<never>;
  readonly stores: Stores;
  readonly keys: Keys;
  readonly egress: Egress;
  /** The tools over HTTP of a configuration, as its own `egress` permits them. Throws INVALID_DEFINITION that lists every problem. */
  makeTools(config: ToolyardConfig<never>): readonly AnyTool<never>[];
  /** Replaces what secrets may be sent where, and the networks tools may reach. */
  setEgress(settings: EgressSettings): void;
  /** Ends everything; the registry gets `graceMs` for what runs. */
  close(graceMs: number): Promise<void>;
}

/** Opens everything. Rejects like `openRegistry`, and for stores, keys and secrets that cannot be opened. */
export async function openParts(options: PartsOptions): Promise<OpenParts> {
  const { place, clock, env } = options;
  const stores = await openStores(place, clock, env);
  const egress = createEgress({ clock });
  try {
    return await openOver(stores, egress, options);
  } catch (error) {
    await egress.close();
    // The registry closes them when it cannot be opened; closing twice is closing once.
    await stores.close();
    throw error;
  }
}

async function openOver(stores: Stores, egress: Egress, options: PartsOptions): Promise<OpenParts> {
  const { resolved, place, clock, log } = options;
  const credentials = toCredentialOptions(stores, options);
  const keys = await openStateKeys(stores, place, credentials);
  const { secrets } = await openStateSecrets(stores, place, credentials);
  let settings = toEgressSettings(resolved.config);
  const http = toHttpOptions(egress, secrets, () => settings, options);
  const makeTools = (config: ToolyardConfig<never>): readonly AnyTool<never>[] => {
    const inForce = settings;
    // Nobody else runs meanwhile: making tools waits for nothing.
    settings = toEgressSettings(config);
    try {
      return makeHttpTools(config.httpTools ?? [], http);
    } finally {
      settings = inForce;
    }
  };
  const tools = [...(resolved.config.tools ?? []), ...makeTools(resolved.config)];
  const registry = await openRegistry<never>({
    ...toRegistryOptions(resolved.config),
    tools,
    clock,
    stores,
    audit: toAuditOptions(options),
    sources: { http: createHttpSource(http) },
  });
  tellLog(registry, log);
  return {
    ...{ registry, stores, keys, egress, makeTools },
    setEgress(next) {
      settings = next;
    },
    async close(graceMs) {
      await keys.close();
      await registry.close({ graceMs });
      await egress.close();
    },
  };
}

/** Tools of definitions that a configuration holds. Throws INVALID_DEFINITION that lists what is wrong with each. */
function makeHttpTools(definitions: readonly unknown[], http: HttpToolOptions): readonly AnyTool<never>[] {
  const problems: Problem[] = [];
  const tools = definitions.flatMap((definition, index) => {
    try {
      return [toHttpTool(parseHttpTool(definition), http)];
    } catch (error) {
      if (!(error instanceof ToolyardError)) throw error;
      const own = error.problems.length > 0 ? error.problems : [{ path: "", message: error.message }];
      for (const { path, message } of own)
        problems.push({ path: `httpTools[${index}]${path && `: ${path}`}`, message });
      return [];
    }
  });
  if (problems.length > 0)
    throw toProblemsError("INVALID_DEFINITION", "Tools over HTTP have problems; nothing was changed.", problems);
  return tools;
}

function toHttpOptions(
  egress: Egress,
  secrets: Secrets,
  settings: () => EgressSettings,
  { clock, log }: PartsOptions,
): HttpToolOptions {
  return {
    egress: { request: (request) => egress.request({ ...request, allowPrivate: settings().allowPrivate }) },
    secrets,
    // Asked when a tool is made, and again at every start: whoever may publish does not decide where secrets go.
    permitSecret: (reference, origin) => settings().secrets.get(reference)?.includes(origin) === true,
    clock,
    onFailure({ tool, version, callId, error }) {
      log.warn("tool.upstream", `${tool}@${version} (${callId}): ${(error as Error).message}`);
    },
  };
}

function toCredentialOptions(stores: Stores, { env, clock, log }: PartsOptions): CredentialOptions {
  const warn = (message: string): void => {
    log.warn("state", message);
  };
  const trail = createAuditTrail(stores.ledger, { clock });
  const acts = createActRecorder(trail, (error) => {
    warn(`it was done, and could not be recorded: ${(error as Error).message}`);
  });
  return { env, clock, acts, warn };
}

function toAuditOptions({ resolved, env }: PartsOptions): Omit<AuditOptions, "sink"> {
  const { path: _file, ...given } = resolved.config.audit ?? {};
  const key = env[AUDIT_KEY_VARIABLE] ?? "";
  return { ...given, ...(key !== "" && { key }) };
}

/** What no answer tells, and an operator has to know. */
function tellLog(registry: Registry<never>, log: ServerLog): void {
  const toText = (error: unknown): string =>
    error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  registry.on("tool.failed", ({ tool, version, callId, error }) => {
    log.warn("tool.failed", `${tool}@${version} (${callId}): ${toText(error)}`);
  });
  registry.on("tool.unusable", ({ name, version, error }) => {
    log.warn("tool.unusable", `${name}@${version}: ${toText(error)}`);
  });
  registry.on("outcome.unknown", ({ tool, id, code }) => {
    log.warn("outcome.unknown", `${tool} (${id}): ${code}; see toolyard outcomes list`);
  });
  registry.on("breaker.changed", ({ scope, name, state }) => {
    log.warn("breaker", `${scope} ${name}: ${state}`);
  });
  for (const event of ["audit.failed", "store.failed", "hook.failed", "fallback.failed", "registry.failed"] as const)
    registry.on(event, ({ error }) => {
      log.error(event, toText(error));
    });
}
