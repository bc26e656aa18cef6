// A PostgreSQL server of a test's own: on a free port, in a temporary folder, to be stopped, frozen, killed and started again. It goes with
// the process that has started it, also when that one is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { makeDataFolder } from "./data-folder.ts";
import { findFreePort } from "./free-port.ts";
import { findBinaries, findUser, INSTALL_HINT, type User } from "./installation.ts";
import { cleanUpAfterwards, listProcesses, signal } from "./server-processes.ts";

export { hasPostgres } from "./installation.ts";

export interface PrivatePostgres extends AsyncDisposable {
  /** Of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** A new, empty database; its URL. */
  createDatabase(): Promise<string>;
  start(): Promise<void>;
  /** Ends it in order: what runs is cut off, what was committed is written. */
  stop(): Promise<void>;
  /** SIGKILL to all of its processes: the power is gone. None of them is left when it resolves. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs, and no connection is refused or closed. */
  freeze(): void;
  /** Goes on where it was frozen. */
  thaw(): void;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  fsync: "on",
  synchronous_commit: "on",
  shared_buffers: "16MB",
  max_connections: "60",
  log_min_messages: "panic",
  // A crash is repaired from the log: little of it to read again.
  checkpoint_timeout: "30s",
};

/** A busy machine takes its time, milliseconds. */
const START_MS = 60_000;
const PAUSE_MS = 25;

/** Starts a server. */
export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const binaries = findBinaries();
  if (binaries === null) throw new Error(INSTALL_HINT);
  const user = findUser();
  const dir = makeDataFolder(binaries, user);
  const server = new Server({ binary: path.join(binaries, "postgres"), dir, port: await findFreePort(), user });
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

interface Place {
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly user: User | null;
}

class Server implements PrivatePostgres {
  readonly #place: Place;
  readonly #data: string;
  readonly #cleanUp: { readonly leave: () => void };
  #child: ChildProcess | null = null;
  #databases = 0;

  constructor(place: Place) {
    this.#place = place;
    this.#data = path.join(place.dir, "data");
    this.#cleanUp = cleanUpAfterwards(this.#data, place.dir);
  }

  get port(): number {
    return this.#place.port;
  }

  get url(): string {
    return this.#toUrl("postgres");
  }

  #toUrl(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async createDatabase(): Promise<string> {
    const name = `test_${this.#databases++}`;
    await this.#query(`create database ${name}`);
    return this.#toUrl(name);
  }

  async start(): Promise<void> {
    if (this.#child !== null) return;
    const { binary, dir, port, user } = this.#place;
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: dir });
    const options = settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(binary, ["-D", this.#data, "-p", String(port), ...options], { stdio: "ignore", ...user });
    this.#child = child;
    for (let waited = 0; ; waited += PAUSE_MS) {
      try {
        await this.#query("select 1");
        return;
      } catch (error) {
        if (hasEnded(child)) throw new Error(`PostgreSQL ended with ${child.exitCode} at its start`, { cause: error });
        if (waited > START_MS) throw error;
        await pause();
      }
    }
  }

  stop(): Promise<void> {
    return this.#end("SIGINT");
  }

  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  freeze(): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    // First the one that makes others.
    signal([pid], "SIGSTOP");
    signal(listProcesses(this.#data, pid), "SIGSTOP");
  }

  thaw(): void {
    const { pid } = this.#child ?? {};
    if (pid !== undefined) signal(listProcesses(this.#data, pid), "SIGCONT");
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#place.dir, { recursive: true, force: true });
    this.#cleanUp.leave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(name: "SIGINT" | "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    signal([child.pid], name);
    if (name === "SIGKILL") signal(listProcesses(this.#data, child.pid), name);
    if (!hasEnded(child)) await ended;
    this.#child = null;
    for (;;) {
      const left = listProcesses(this.#data, child.pid).filter((pid) => pid !== child.pid);
      if (left.length === 0) break;
      signal(left, "SIGKILL");
      await pause();
    }
    // A server that was killed leaves its mark, and another one would not start while some process has its number.
    rmSync(path.join(this.#data, "postmaster.pid"), { force: true });
  }

  async #query(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query(text);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}
