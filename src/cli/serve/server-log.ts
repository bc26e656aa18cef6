// The server's log on the error stream: a line for each event, made safe; JSON lines for programs.
import type { Clock } from "../../index.ts";
import type { ServerLog } from "../../server/index.ts";
import { toSafeText } from "../output/index.ts";
import type { Output } from "../output/index.ts";

type Level = keyof ServerLog;

const MAX_MESSAGE = 2_000;

/** @param verbose whether `info` is written, too */
export function createServerLog(output: Output, clock: Clock, verbose: boolean): ServerLog {
  const write = (level: Level, event: string, message: string): void => {
    if (level === "info" && !verbose) return;
    const text = message.slice(0, MAX_MESSAGE);
    if (output.json) {
      output.note(JSON.stringify({ at: new Date(clock.now()).toISOString(), level, event, message: text }));
      return;
    }
    const { red, yellow, dim } = output.colors;
    const mark = level === "error" ? red("error") : level === "warn" ? yellow("warning") : dim("info");
    output.note(`${mark} ${event}: ${toSafeText(text).replaceAll("\n", "\n  ")}`);
  };
  return {
    info: (event, message) => {
      write("info", event, message);
    },
    warn: (event, message) => {
      write("warn", event, message);
    },
    error: (event, message) => {
      write("error", event, message);
    },
  };
}
