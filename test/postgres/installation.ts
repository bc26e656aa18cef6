// Which PostgreSQL is installed here, and as whom its server runs: it refuses to run as root, so there it runs as another user.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export const INSTALL_HINT = "PostgreSQL is not installed: apt-get install postgresql";

/** Whether there are binaries of a server here; in CI it is an error that there are none. */
export function hasPostgres(): boolean {
  if (findBinaries() !== null) return true;
  if (process.env["CI"] !== undefined) throw new Error(INSTALL_HINT);
  process.stderr.write("SKIPPED: PostgreSQL is not installed here; apt-get install postgresql to run its tests\n");
  return false;
}

/** The folder of `initdb` and `postgres`: the newest version of Debian's, what is on the path, or what `pg_config` says. */
export function findBinaries(): string | null {
  const onPath = (process.env["PATH"] ?? "").split(path.delimiter);
  const folders = [...listVersions("/usr/lib/postgresql"), ...onPath, askConfig()];
  return folders.find((folder) => folder !== "" && isComplete(folder)) ?? null;
}

function listVersions(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const versions = readdirSync(folder).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => path.join(folder, version, "bin"));
}

function isComplete(folder: string): boolean {
  return ["initdb", "postgres"].every((name) => existsSync(path.join(folder, name)));
}

function askConfig(): string {
  try {
    return execFileSync("pg_config", ["--bindir"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

/** Somebody who is not root; null: whoever runs the tests. */
export function findUser(): User | null {
  if (userInfo().uid !== 0) return null;
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
