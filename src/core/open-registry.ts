// A registry over stores: what it publishes, is told and does outlives its process.
import type { AuditOptions } from "../audit/index.ts";
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import { createUsageKeeper, type UsageRetention } from "../metering/index.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { Stores } from "../ports/stores.ts";
import { type ReadDefinitions, readDefinitions } from "./catalogue/check-definitions.ts";
import { checkRegistryOptions } from "./check-options.ts";
import { openStoredCatalogue } from "./catalogue/open-catalogue.ts";
import { openKeptQuotas } from "./kept-quotas.ts";
import { makeRegistry } from "./make-registry.ts";
import { toChoiceProblem, toFlagProblem, toKind, toRangeProblem, toUnknownKeys } from "./options.ts";
import type { Registry, RegistryOptions } from "./registry.ts";
import { type StopWatch, watchStops } from "./stops/watch-stops.ts";
import { applyDeclared } from "./settings/declared-settings.ts";
import { loadSettings } from "./settings/load-settings.ts";

export interface OpenRegistryOptions<App = unknown> extends Omit<
  RegistryOptions<App>,
  "audit" | "idempotencyStore" | "outcomeStore"
> {
  /**
   * What `openSqliteStores` or `openPostgresStores` resolves to. The registry closes them when it is closed. A promise saves time where
   * there are thousands of tools: they are read while the stores open.
   */
  readonly stores: Stores | Promise<Stores>;
  /** What is kept of calls in the ledger. The ledger itself is that of the stores. */
  readonly audit?: Omit<AuditOptions, "sink">;
  /**
   * What a version in `tools` is at first that is new to a tool which is stored: `staged` until it is activated or promoted, see
   * `Rollouts`. All versions of a tool that is new are active.
   * @default "active"
   */
  readonly newVersions?: "active" | "staged";
  /** How long usage is kept. @default 24 hours of minutes, 90 days of hours */
  readonly usageRetention?: UsageRetention;
}

const STORES = [
  "catalog",
  "settings",
  "keys",
  "secrets",
  "ledger",
  "idempotency",
  "outcomes",
  "usage",
  "quotas",
  "auditReader",
];
const DAY_MS = 86_400_000;

/**
 * Opens a registry over stores. Tools in `tools` are published, or found to be published already: with their states, channels and
 * rollouts as they were left. Rejects as `createRegistry` throws, and with CONTRACT_BROKEN when a definition breaks the contract that is
 * stored under its version, with INVALID_OPTION when a stored setting cannot be put in force, with STORE_FAILED when a store fails,
 * and as opening the stores does. The stores are closed when it rejects.
 */
export async function openRegistry<App = unknown>(options: OpenRegistryOptions<App>): Promise<Registry<App>> {
  const untyped = options as unknown as OpenRegistryOptions<never>;
  const { tools = [] } = untyped ?? {};
  // Before anything is waited for: it is the longest work, and stores that are being opened have a thread of their own.
  const read = Array.isArray(tools) ? readDefinitions(tools) : [];
  const stores = await untyped?.stores;
  try {
    checkOpenOptions({ ...untyped, stores });
    return await open({ ...untyped, stores }, read);
  } catch (error) {
    await closeQuietly(stores);
    throw error;
  }
}

/** Whatever was given for them. */
async function closeQuietly(stores: Partial<Stores> | undefined): Promise<void> {
  try {
    await stores?.close?.();
  } catch {
    // What it rejects with is told instead.
  }
}

type Opened = Omit<OpenRegistryOptions<never>, "stores"> & { readonly stores: Stores };

async function open(
  { stores, audit, usageRetention, newVersions, ...given }: Opened,
  read: ReadDefinitions,
): Promise<Registry> {
  const loaded = await loadSettings(stores.settings, given);
  // Whoever brings a store of quotas keeps them there.
  const quotas = given.quotaStore === undefined ? await openKeptQuotas(stores.quotas, given.clock) : null;
  const options: RegistryOptions<never> = {
    ...given,
    ...(quotas !== null && { quotaStore: quotas.store }),
    roles: loaded.roles,
    limits: loaded.limits,
    audit: { ...audit, sink: stores.ledger },
    idempotencyStore: stores.idempotency,
    outcomeStore: stores.outcomes,
  };
  checkRegistryOptions(options);
  let watch: StopWatch | null = null;
  const { registry, environment, administration, target } = makeRegistry(options, {
    settings: stores.settings,
    program: given,
    usageStore: stores.usage,
    usage: (made) => openUsage(made, stores, usageRetention),
    closeQuotas: async () => quotas?.close(),
    closeStores: async () => {
      await watch?.close();
      await stores.close();
    },
  });
  await openStoredCatalogue({
    store: stores.catalog,
    environment,
    administration,
    read,
    force: options.force,
    newVersions,
  });
  applyDeclared(given, target);
  loaded.apply(target);
  const { clock, report } = environment;
  watch = watchStops({
    store: stores.settings,
    table: target.stops,
    clock,
    report: (error) => {
      report({ kind: "store.failed", callId: null, store: "settings", error });
    },
  });
  quotas?.start((error) => {
    environment.report({ kind: "store.failed", callId: null, store: "quotas", error });
  });
  return registry;
}

function openUsage({ clock, report }: Environment, { usage }: Stores, retention: UsageRetention = {}) {
  return createUsageKeeper({
    ...retention,
    store: usage,
    clock,
    report: (error) => {
      report({ kind: "store.failed", callId: null, store: "usage", error });
    },
  });
}

function checkOpenOptions(given: Opened): void {
  const { stores, audit, usageRetention, newVersions, ...options } = given;
  const problems: Problem[] = [
    ...toChoiceProblem("newVersions", newVersions, ["active", "staged"]),
    ...(["idempotencyStore", "outcomeStore"] as const)
      .filter((name) => (options as RegistryOptions<never>)[name] !== undefined)
      .map((path) => ({ path, message: "is that of the stores; leave it out" })),
  ];
  const missing = isObject(stores) ? STORES.filter((name) => !isObject(stores[name as keyof Stores])) : STORES;
  if (missing.length > 0) {
    const message = `received ${toKind(stores)}, expected what openSqliteStores or openPostgresStores resolves to`;
    problems.push({ path: "stores", message });
  }
  if (audit !== undefined && isObject(audit))
    problems.push(
      ...toUnknownKeys(audit, ["arguments", "redact", "strict", "key"]).map((problem) => ({
        ...problem,
        path: `audit.${problem.path}`,
      })),
      ...toFlagProblem("audit.strict", audit.strict),
    );
  else if (audit !== undefined)
    problems.push({ path: "audit", message: `received ${toKind(audit)}, expected options` });
  problems.push(
    ...toRangeProblem("usageRetention.minutesMs", usageRetention?.minutesMs, 60_000, 31 * DAY_MS),
    ...toRangeProblem("usageRetention.hoursMs", usageRetention?.hoursMs, 3_600_000, 3_660 * DAY_MS),
  );
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "openRegistry: options have problems.", problems);
  checkRegistryOptions(options);
}
