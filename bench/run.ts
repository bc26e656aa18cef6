// `npm run bench`: every claim about speed and memory, measured anew. Standard output holds the result alone, the table
// or the JSON; progress goes to standard error.
import { fork } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseCommand, USAGE, type Command } from "./command.ts";
import { writeTable } from "./documentation.ts";
import type { Figure } from "./figures.ts";
import { toPeersHint } from "./installed-peers.ts";
import type { PartName } from "./parts.ts";
import { runSession } from "./session.ts";
import type { Settings } from "./settings.ts";

const PART = fileURLToPath(new URL("part.ts", import.meta.url));

function runPart(name: PartName, settings: Settings): Promise<readonly Figure[]> {
  return new Promise((resolve, reject) => {
    // Whatever a part or a peer prints must not reach our standard output.
    const child = fork(PART, [name, JSON.stringify(settings)], {
      stdio: ["ignore", 2, 2, "ipc"],
      serialization: "advanced",
    });
    let figures: readonly Figure[] | null = null;
    child.once("message", (message) => {
      figures = message as readonly Figure[];
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (figures === null) reject(new Error(`ended with ${code} before it had measured`));
      else resolve(figures);
    });
  });
}

function formatConditions({ rounds, turnMs, corpus }: Settings): string {
  const [cpu] = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const machine = `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, load ${load}`;
  const source = corpus === null ? "generated definitions" : "definitions of a corpus";
  return `Node ${process.versions.node}, ${machine}\n${rounds} interleaved rounds of about ${turnMs} ms, ${source}; median [min – max]`;
}

let command: Command | null;
try {
  command = parseCommand(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exit(2);
}
if (command === null) console.log(USAGE);
else {
  process.exitCode = await runSession(command, {
    runPart,
    toHint: (name) => (name === "peers" ? toPeersHint() : null),
    conditions: formatConditions(command.settings),
    print: (line) => {
      console.log(line);
    },
    tell: (line) => {
      process.stderr.write(`${line}\n`);
    },
    keep: writeTable,
  });
}
