// `toolyard serve`: the server, until it is told to stop.
import { Option } from "commander";
import { resolveConfig, type ResolvedConfig, watchConfig, type ConfigWatch } from "../../server/config/index.ts";
import type { RunningServer } from "../../server/index.ts";
import { findState } from "../../server/state/index.ts";
import { EXIT } from "../exit-code.ts";
import { printGreeting } from "../serve/greeting.ts";
import { createServerLog } from "../serve/server-log.ts";
import { runWatched } from "../serve/watched.ts";
import { type Session, toInteger, type Verb, type VerbOptions } from "../verb.ts";

export const serveVerb: Verb = {
  name: "serve",
  summary: "serve the project's tools over HTTP; without a project, a few to try",
  arguments: [],
  options: [
    new Option("--host <address>", "address to listen at; without it, the configuration's, or 127.0.0.1"),
    new Option(
      "--port <number>",
      "port to listen at, 0 for a free one; without it, the configuration's, or 8321",
    ).argParser(toInteger(0, 65_535)),
    new Option("--watch", "start anew when the configuration or a module of the project changes; for development"),
    new Option("--no-bootstrap-key", "make no first API key for a state that has none"),
    new Option("--verbose", "also log what was refused, and why"),
  ],
  examples: [
    { command: "serve", does: "the project here or above, or the examples, on http://127.0.0.1:8321" },
    { command: "serve --port 0 --data /var/lib/toolyard", does: "on a free port, with its state in that folder" },
    { command: "serve --watch", does: "start anew at every change of the tools" },
    { command: "serve --json", does: "lines of JSON, for a supervisor" },
  ],
  async run(session, _args, options) {
    if (options["watch"] === true) return runWatched(session);
    const { io, output, version } = session;
    const overrides = toOverrides(options, io.env);
    const found = await resolveConfig({ path: session.config, from: io.cwd, env: io.env, overrides });
    const resolved = await withExamples(found, session);
    const place = findState(session.data, toLoaded(resolved), io);
    const log = createServerLog(output, io.clock, options["verbose"] === true);
    const bootstrap = options["bootstrapKey"] !== false;
    const { startServer } = await import("../../server/index.ts");
    const server = await startServer({ ...{ resolved, place, log, version, bootstrap }, env: io.env, clock: io.clock });
    const state = place.postgres === null ? place.dir : "PostgreSQL";
    printGreeting(output, { server, version, state, file: resolved.file, readyMs: toUptime() });
    const watch = watchFile(session, { server, resolved, log, overrides });
    await untilStopped(session, server, watch);
    return EXIT.ok;
  },
};

/** Since the process began, milliseconds: what a person has waited. */
function toUptime(): number {
  return process.uptime() * 1_000;
}

/** Set by Node for what it starts with --watch. */
const WATCHED = "WATCH_REPORT_DEPENDENCIES";

function toOverrides(options: VerbOptions, env: Session["io"]["env"]): Readonly<Record<string, unknown>> {
  // What is started anew at every change waits for nobody.
  const drain = env[WATCHED] === undefined ? {} : { "server.drain": { lameDuckMs: 0, graceMs: 1_000 } };
  return { "server.host": options["host"], "server.port": options["port"], ...drain };
}

/** A server without a project has something to try. */
async function withExamples(resolved: ResolvedConfig, { io }: Session): Promise<ResolvedConfig> {
  const { config, file } = resolved;
  if (file !== null || config.tools !== undefined || config.httpTools !== undefined) return resolved;
  const { createExampleProject } = await import("../serve/example-project.ts");
  return { ...resolved, config: { ...createExampleProject(io.clock), ...config } };
}

function toLoaded({
  config,
  file,
}: ResolvedConfig): { readonly config: ResolvedConfig["config"]; readonly file: string } | null {
  return file === null ? null : { config, file };
}

interface Watched {
  readonly server: RunningServer;
  readonly resolved: ResolvedConfig;
  readonly log: ReturnType<typeof createServerLog>;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** The configuration is read again when it changes, and at SIGHUP. */
function watchFile({ io, output }: Session, { server, resolved, log, overrides }: Watched): ConfigWatch | null {
  // What is started anew has no use for it.
  if (resolved.file === null || io.env[WATCHED] !== undefined) return null;
  return watchConfig({
    ...{ file: resolved.file, env: io.env, overrides, current: resolved, clock: io.clock },
    async onChange(next, changes) {
      await server.reload(next, changes);
      const later = changes.filter(({ restart }) => restart).map(({ path }) => path);
      output.note(`the configuration was read again: ${changes.map(({ path }) => path).join(", ")}`);
      if (later.length > 0) log.warn("config", `in force after a restart: ${later.join(", ")}`);
    },
    onProblem(error) {
      log.error("config", `nothing was changed: ${(error as Error).message}`);
    },
  });
}

/** Until SIGINT or SIGTERM; a second one goes to the end at once. */
async function untilStopped({ io, output }: Session, server: RunningServer, watch: ConfigWatch | null): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let signals = 0;
    const stop = (): void => {
      signals++;
      if (signals === 1) output.note("stopping: what runs is answered; again to stop at once");
      server.stop().then(resolve, reject);
    };
    io.onInterrupt(stop);
    io.onSignal("SIGTERM", stop);
    io.onSignal("SIGHUP", () => void watch?.reload());
  });
  watch?.close();
}
