// What each layer around a handler costs a call that does not need it, alone and all together, and what it costs a tool
// that has none. Everything is measured in the same rounds as a call without layers and the pipeline written by hand.
import { systemClock } from "../src/kernel/clock.ts";
import { checkLayers } from "./check-layers.ts";
import { collect } from "./collector.ts";
import { toFigure, type Figure, type FigureParts } from "./figures.ts";
import { findTimed, timeRounds, toMeasured, toSpread, type Contender, type Timed } from "./harness.ts";
import { handPipeline } from "./hand-pipeline.ts";
import { createLayeredRegistry, FULL_STACK, LAYERED, NO_LAYER } from "./layered-tools.ts";
import type { Settings } from "./settings.ts";
import { CALLER, GOOD_INPUT, TOOL_NAME } from "./workload.ts";

const HAND = "hand-written pipeline";
const ABSENT = "no layer, other tools have all of them";
const FULL_REGISTRY = `${FULL_STACK}, everything on`;

/** A call through each layer and none, as a multiple of the hand-written pipeline. */
export async function benchLayers({ rounds, turnMs }: Settings): Promise<readonly Figure[]> {
  await checkLayers(LAYERED);
  const [bare] = LAYERED;
  const full = LAYERED.at(-1);
  if (bare === undefined || full === undefined) throw new Error("there is nothing to measure");
  // By itself: in this registry no tool has a layer.
  const alone = createLayeredRegistry([bare], systemClock);
  const house = createLayeredRegistry(LAYERED, systemClock);
  const everything = createLayeredRegistry([full], systemClock, "everything on");
  const timed = await timeRounds(
    [
      answered(HAND, () => handPipeline(CALLER, TOOL_NAME, GOOD_INPUT)),
      answered(NO_LAYER, () => alone.call(bare)),
      answered(ABSENT, () => house.call(bare)),
      ...LAYERED.slice(1).map((one) => answered(one.name, () => house.call(one))),
      answered(FULL_REGISTRY, () => everything.call(full)),
    ],
    { rounds, turnMs },
  );
  const hand = findTimed(timed, HAND);
  const none = findTimed(timed, NO_LAYER);
  return timed.map((one) => {
    const base = one.name === ABSENT ? none : hand;
    return toFigure(toMeasured(one, base), { unit: "µs", base: base.name, ...toParts(one, none) });
  });
}

function toParts(one: Timed, none: Timed): Pick<FigureParts, "goal" | "note"> {
  switch (one.name) {
    case HAND:
    case NO_LAYER:
      return {};
    case ABSENT:
      return { goal: { of: "ratio", atMost: 1.1 }, note: `× ${NO_LAYER}, in a registry of its own` };
    case FULL_STACK:
      return {
        goal: { of: "ratio", atMost: 10 },
        note: `adds ${toAdded(one, none)}; the cache misses, the key is new`,
      };
    default:
      return { note: `adds ${toAdded(one, none)}` };
  }
}

/** The median of what it takes more than a call without layers, round by round. */
function toAdded({ ns }: Timed, none: Timed): string {
  const { median } = toSpread(ns.map((value, round) => value - (none.ns[round] ?? Number.NaN)));
  return `${(median / 1_000).toFixed(2)} µs`;
}

/** A contender whose calls all have to succeed: one that is refused in passing is not what is measured. */
function answered(name: string, call: () => Promise<{ readonly ok: boolean }>): Contender {
  return {
    name,
    // What was kept for others, keys and answers above all, is not this one's to move.
    prepare: () => {
      collect({ type: "minor" });
    },
    async run(count) {
      for (let index = 0; index < count; index++)
        if (!(await call()).ok) throw new Error(`${name}: call ${index + 1} of ${count} was not answered`);
    },
  };
}
