// Which process writes a chain, and whether one still runs: a number alone is given to another process sooner or later, and means
// nothing to who sees other processes.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { kill, pid } from "node:process";

export interface ProcessMark {
  /** Where process numbers mean the same: the host, since its start, and the namespace of its processes. */
  readonly host: string;
  readonly pid: number;
  /** When it started, as the system says it; "" where it does not. */
  readonly started: string;
}

/** A chain whose process has not been heard of for so long is taken for dead, milliseconds: from elsewhere nothing else tells. */
const SILENT_MS = 30_000;

/** This process. */
export function readOwnMark(): ProcessMark {
  return { host: readPlace(), pid, started: readStart(pid) };
}

/**
 * Whether the process of a chain still runs.
 * @param seenAt when it was last heard of, epoch ms
 */
export function isRunning(mark: ProcessMark, seenAt: number, now: number): boolean {
  if (mark.host !== readPlace()) return now - seenAt < SILENT_MS;
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

/** Two containers may have one name, one folder and each a process 1. */
function readPlace(): string {
  const parts = [hostname(), "", ""];
  try {
    parts[1] = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    parts[2] = readlinkSync("/proc/self/ns/pid");
  } catch {
    // No Linux: the name of the host has to do.
  }
  return parts.join(" ").trimEnd();
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
