// The processes of a server, known by their working folder: its data. Their parent alone is not enough to find them by, because one
// that outlives it, if only for a moment, still writes to the data.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";

/** All of them, the server itself among them. */
export function listProcesses(data: string, server: number): readonly number[] {
  // Not Linux: those whose parent it is.
  if (!existsSync("/proc/self/cwd")) return [server, ...listChildren(server)];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && readFolder(name) === data)
    .map(Number);
}

function readFolder(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return null;
  }
}

function listChildren(parent: number): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(parent)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Its input ends with the process that has started it, whatever that one died of. */
const CLEANUP = `
cat > /dev/null
kill -9 "$(head -n 1 "$1/postmaster.pid")"
for round in 1 2 3; do
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd")" = "$1" ] && kill -9 "\${process#/proc/}"
  done
done
rm -rf "$2"
`;

/** Kills what works in `data` and removes `dir` when this process has ended, unless it is told to leave it. */
export function cleanUpAfterwards(data: string, dir: string): { readonly leave: () => void } {
  const child: ChildProcess = spawn("sh", ["-c", CLEANUP, "sh", data, dir], {
    stdio: ["pipe", "ignore", "ignore"],
    // Not ended by what ends the group of the tests.
    detached: true,
    cwd: "/",
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return { leave: () => void child.kill("SIGKILL") };
}
