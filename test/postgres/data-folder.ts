// The folder of a new server. `initdb` takes seconds on a busy machine, a copy of what it has made a fraction of one: what it made is
// kept below the system's temporary folder, one for each version and user.
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import type { User } from "./installation.ts";

/** A new folder below the temporary one, with the data of a server that was never started in `data`. */
export function makeDataFolder(binaries: string, user: User | null): string {
  const dir = mkdtempSync(path.join(tmpdir(), "toolyard-pg-"));
  if (user !== null) chownSync(dir, user.uid, user.gid);
  execFileSync("cp", ["-R", findTemplate(binaries, user), path.join(dir, "data")], { cwd: dir, ...user });
  return dir;
}

function findTemplate(binaries: string, user: User | null): string {
  const version = execFileSync(path.join(binaries, "postgres"), ["--version"], { encoding: "utf8" });
  const owner = user?.uid ?? userInfo().uid;
  const template = path.join(tmpdir(), `toolyard-pg-template-${version.replaceAll(/[^0-9.]+/g, "-")}-${owner}`);
  if (!existsSync(template)) makeTemplate(binaries, user, template);
  const { uid, mode } = statSync(template);
  // Anybody may write to the temporary folder.
  if (uid !== owner || (mode & 0o077) !== 0) throw new Error(`${template} was made by somebody else; remove it`);
  return template;
}

function makeTemplate(binaries: string, user: User | null, template: string): void {
  const dir = mkdtempSync(path.join(tmpdir(), "toolyard-pg-making-"));
  try {
    if (user !== null) chownSync(dir, user.uid, user.gid);
    const data = path.join(dir, "data");
    const initdb = ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    execFileSync(path.join(binaries, "initdb"), initdb, { stdio: "ignore", cwd: dir, ...user });
    // Whole or not at all; another test may have been faster, and a folder does not take the place of a full one.
    try {
      renameSync(data, template);
    } catch (error) {
      if (!existsSync(template)) throw error;
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
