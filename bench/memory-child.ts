// One sample of `memory.ts`: registers tools and prints what they took, in megabytes per 1,000. Run with --expose-gc.
// Arguments: how many tools, how to collect garbage before reading ("ordinary" or "tight"), and a corpus or nothing.
import { setTimeout as sleep } from "node:timers/promises";
import { createRegistry, type Registry } from "../src/index.ts";
import { readDefinitions, toTool } from "./definitions.ts";
import type { MemorySample } from "./memory.ts";

const MB = 1_048_576;
const WARM_UP = 200;

const [count, isTight, corpus] = [Number(process.argv[2]), process.argv[3] === "tight", process.argv[4] ?? null];

async function collect(): Promise<{ readonly rss: number; readonly heap: number }> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("run with --expose-gc");
  for (let turn = 0; turn < 5; turn++) {
    if (isTight) gc({ type: "major", execution: "sync", flavor: "last-resort" });
    else gc();
    // Memory is given back to the system by tasks of the platform.
    await sleep(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

async function callSome(registry: Registry, every: number): Promise<void> {
  const tools = registry.list();
  for (let index = 0; index < tools.length; index += every)
    await registry.execute((tools[index] as { name: string }).name, {});
}

const texts = readDefinitions(corpus, count);
// Code that runs for the first time takes memory too: that is not the tools'.
await callSome(createRegistry({ tools: readDefinitions(null, WARM_UP).map((text) => toTool(text)) }), 10);

const before = await collect();
const registry = createRegistry({
  tools: texts.map((text) => toTool(text)),
  limits: [{ per: ["principal"], capacity: count, windowMs: 60_000 }],
});
if (registry.list({ status: "any" }).length === 0) throw new Error("nothing was registered");
const atRest = await collect();
await callSome(registry, 20);
const used = await collect();

const per = (count / 1_000) * MB;
const sample: MemorySample = {
  rssAtRest: (atRest.rss - before.rss) / per,
  heapAtRest: (atRest.heap - before.heap) / per,
  rssUsed: (used.rss - before.rss) / per,
  heapUsed: (used.heap - before.heap) / per,
};
process.stdout.write(JSON.stringify(sample));
await registry.close();
