// One sample of `memory.ts`: registers as many tools as its first argument says, out of the corpus its second names,
// and prints what they took. Run with --expose-gc.
import { setTimeout as sleep } from "node:timers/promises";
import { createRegistry, type Registry } from "../src/index.ts";
import { readDefinitions, toTool } from "./definitions.ts";
import type { MemorySample } from "./memory.ts";

const MB = 1_048_576;
const WARM_UP = 200;

async function collect(): Promise<{ readonly rss: number; readonly heap: number }> {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc");
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc();
    // Memory is given back to the system by tasks of the platform.
    await sleep(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

async function callSome(registry: Registry, every: number): Promise<void> {
  const tools = registry.list();
  for (let index = 0; index < tools.length; index += every) await registry.execute((tools[index] as { name: string }).name, {});
}

const count = Number(process.argv[2]);
const corpus = process.argv[3] ?? null;
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

const thousands = count / 1_000;
const sample: MemorySample = {
  rssAtRest: (atRest.rss - before.rss) / MB / thousands,
  heapAtRest: (atRest.heap - before.heap) / MB / thousands,
  rssUsed: (used.rss - before.rss) / MB / thousands,
  heapUsed: (used.heap - before.heap) / MB / thousands,
};
process.stdout.write(JSON.stringify(sample));
await registry.close();
