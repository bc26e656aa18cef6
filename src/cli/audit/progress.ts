// How far a long command has come, on a line of the error stream that is written over; only at a terminal.
import type { CliIo } from "../io.ts";

export interface ProgressLine {
  /** Shows `text` in place of what was shown before, at most some times a second, and lets a Ctrl-C come through. */
  show(text: string): Promise<void>;
  /** Takes the line away. */
  clear(): void;
}

const EVERY_MS = 200;

/** Creates the line; where the error stream is no terminal it shows nothing. */
export function createProgressLine({ stderr, clock }: CliIo): ProgressLine {
  let shownAt = Number.NEGATIVE_INFINITY;
  let width = 0;
  return {
    async show(text) {
      // Reading a file of SQLite never waits for anything, so nothing else would get a turn.
      await new Promise((resolve) => {
        // oxlint-disable-next-line eslint/no-restricted-globals -- no time is waited for, so there is none to be moved by hand.
        setImmediate(resolve);
      });
      const now = clock.monotonic();
      if (stderr.isTTY !== true || now - shownAt < EVERY_MS) return;
      shownAt = now;
      stderr.write(`\r${text.padEnd(width)}`);
      width = text.length;
    },
    clear() {
      if (width > 0) stderr.write(`\r${" ".repeat(width)}\r`);
      width = 0;
    },
  };
}
