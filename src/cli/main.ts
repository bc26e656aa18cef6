#!/usr/bin/env node
// The executable: the process as the command line sees it, and nothing else.
import { readFileSync } from "node:fs";
import { systemClock } from "../kernel/clock.ts";
import type { CliIo } from "./io.ts";
import { runCli } from "./program.ts";

const io: CliIo = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  onInterrupt(listener) {
    process.on("SIGINT", listener);
    return () => {
      process.off("SIGINT", listener);
    };
  },
  onSignal(signal, listener) {
    process.on(signal, listener);
    return () => {
      process.off(signal, listener);
    };
  },
};

// Whoever reads our output may stop reading (`| head`). That is no fault, and there is nobody left to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode ?? 0);
  });
}

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
process.exitCode = await runCli(process.argv.slice(2), io, version);
// What a tool left running (a handler that never answers, a socket of the project's app) must not keep the process.
process.stdout.write("", () => {
  process.exit();
});
