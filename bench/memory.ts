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
  /** After one in twenty was called, and so compiled. */
  readonly rssUsed: number;
  readonly heapUsed: number;
}

/** Resident memory and heap of tools at rest, and once one in twenty was called. */
export async function benchMemory({ corpus, shrink }: Settings): Promise<readonly Figure[]> {
  const tools = Math.round(TOOLS / shrink);
  const tight: MemorySample[] = [];
  const ordinary: MemorySample[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    tight.push(await takeSample(tools, "tight", corpus));
    ordinary.push(await takeSample(tools, "ordinary", corpus));
  }
  const source = corpus === null ? "generated definitions" : "real definitions";
  return [
    toMemoryFigure(
      "RSS per 1,000 tools at rest",
      tight.map(({ rssAtRest }) => rssAtRest),
      {
        goal: { of: "value", atMost: 3 },
        note: `${tools.toLocaleString("en")} ${source}; ${SAMPLES} processes; after the engine gave back its young generation`,
      },
    ),
    toMemoryFigure(
      "heap per 1,000 tools at rest",
      tight.map(({ heapAtRest }) => heapAtRest),
      {},
    ),
    toMemoryFigure(
      "RSS per 1,000 tools, just registered",
      ordinary.map(({ rssAtRest }) => rssAtRest),
      {
        note: "with the young generation, which grows with whatever keeps a process busy, and stays",
      },
    ),
    toMemoryFigure(
      "RSS per 1,000 tools, 5 % called",
      tight.map(({ rssUsed }) => rssUsed),
      { note: "with compiled validators" },
    ),
    toMemoryFigure(
      "heap per 1,000 tools, 5 % called",
      tight.map(({ heapUsed }) => heapUsed),
      {},
    ),
  ];
}

function toMemoryFigure(
  name: string,
  megabytes: readonly number[],
  parts: Pick<Partial<Figure>, "goal" | "note">,
): Figure {
  return {
    name,
    value: toSpread(megabytes),
    unit: "MB",
    base: null,
    ratio: null,
    goal: parts.goal ?? null,
    note: parts.note ?? null,
  };
}

async function takeSample(
  tools: number,
  collection: "ordinary" | "tight",
  corpus: string | null,
): Promise<MemorySample> {
  const parameters = ["--expose-gc", CHILD, String(tools), collection, ...(corpus === null ? [] : [corpus])];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return JSON.parse(stdout) as MemorySample;
}
