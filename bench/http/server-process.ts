// Starts a server under measure on a core of its own, where the system lets one choose.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Measured, Ready } from "./child.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));
const canPin = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

export interface ServerProcess extends Ready, Disposable {
  /** Processor time since it was asked before, and memory. */
  measure(): Promise<Measured>;
}

export async function startProcess(kind: "bare" | "toolyard" | "burn"): Promise<ServerProcess> {
  const command = [process.execPath, CHILD, kind];
  const [program = "", ...args] = canPin ? ["taskset", "-c", "0", ...command] : command;
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [ready] = (await once(child, "message")) as [Ready];
  return {
    ...ready,
    async measure() {
      const answer = once(child, "message");
      child.send("measure");
      const [measured] = (await answer) as [Measured];
      return measured;
    },
    [Symbol.dispose]() {
      child.kill("SIGKILL");
    },
  };
}

/** Keeps the load off the servers' core. */
export function pinSelf(): boolean {
  return canPin && spawnSync("taskset", ["-acp", "1", String(process.pid)]).status === 0;
}

export function headersOf({ key }: Ready): Record<string, string> {
  return { "content-type": "application/json", ...(key !== "" && { authorization: `Bearer ${key}` }) };
}
