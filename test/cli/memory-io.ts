// A world for the command line in which nothing is real: streams in memory, a clock that stands, no environment.
import { Readable, Writable } from "node:stream";
import type { CliIo } from "../../src/cli/io.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";

export interface MemoryIo extends CliIo {
  /** What was written so far. */
  readonly out: string;
  readonly err: string;
  /** Resolves when `text` has been written, so many times in all (1 when left out). */
  wrote(text: string, times?: number): Promise<void>;
  /** Presses Ctrl-C. */
  interrupt(): void;
  /** Sends a signal. */
  signal(name: "SIGTERM" | "SIGHUP"): void;
}

export interface MemoryIoOptions {
  readonly stdin?: string | Readable;
  /** Whether the output is a terminal. @default false */
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export function createMemoryIo({
  stdin = "",
  terminal = false,
  columns = 80,
  env = {},
  cwd = "/",
}: MemoryIoOptions = {}): MemoryIo {
  const out: string[] = [];
  const err: string[] = [];
  const listeners = new Set<() => void>();
  const signals = new Map<string, Set<() => void>>();
  const waiting = new Set<() => void>();
  const collect = (into: string[]): Writable =>
    new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        into.push(chunk);
        done();
        for (const check of waiting) check();
      },
    });
  return {
    stdin: typeof stdin === "string" ? Readable.from(stdin === "" ? [] : [Buffer.from(stdin)]) : stdin,
    stdout: Object.assign(collect(out), { isTTY: terminal, columns }),
    stderr: collect(err),
    env,
    cwd,
    clock: createManualClock(),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onSignal(signal, listener) {
      const heard = signals.get(signal) ?? new Set();
      signals.set(signal, heard.add(listener));
      return () => {
        heard.delete(listener);
      };
    },
    wrote: (text, times = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (out.join("").split(text).length <= times) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    signal(name) {
      for (const listener of signals.get(name) ?? []) listener();
    },
    interrupt() {
      for (const listener of listeners) listener();
    },
    get out() {
      return out.join("");
    },
    get err() {
      return err.join("");
    },
  };
}
