// Wires the parts into what users hold, in memory or over stores. No behaviour lives here: what a call does is in `pipeline/`, what may be seen in
// `authz/`, what exists in `registry/`.
import { createAuditTrail } from "../audit/index.ts";
import { createAuthorization } from "../authz/index.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { createIdSource } from "../kernel/ids.ts";
import { systemRandom } from "../kernel/random.ts";
import { createMetering, type UsageKeeper } from "../metering/index.ts";
import { createActiveCalls } from "../pipeline/active-calls.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { ResolvedOutcome } from "../ports/outcome-store.ts";
import type { SettingStore } from "../ports/setting-store.ts";
import type { UsageStore } from "../ports/usage-store.ts";
import { execute } from "../pipeline/execute.ts";
import { compileHooks } from "../pipeline/hooks.ts";
import { createShadows } from "../pipeline/shadow/shadows.ts";
import { createToolStates } from "../pipeline/tool-state.ts";
import { createLimiter, DEFAULT_CONCURRENCY, DEFAULT_LIMITS, type Limiter } from "../quota/index.ts";
import { createCatalogue } from "../registry/index.ts";
import {
  createMemoryArtefactStore,
  createMemoryCacheStore,
  createMemoryIdempotencyStore,
  createMemoryOutcomeStore,
  createMemoryQuotaStore,
  createMemorySettingStore,
  createMemorySlotStore,
} from "../stores/memory/index.ts";
import { type Administration, createAdministration } from "./administration.ts";
import { createCalls } from "./calls.ts";
import { createCheck } from "./check.ts";
import { checkLimitRoles } from "./check-options.ts";
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
import { createClosing, type Ending } from "./closing.ts";
import { createUsage } from "./usage.ts";
import { createUsageHistory } from "./usage-history.ts";
import { createDeclaredProgram } from "./settings/declared-program.ts";
import type { ProgramSettings } from "./settings/declared-settings.ts";
import { createKeptOverrides } from "./settings/kept-overrides.ts";
import type { SettingTarget } from "./settings/setting-rules.ts";
import { createRedeclare } from "./settings/redeclare.ts";
import { createSettings } from "./settings/settings.ts";
import { createStops } from "./stops/stops.ts";
import { createStopTable } from "./stops/stop-table.ts";
import { createStoredPrincipals, type StoredPrincipals } from "./settings/stored-principals.ts";

/** What a registry over stores has besides its options. */
export interface Durable extends Ending {
  readonly settings: SettingStore;
  /** What the program declares itself, without what is stored of roles and limits. */
  readonly program: ProgramSettings;
  readonly usage: (environment: Environment) => UsageKeeper;
  readonly usageStore: UsageStore;
}

/** A registry that is not filled yet, and what fills it. */
export interface MadeRegistry {
  readonly registry: Registry;
  readonly environment: Environment;
  readonly administration: Administration;
  /** What settings act on. */
  readonly target: SettingTarget;
}

/** Makes a registry of checked options; `durable` null: in memory. */
export function makeRegistry(options: RegistryOptions<never>, durable: Durable | null): MadeRegistry {
  const emitter = createEmitter();
  const principals = createStoredPrincipals();
  const environment = createEnvironment(options, emitter, principals);
  if (durable !== null) environment.usage = durable.usage(environment);
  const administration = createAdministration(environment, emitter);
  const target = createTarget(environment, emitter, principals);
  const settingParts = {
    ...target,
    environment,
    emitter,
    store: durable?.settings ?? createMemorySettingStore(),
    program: createDeclaredProgram(durable?.program ?? options),
  };
  const settings = createSettings(settingParts);
  const kept = durable === null ? null : settings;
  const registry: Registry = {
    ...createListing(environment),
    ...administration.public,
    check: createCheck(environment),
    ...createCalls(environment),
    redeclare: createRedeclare({
      settings: settingParts,
      inTurn: settings.inTurn,
      catalogue: administration.parts,
      defaultRole: options.defaultRole,
    }),
    settings: { list: settings.list, set: settings.set, remove: settings.remove },
    stops: createStops({ environment, emitter, settings, table: target.stops }),
    permissions: createPermissions(environment, emitter, kept),
    grants: createGrants(environment, emitter, kept),
    quotas: createQuotas({ environment, overrides: target.overrides, kept }),
    outcomes: createOutcomes(environment),
    results: createResults(options, environment, administration),
    health: createHealth(environment),
    metering: environment.metering,
    usage: createUsage(environment),
    usageHistory: createUsageHistory(environment, durable?.usageStore ?? null),
    on: emitter.on,
    ...createClosing(environment, durable),
  };
  return { registry, environment, administration, target };
}

function createTarget(environment: Environment, emitter: Emitter, principals: StoredPrincipals): SettingTarget {
  const { authorization, limiter, catalogue } = environment;
  const overrides = createKeptOverrides(limiter, (tool) => catalogue.snapshot.get(tool) !== undefined);
  emitter.on("tool.published", ({ name }) => {
    overrides.refreshTool(name);
  });
  const stops = createStopTable((standing) => {
    environment.stops = standing;
  });
  return { authorization, limiter, principals, overrides, stops };
}

function createResults(
  { artefactStore, results }: RegistryOptions<never>,
  environment: Environment,
  { publishing }: Administration,
): Registry["results"] {
  return createRegistryResults({
    environment,
    artefacts: artefactStore ?? createMemoryArtefactStore({ clock: environment.clock }),
    maxBytes: results?.maxBytes ?? 262_144,
    keepMs: results?.keepMs ?? 3_600_000,
    publishOwn: publishing.publishOwn,
  });
}

function createEnvironment(options: RegistryOptions<never>, emitter: Emitter, stored: StoredPrincipals): Environment {
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
    usage: null,
    audit: options.audit === undefined ? null : createAuditTrail(options.audit, { clock }),
    hooks: compileHooks(options.hooks),
    customAuthorizer: authorizer !== undefined,
    timeoutMs: options.timeoutMs ?? 30_000,
    retry,
    states,
    idempotencyKeepMs: options.idempotencyKeepMs ?? 86_400_000,
    ...toStores(options, clock),
    principals: createPrincipals(options.defaultRole ?? "USER", options.requirePrincipal ?? false, stored),
    sources: new Map(Object.entries(options.sources ?? {})),
    unusable: [],
    plans: new WeakMap(),
    shadows: createShadows(),
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
    stops: null,
    active: createActiveCalls(),
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
