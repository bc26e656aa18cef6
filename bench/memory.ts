// What registered tools take of the process's memory. Each sample is a process of its own: memory given back by one
// would hide what the next takes.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Figure } from "./figures.ts";
import { toSpread } from "./harness.ts";
import type { Settings } from "./settings.ts";

const SAMPLES = 3;
const TOOLS = 3_000;
const CHILD = fileURLToPath(new URL("memory-child.ts", import.meta.url));

/** Megabytes per 1,000 tools, as the child prints them. */
export interface MemorySample {
  readonly rssAtRest: number;
  readonly heapAtRest: number;
  readonly rssUsed: number;
  readonly heapUsed: number;
}

/** Resident memory and heap of tools at rest, and once one in twenty was called. */
export async function benchMemory({ corpus, shrink }: Settings): Promise<readonly Figure[]> {
  const tools = Math.round(TOOLS / shrink);
  const samples: MemorySample[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) samples.push(await takeSample(tools, corpus));
  const goal = { of: "value", atMost: 3 } as const;
  const figure = (name: string, key: keyof MemorySample, parts: Partial<Figure>): Figure => ({
    name,
    value: toSpread(samples.map((sample) => sample[key])),
    unit: "MB",
    base: null,
    ratio: null,
    goal: null,
    note: null,
    ...parts,
  });
  const source = corpus === null ? "generated definitions" : "real definitions";
  return [
    figure("RSS per 1,000 tools at rest", "rssAtRest", { goal, note: `${tools.toLocaleString("en")} ${source}, ${SAMPLES} processes` }),
    figure("heap per 1,000 tools at rest", "heapAtRest", {}),
    figure("RSS per 1,000 tools, 5 % called", "rssUsed", {}),
    figure("heap per 1,000 tools, 5 % called", "heapUsed", {}),
  ];
}

async function takeSample(tools: number, corpus: string | null): Promise<MemorySample> {
  const parameters = ["--expose-gc", CHILD, String(tools), ...(corpus === null ? [] : [corpus])];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return JSON.parse(stdout) as MemorySample;
}
