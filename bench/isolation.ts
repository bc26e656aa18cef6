// Whether sick tools harm healthy ones. Two hundred callers call a hundred tools at random, in turns on a registry where
// all are well and on one where twenty hang and ten flap; callers and load are alike, so what differs is the sickness.
// Times are those of the clock on the wall here, unlike anywhere else: a caller waits for the event loop too.
import { setTimeout as sleep } from "node:timers/promises";
import { createSeededRandom } from "../src/testing/seeded-random.ts";
import { collect } from "./collector.ts";
import type { Figure, Unit } from "./figures.ts";
import { toSpread } from "./harness.ts";
import { createWard } from "./isolation-tools.ts";
import type { Settings } from "./settings.ts";
import { toSlope, type Sample } from "./slope.ts";
import { takeTurn, type Turn } from "./ward-round.ts";

// Longer and fewer turns than these would differ by what else the machine does; shorter ones might miss what flaps.
const TURNS_PER_ROUND = 4;
const TURN_MS = 500;
const WARM_UP_ROUNDS = 3;
const SEED = 20_261_127;
const MB = 1_048_576;
const MINUTE_MS = 60_000;
const WELL = "healthy tools, all are well, p99";

/** The latency of healthy tools beside sick ones, that of shed calls, and what stays in memory. */
export async function benchIsolation({ rounds, shrink }: Settings): Promise<readonly Figure[]> {
  const random = createSeededRandom(SEED);
  const well = createWard(false);
  const sick = createWard(true);
  const without: Turn[] = [];
  const beside: Turn[] = [];
  const round = async (): Promise<void> => {
    for (let turn = 0; turn < Math.ceil(TURNS_PER_ROUND / shrink); turn++) {
      if (turn % 2 === 0) without.push(await takeTurn(well, TURN_MS, random));
      beside.push(await takeTurn(sick, TURN_MS, random));
      if (turn % 2 === 1) without.push(await takeTurn(well, TURN_MS, random));
    }
  };
  for (let count = 0; count < Math.ceil(WARM_UP_ROUNDS / shrink); count++) await round();
  without.length = 0;
  beside.length = 0;
  const memory: Sample[] = [await readMemory()];
  for (let count = 0; count < rounds; count++) {
    await round();
    memory.push(await readMemory());
  }
  checkSickness(without, beside);
  return toFigures(without, beside, memory);
}

const SICK = ["hanging TIMEOUT", "hanging OVERLOADED", "flapping BREAKER_OPEN", "flapping ok"];
const SOUND = ["hanging ok", "flapping ok"];

/** Where nobody hung, flapped or was shed, nothing was isolated. */
function checkSickness(without: readonly Turn[], beside: readonly Turn[]): void {
  for (const [turns, expected] of [
    [beside, SICK],
    [without, SOUND],
  ] as const) {
    for (const end of expected)
      if (!turns.some(({ ends }) => ends.has(end))) throw new Error(`no call of the tools came to this: ${end}`);
  }
}

function toFigures(without: readonly Turn[], beside: readonly Turn[], memory: readonly Sample[]): readonly Figure[] {
  const well = without.map(({ healthyP99 }) => healthyP99);
  const sick = beside.map(({ healthyP99 }) => healthyP99);
  const shed = beside.reduce((sum, turn) => sum + turn.shed, 0);
  return [
    toRow(WELL, "ms", well, { note: describeLoad(without) }),
    {
      ...toRow("healthy tools, 20 hang and 10 flap, p99", "ms", sick, { note: describeLoad(beside) }),
      base: WELL,
      ratio: toSpread(sick.map((value, round) => value / (well[round] ?? Number.NaN))),
    },
    toRow(
      "added to the p99",
      "ms",
      sick.map((value, round) => value - (well[round] ?? Number.NaN)),
      { goal: { of: "value", atMost: 5 } },
    ),
    toRow(
      "calls shed, p99",
      "ms",
      beside.map(({ shedP99 }) => shedP99),
      { goal: { of: "value", atMost: 1 }, note: `${shed.toLocaleString("en")} calls refused before any handler ran` },
    ),
    toRow("heap after warm-up, growth", "MB/min", [toSlope(memory) * MINUTE_MS], {
      goal: { of: "value", atMost: 1 },
      note: `${memory.length} samples after a collection, least squares`,
    }),
  ];
}

function toRow(
  name: string,
  unit: Unit,
  values: readonly number[],
  parts: Pick<Partial<Figure>, "goal" | "note">,
): Figure {
  return { name, value: toSpread(values), unit, base: null, ratio: null, goal: null, note: null, ...parts };
}

function describeLoad(turns: readonly Turn[]): string {
  const { median } = toSpread(turns.map(({ healthyPerS }) => healthyPerS));
  const failed = turns.reduce((sum, turn) => sum + turn.healthyFailed, 0);
  const p50 = toSpread(turns.map(({ healthyP50 }) => healthyP50)).median;
  return `${Math.round(median).toLocaleString("en")} calls of healthy tools a second, ${failed} failed; p50 ${p50.toFixed(2)} ms`;
}

async function readMemory(): Promise<Sample> {
  for (let turn = 0; turn < 2; turn++) {
    collect();
    await sleep(20);
  }
  return { atMs: performance.now(), value: process.memoryUsage().heapUsed / MB };
}
