// Wires the parts into what users hold. No behaviour lives here: what a call does is in `pipeline/`, what may be seen in
// `authz/`, what exists in `registry/`.
import { createAuditTrail } from "../audit/index.ts";
import { createAuthorization } from "../authz/index.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { createIdSource } from "../kernel/ids.ts";
import { systemRandom } from "../kernel/random.ts";
import { createMetering } from "../metering/index.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { ResolvedOutcome } from "../ports/outcome-store.ts";
import { execute } from "../pipeline/execute.ts";
import { compileHooks } from "../pipeline/hooks.ts";
import { createToolStates } from "../pipeline/tool-state.ts";
import { createLimiter, DEFAULT_CONCURRENCY, DEFAULT_LIMITS, type Limiter } from "../quota/index.ts";
import { createCatalogue } from "../registry/index.ts";
import {
  createMemoryArtefactStore,
  createMemoryCacheStore,
  createMemoryIdempotencyStore,
  createMemoryOutcomeStore,
  createMemoryQuotaStore,
  createMemorySlotStore,
} from "../stores/memory/index.ts";
import { createAdministration } from "./administration.ts";
import { createCalls } from "./calls.ts";
import { createCheck } from "./check.ts";
import { checkLimitRoles, checkRegistryOptions } from "./check-options.ts";
import { createEmitter, type Emitter } from "./events.ts";
import { createHealth, findBreakerState } from "./health.ts";
import { createListing } from "./listing.ts";
import { createGrants } from "./grants.ts";
import { createOutcomes, recordResolution } from "./outcomes.ts";
import { createPermissions } from "./permissions.ts";
import { createPrincipals } from "./principals.ts";
import { createQuotas } from "./quotas.ts";
import type { Registry, RegistryOptions } from "./registry.ts";
import { readResilienceOptions } from "./resilience-options.ts";
import { createRegistryResults } from "./results/results.ts";
import { createClosing } from "./closing.ts";
import { createUsage } from "./usage.ts";

/**
 * Creates a registry in memory. Every option has a safe default.
 * Throws INVALID_OPTION, UNKNOWN_ROLE or INVALID_DEFINITION, each listing everything that is wrong.
 */
export function createRegistry<App = unknown>(options: RegistryOptions<App> = {}): Registry<App> {
  // What the app is matters to handlers only; from here on it is just passed along.
  const untyped = options as unknown as RegistryOptions<never>;
  checkRegistryOptions(untyped);
  const emitter = createEmitter();
  const environment = createEnvironment(untyped, emitter);
  const { public: administration, publishing } = createAdministration(environment, emitter);
  const registry: Registry = {
    ...createListing(environment),
    ...administration,
    check: createCheck(environment),
    ...createCalls(environment),
    permissions: createPermissions(environment, emitter),
    grants: createGrants(environment, emitter),
    quotas: createQuotas(environment),
    outcomes: createOutcomes(environment),
    results: createRegistryResults({
      environment,
      artefacts: options.artefactStore ?? createMemoryArtefactStore({ clock: environment.clock }),
      maxBytes: options.results?.maxBytes ?? 262_144,
      keepMs: options.results?.keepMs ?? 3_600_000,
      publishOwn: publishing.publishOwn,
    }),
    health: createHealth(environment),
    metering: environment.metering,
    usage: createUsage(environment),
    on: emitter.on,
    ...createClosing(environment),
  };
  publishing.publishAtOnce(untyped.tools ?? []);
  return registry;
}

function createEnvironment(options: RegistryOptions<never>, emitter: Emitter): Environment {
  const clock = options.clock ?? systemClock;
  const { roles, grants, authorizer } = options;
  const authorization = createAuthorization({ roles, grants, authorizer });
  const catalogue = createCatalogue();
  const { retry, upstreams } = readResilienceOptions(options);
  const states = createToolStates(upstreams, clock, (change) => {
    emitter.emit("breaker.changed", change);
  });
  const metering = createMetering(options.metering ?? {}, {
    clock,
    breakerOf: (name, version) => findBreakerState(catalogue, states, name, version),
  });
  const environment: Environment = {
    app: options.app,
    clock,
    ids: options.ids ?? createIdSource(),
    random: options.random ?? systemRandom,
    catalogue,
    authorization,
    limiter: openLimiter(options, { clock, authorization, catalogue }),
    metering,
    audit: options.audit === undefined ? null : createAuditTrail(options.audit, { clock }),
    hooks: compileHooks(options.hooks),
    customAuthorizer: authorizer !== undefined,
    timeoutMs: options.timeoutMs ?? 30_000,
    retry,
    states,
    idempotencyKeepMs: options.idempotencyKeepMs ?? 86_400_000,
    ...toStores(options, clock),
    principals: createPrincipals(options.defaultRole ?? "USER", options.requirePrincipal ?? false),
    plans: new WeakMap(),
    accesses: new WeakMap(),
    execute: (request) => execute(environment, request),
    report: ({ kind, ...payload }) => {
      emitter.emit(kind, payload);
      if (kind === "outcome.resolved") void recordResolution(environment, payload as ResolvedOutcome);
    },
    lingering: new Set(),
    keyWaiters: new Map(),
    waiting: new Set(),
    resultRules: new Map(),
    running: 0,
    onIdle: null,
    closed: false,
    ended: false,
  };
  return environment;
}

function openLimiter(
  options: RegistryOptions<never>,
  { clock, authorization, catalogue }: Pick<Environment, "clock" | "authorization" | "catalogue">,
): Limiter {
  const limiter = createLimiter({
    store: options.quotaStore ?? createMemoryQuotaStore({ clock }),
    slots: options.slotStore ?? createMemorySlotStore(),
    clock,
    limits: options.limits ?? DEFAULT_LIMITS,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    isRole: (role) => authorization.roles.has(role),
    versionsOf: (name) => catalogue.snapshot.get(name)?.versions.map(({ tool }) => tool.version) ?? [],
  });
  checkLimitRoles(options, authorization.roles);
  return limiter;
}

/** Where what calls leave behind is kept: in memory, unless the options say otherwise. */
function toStores(
  { cacheStore, idempotencyStore, outcomeStore }: RegistryOptions<never>,
  clock: Clock,
): Pick<Environment, "cache" | "idempotency" | "outcomes"> {
  return {
    cache: cacheStore ?? createMemoryCacheStore({ clock }),
    idempotency: idempotencyStore ?? createMemoryIdempotencyStore({ clock }),
    outcomes: outcomeStore ?? createMemoryOutcomeStore(),
  };
}
