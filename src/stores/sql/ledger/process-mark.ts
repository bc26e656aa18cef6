// Which process writes a chain, and whether one still runs: a number alone is given to another process sooner or later.
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { kill, pid } from "node:process";

export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  /** When it started, as the system says it; "" where it does not. */
  readonly started: string;
}

/** A chain whose process has not been heard of for so long is taken for dead, milliseconds: on another host nothing else tells. */
const SILENT_MS = 30_000;

/** This process. */
export function readOwnMark(): ProcessMark {
  return { host: hostname(), pid, started: readStart(pid) };
}

/**
 * Whether the process of a chain still runs.
 * @param seenAt when it was last heard of, epoch ms
 */
export function isRunning(mark: ProcessMark, seenAt: number, now: number): boolean {
  if (mark.host !== hostname()) return now - seenAt < SILENT_MS;
  const started = readStart(mark.pid);
  if (started !== "" && mark.started !== "") return started === mark.started;
  return isAlive(mark.pid) && now - seenAt < SILENT_MS;
}

function isAlive(other: number): boolean {
  try {
    kill(other, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Linux: clock ticks from boot to the start (proc(5), field 22, counted from behind the name, which may hold anything). */
function readStart(of: number): string {
  try {
    const text = readFileSync(`/proc/${of}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended, whatever its parent does.
    return fields[0] === "Z" ? "ended" : (fields[19] ?? "");
  } catch {
    return "";
  }
}
