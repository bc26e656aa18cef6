// The world as the commands see it, so that tests can put another one in its place.
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../index.ts";

export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder, absolute. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Calls `listener` at each Ctrl-C instead of ending the process. Returns a function that removes it. */
  onInterrupt(listener: () => void): () => void;
  /** Calls `listener` at each of these signals instead of what the system does. Returns a function that removes it. */
  onSignal(signal: "SIGTERM" | "SIGHUP", listener: () => void): () => void;
}

/** Whether colours are welcome on a stream: on a terminal that knows them, unless NO_COLOR says no (https://no-color.org). */
export function hasColors({ isTTY }: CliIo["stderr"], env: CliIo["env"]): boolean {
  return isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** Columns of the terminal, 40 to 160; 80 where there is none. */
export function toColumns({ stdout }: CliIo): number {
  return Math.min(160, Math.max(40, stdout.columns ?? 80));
}
