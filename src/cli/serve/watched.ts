// `serve --watch`: the server in a process of its own that Node starts anew when a module it has loaded changes. Modules cannot be
// unloaded, so nothing less gives new tools.
import { spawn } from "node:child_process";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Session } from "../verb.ts";

export async function runWatched({ io }: Session): Promise<ExitCode> {
  const [script = "", ...given] = process.argv.slice(1);
  const args = given.filter((word) => word !== "--watch");
  const child = spawn(process.execPath, ["--watch", "--watch-preserve-output", script, ...args], { stdio: "inherit" });
  const stopListening = [
    io.onInterrupt(() => child.kill("SIGINT")),
    io.onSignal("SIGTERM", () => child.kill("SIGTERM")),
  ];
  try {
    return await new Promise<ExitCode>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => {
        resolve(code === 0 || code === null ? EXIT.ok : EXIT.refused);
      });
    });
  } finally {
    for (const stop of stopListening) stop();
  }
}
