// Wires the parts into what users hold. No behaviour lives here: what a call does is in `pipeline/`, what may be seen in
// `authz/`, what exists in `registry/`.
import { createAuditTrail } from "../audit/index.ts";
import { createAuthorization } from "../authz/index.ts";
import { systemClock } from "../kernel/clock.ts";
import { createIdSource } from "../kernel/ids.ts";
import { createMetering } from "../metering/index.ts";
import type { Environment } from "../pipeline/environment.ts";
import { execute } from "../pipeline/execute.ts";
import { compileHooks } from "../pipeline/hooks.ts";
import { createLimiter, DEFAULT_CONCURRENCY, DEFAULT_LIMITS } from "../quota/index.ts";
import { createCatalogue } from "../registry/index.ts";
import { createMemoryQuotaStore, createMemorySlotStore } from "../stores/memory/index.ts";
import { createAdministration } from "./administration.ts";
import { createCalls } from "./calls.ts";
import { createCheck } from "./check.ts";
import { checkLimitRoles, checkRegistryOptions } from "./check-options.ts";
import { createEmitter, type Emitter } from "./events.ts";
import { createListing } from "./listing.ts";
import { createGrants } from "./grants.ts";
import { createPermissions } from "./permissions.ts";
import { createPrincipals } from "./principals.ts";
import { createQuotas } from "./quotas.ts";
import type { Registry, RegistryOptions } from "./registry.ts";
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
  const { publish, ...administration } = createAdministration(environment, emitter);
  const registry: Registry = {
    ...createListing(environment),
    ...administration,
    check: createCheck(environment),
    ...createCalls(environment),
    permissions: createPermissions(environment, emitter),
    grants: createGrants(environment, emitter),
    quotas: createQuotas(environment),
    metering: environment.metering,
    usage: createUsage(environment),
    on: emitter.on,
    ...createClosing(environment),
  };
  publish(options.tools ?? []);
  return registry;
}

function createEnvironment(options: RegistryOptions<never>, emitter: Emitter): Environment {
  const clock = options.clock ?? systemClock;
  const { roles, grants, authorizer } = options;
  const authorization = createAuthorization({ roles, grants, authorizer });
  const catalogue = createCatalogue();
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
  const metering = createMetering(options.metering ?? {}, { clock });
  const environment: Environment = {
    app: options.app,
    clock,
    ids: options.ids ?? createIdSource(),
    catalogue,
    authorization,
    limiter,
    metering,
    audit: options.audit === undefined ? null : createAuditTrail(options.audit, { clock }),
    hooks: compileHooks(options.hooks),
    customAuthorizer: authorizer !== undefined,
    timeoutMs: options.timeoutMs ?? 30_000,
    principals: createPrincipals(options.defaultRole ?? "USER", options.requirePrincipal ?? false),
    plans: new WeakMap(),
    accesses: new WeakMap(),
    execute: (request) => execute(environment, request),
    report: ({ kind, ...payload }) => {
      emitter.emit(kind, payload);
    },
    running: 0,
    onIdle: null,
    closed: false,
  };
  return environment;
}
