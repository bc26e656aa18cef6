// A project as the commands use it: its configuration and the registry made from it.
import { dirname, resolve } from "node:path";
import { createRegistry, openRegistry, type AuditOptions, type Registry } from "../index.ts";
import { CONFIG_FILES, toRegistryOptions, type LoadedConfig } from "../server/config/index.ts";
import { AUDIT_KEY_VARIABLE } from "../server/state/index.ts";
import { openFileAuditSink } from "../stores/file/index.ts";
import { CliError } from "./cli-error.ts";
import { loadSessionConfig } from "./load-session-config.ts";
import { openState } from "./state.ts";
import type { Session } from "./verb.ts";

export interface Project extends AsyncDisposable {
  readonly registry: Registry<never>;
  /** Roles the project declares itself. */
  readonly roles: readonly string[];
}

/** Loads the configuration that the session names, or the nearest. Throws a CliError when there is none. */
export async function requireConfig(session: Session): Promise<LoadedConfig> {
  const loaded = await loadSessionConfig(session);
  if (loaded !== null) return loaded;
  throw new CliError(
    `there is no configuration: neither ${CONFIG_FILES.join(" nor ")} here or above.\n` +
      `Write one (export default defineConfig({ tools: [ … ] })), name one with --config, or try "toolyard demo".`,
  );
}

/** Opens the project of the session. */
export async function openProject(session: Session): Promise<Project> {
  return openConfigured(await requireConfig(session), session);
}

/** A registry with what the configuration says: over its state, or in memory with its audit file. */
export async function openConfigured(loaded: LoadedConfig, session: Session): Promise<Project> {
  const { config } = loaded;
  const { clock } = session.io;
  const registry = hasState(loaded, session)
    ? await openDurable(loaded, session)
    : createRegistry<never>({ ...toRegistryOptions(config), clock, ...(await openAudit(loaded, session)) });
  return {
    registry,
    roles: Object.keys(config.roles ?? {}),
    // A handler that never answers must not keep the command line.
    [Symbol.asyncDispose]: () => registry.close({ graceMs: 0 }),
  };
}

/** Whether what calls leave behind is kept: a project that says nothing of it runs in memory. */
export function hasState({ config }: LoadedConfig, { data, io }: Session): boolean {
  return config.state !== undefined || data !== undefined || (io.env["TOOLYARD_DATA_DIR"] ?? "") !== "";
}

async function openDurable({ config }: LoadedConfig, session: Session): Promise<Registry<never>> {
  const audit = toAuditOptions(config, session);
  const options = { ...toRegistryOptions(config), clock: session.io.clock, audit };
  return openRegistry<never>({ ...options, stores: openState(session) });
}

/** Where the audit file is; null when the configuration names none. */
export function toAuditPath({ config, file }: LoadedConfig): string | null {
  return config.audit?.path === undefined ? null : resolve(dirname(file), config.audit.path);
}

/** How events are made, wherever they go. */
function toAuditOptions({ audit }: LoadedConfig["config"], { io }: Session): Omit<AuditOptions, "sink"> {
  const { path: _file, ...options } = audit ?? {};
  const key = io.env[AUDIT_KEY_VARIABLE] ?? "";
  return { ...options, ...(key !== "" && { key }) };
}

async function openAudit(loaded: LoadedConfig, session: Session): Promise<{ readonly audit?: AuditOptions }> {
  const path = toAuditPath(loaded);
  if (path === null) return {};
  return { audit: { ...toAuditOptions(loaded.config, session), sink: await openFileAuditSink({ path }) } };
}
