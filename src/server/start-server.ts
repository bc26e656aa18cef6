// A running server, from a configuration: opened whole or not at all, reloaded whole or not at all, drained in order.
import type { SecretText } from "../kernel/secret-text.ts";
import type { ConfigDifference, ResolvedConfig } from "./config/index.ts";
import { toEgressSettings } from "./config/index.ts";
import { createDescription } from "./description.ts";
import { makeBootstrapKey } from "./bootstrap-key.ts";
import { type Drain, startDrain } from "./drain.ts";
import type { Running } from "./http/index.ts";
import { createLiveSettings, type LiveSettings } from "./live-settings.ts";
import { type Listeners, openListeners } from "./listeners.ts";
import { openParts, type OpenParts, type PartsOptions } from "./open-parts.ts";
import { createReadiness } from "./readiness.ts";
import { toDeclaration, toReloaded } from "./reloaded-config.ts";
import { type RestParts, ROUTES } from "./rest/index.ts";

export interface StartOptions extends PartsOptions {
  /** Of Toolyard. */
  readonly version: string;
  /** Whether a state without keys gets one. @default true */
  readonly bootstrap?: boolean;
}

export interface RunningServer {
  /** Where callers reach it. */
  readonly url: string;
  /** Where administration is; null: at `url`. */
  readonly adminUrl: string | null;
  readonly registry: OpenParts["registry"];
  /** The first key of a new state; null: there were keys. */
  readonly bootstrapKey: SecretText | null;
  /** Puts a new configuration in force, all of it that needs no restart, or rejects and changes nothing. */
  reload(next: ResolvedConfig, changes: readonly ConfigDifference[]): Promise<void>;
  /** Ends it in order; a second call goes on to the end at once. Resolves when all is closed. */
  stop(): Promise<void>;
}

/** Starts it. Rejects like what it opens, and then nothing is left open. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const parts = await openParts(options);
  try {
    const bootstrapKey = options.bootstrap === false ? null : await makeBootstrapKey(parts.keys);
    const live = createLiveSettings(options.resolved, { keys: parts.keys, egress: parts.egress, clock: options.clock });
    return await serve({ options, parts, live, bootstrapKey });
  } catch (error) {
    await parts.close(0);
    throw error;
  }
}

interface Opened {
  readonly options: StartOptions;
  readonly parts: OpenParts;
  readonly live: LiveSettings;
  readonly bootstrapKey: SecretText | null;
}

async function serve(opened: Opened): Promise<RunningServer> {
  const { options, parts, live, bootstrapKey } = opened;
  const { registry } = parts;
  const running: Running = new Set();
  let drain: Drain | null = null;
  let ended: Promise<void> | null = null;
  const isDraining = (): boolean => drain !== null;
  const listeners = await openListeners({
    ...{ live, running, isDraining, routes: ROUTES, parts: toRestParts(opened, isDraining) },
    isAdmin: (principal) => registry.permissions.holds(principal, "ADMIN"),
    onRefused: (request, reason) => {
      options.log.info("refused", `${request.method} ${request.id}: ${reason}`);
    },
    onFault: (request, error) => {
      options.log.error(
        "fault",
        `${request.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    },
  });
  const end = async (): Promise<void> => {
    const { lameDuckMs, graceMs } = live.settings.drain;
    drain = startDrain({ listeners: listeners.all, running, clock: options.clock, lameDuckMs, graceMs });
    await drain.done;
    live.close();
    await parts.close(0);
  };
  return {
    ...toAddresses(listeners),
    ...{ registry, bootstrapKey },
    reload: (next, changes) => reload(opened, next, changes),
    stop() {
      if (ended === null) ended = end();
      else drain?.hurry();
      return ended;
    },
  };
}

function toAddresses({ main, admin }: Listeners): Pick<RunningServer, "url" | "adminUrl"> {
  return { url: main.url, adminUrl: admin?.url ?? null };
}

function toRestParts({ options, parts, live }: Opened, isDraining: () => boolean): RestParts {
  const { registry, keys, stores } = parts;
  const { clock, version } = options;
  return {
    ...{ registry, clock, keys, audit: stores.auditReader, version },
    readiness: createReadiness(registry, clock, isDraining),
    metadata: () => live.authenticator.metadata(),
    ...createDescription(version, () => live.settings),
  };
}

/** Everything is made before anything is in force; the registry writes down what is about to be done, and then all of it is of one turn. */
async function reload(
  { options, parts, live }: Opened,
  next: ResolvedConfig,
  changes: readonly ConfigDifference[],
): Promise<void> {
  const config = toReloaded(options.resolved.config, next.config);
  const apply = live.prepare({ ...next, config });
  const egress = toEgressSettings(config);
  const declared = { ...toDeclaration(config), tools: parts.makeTools(config) };
  await parts.registry.redeclare(declared, {
    details: { by: "server", changes: changes.map((change) => ({ ...change })) },
    together() {
      apply();
      parts.setEgress(egress);
    },
  });
}
