// A PostgreSQL server of a test's own: on a free port, in a temporary folder, to be stopped, frozen, killed and started again. It
// refuses to run as root, so there it runs as another user of the system.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import pg from "pg";

export interface PrivatePostgres extends AsyncDisposable {
  /** Of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** A new, empty database; its URL. */
  createDatabase(): Promise<string>;
  start(): Promise<void>;
  /** Ends it in order: what runs is cut off, what was committed is written. */
  stop(): Promise<void>;
  /** SIGKILL to all of its processes at once: the power is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs, and no connection is refused or closed. */
  freeze(): void;
  /** Goes on where it was frozen. */
  thaw(): void;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

interface User {
  readonly uid: number;
  readonly gid: number;
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

/** Whether there are binaries of a server here; in CI it is an error that there are none. */
export function hasPostgres(): boolean {
  if (findBinaries() !== null) return true;
  if (process.env["CI"] !== undefined) throw new Error("PostgreSQL is not installed: apt-get install postgresql");
  process.stderr.write("SKIPPED: PostgreSQL is not installed here; apt-get install postgresql to run its tests\n");
  return false;
}

/** Starts a server. */
export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const binaries = findBinaries();
  if (binaries === null) throw new Error("PostgreSQL is not installed: apt-get install postgresql");
  const user = userInfo().uid === 0 ? findUser() : null;
  const dir = mkdtempSync(path.join(tmpdir(), "toolyard-pg-"));
  if (user !== null) chownSync(dir, user.uid, user.gid);
  const data = path.join(dir, "data");
  const initdb = ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  execFileSync(path.join(binaries, "initdb"), initdb, { stdio: "ignore", cwd: dir, ...user });
  const server = new Server(path.join(binaries, "postgres"), data, await findFreePort(), user);
  await server.start();
  return server;
}

class Server implements PrivatePostgres {
  readonly port: number;
  readonly #binary: string;
  readonly #data: string;
  readonly #user: User | null;
  #child: ChildProcess | null = null;
  #databases = 0;
  readonly #onExit = (): void => {
    this.#signalAll("SIGKILL");
    rmSync(path.dirname(this.#data), { recursive: true, force: true });
  };

  constructor(binary: string, data: string, port: number, user: User | null) {
    this.#binary = binary;
    this.#data = data;
    this.port = port;
    this.#user = user;
    process.once("exit", this.#onExit);
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
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const sockets = ["-c", `unix_socket_directories=${path.dirname(this.#data)}`];
    const child = spawn(this.#binary, ["-D", this.#data, "-p", String(this.port), ...sockets, ...settings], {
      stdio: "ignore",
      ...this.#user,
    });
    this.#child = child;
    for (let tries = 0; ; tries++) {
      try {
        await this.#query("select 1");
        return;
      } catch (error) {
        if (child.exitCode !== null || tries === 600) throw error;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  }

  stop(): Promise<void> {
    return this.#end(() => this.#child?.kill("SIGINT"));
  }

  kill(): Promise<void> {
    return this.#end(() => {
      this.#signalAll("SIGKILL");
    });
  }

  freeze(): void {
    this.#signalAll("SIGSTOP");
  }

  thaw(): void {
    this.#signalAll("SIGCONT");
  }

  async close(): Promise<void> {
    process.off("exit", this.#onExit);
    this.thaw();
    await this.kill();
    rmSync(path.dirname(this.#data), { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(signal: () => void): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    signal();
    if (child.exitCode === null && child.signalCode === null) await ended;
    this.#child = null;
    // A server that was killed leaves its mark, and would wait for children that are gone.
    rmSync(path.join(this.#data, "postmaster.pid"), { force: true });
  }

  /** The server and its processes, children first found while their parent is still there. */
  #signalAll(signal: NodeJS.Signals): void {
    const parent = this.#child?.pid;
    if (parent === undefined || this.#child?.exitCode !== null) return;
    for (const pid of [parent, ...listChildren(parent)]) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
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

function listChildren(parent: number): readonly number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(parent)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

function findBinaries(): string | null {
  const versions = "/usr/lib/postgresql";
  const folders = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => path.join(versions, version, "bin"))
    : [];
  const onPath = (process.env["PATH"] ?? "").split(path.delimiter);
  return [...folders, ...onPath].find((folder) => existsSync(path.join(folder, "initdb"))) ?? null;
}

/** Somebody who is not root. */
function findUser(): User {
  const users = new Map(
    readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .map(([name = "", , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const user = users.get("postgres") ?? users.get("nobody");
  if (user === undefined) throw new Error("there is neither a user postgres nor nobody to run PostgreSQL as");
  return user;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });
}
