// One server under measure, in a process of its own: `bare` (Fastify that parses JSON and gives it back), `toolyard` (the same as a tool,
// authorised, limited, validated and audited) or `burn` (Toolyard with a tool that costs a millisecond of processor time).
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { defineTool, Role } from "../../src/index.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { ToolyardConfig } from "../../src/server/config/index.ts";
import { startServer } from "../../src/server/index.ts";

export interface Ready {
  readonly url: string;
  readonly path: string;
  readonly key: string;
}

export interface Measured {
  /** Of the whole process, all its threads, since it was asked before, microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

const input = {
  type: "object",
  properties: {
    id: { type: "string" },
    count: { type: "integer" },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["id"],
} as const;

async function startBare(): Promise<Ready> {
  const server = fastify();
  server.post("/echo", (request) => ({ output: request.body }));
  return { url: await server.listen({ host: "127.0.0.1", port: 0 }), path: "/echo", key: "" };
}

function burn(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

async function startToolyard(burnMs: number): Promise<Ready> {
  const echo = defineTool({
    ...{ name: "bench.echo", version: "1.0.0", description: "Gives back what it gets.", effect: "read", input },
    access: { roles: [Role.USER] },
    handler(given) {
      if (burnMs > 0) burn(burnMs);
      return given;
    },
  });
  const config = {
    tools: [echo],
    defaultQuota: { capacity: 1_000_000_000, windowMs: 3_600_000 },
    concurrency: [],
    server: { port: 0, ipLimit: false, shedding: burnMs > 0 ? { eventLoopDelayMs: 20 } : { eventLoopDelayMs: 60_000 } },
  } as unknown as ToolyardConfig<never>;
  const tell = (event: string, message: string): void => {
    if (event !== "refused") process.stderr.write(`${event}: ${message}\n`);
  };
  const server = await startServer({
    resolved: { config, file: null, origins: new Map() },
    place: { dir: mkdtempSync(join(tmpdir(), "toolyard-bench-")), postgres: null, masterKey: null, pepper: null },
    ...{ env: {}, clock: systemClock, version: "0.0.0", log: { info: tell, warn: tell, error: tell } },
  });
  const key = server.bootstrapKey?.reveal() ?? "";
  return { url: server.url, path: "/v1/tools/bench.echo/calls", key };
}

const kind = process.argv[2];
const ready = kind === "bare" ? await startBare() : await startToolyard(kind === "burn" ? 1 : 0);
let before = process.cpuUsage();
process.on("message", () => {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() } satisfies Measured);
});
process.send?.(ready);
process.on("SIGINT", () => process.exit());
