// One walk: two callers with one key, interleaved and hit by faults as the explorer says; then time passes, others come with
// the same key, and what all of them were told is held against what happened.
import type { Outcome } from "../../src/call/outcome.ts";
import type { Choices } from "./explorer.ts";
import { type Caller, untilQuiet } from "./gate.ts";
import { type Told, Judge } from "./judge.ts";
import { type Faults, listTransitions, toTried, type Transition } from "./transitions.ts";
import { type Arguments, TIMEOUT_MS, type World } from "./world.ts";

export interface Scenario {
  readonly world: World;
  readonly faults: Faults;
  /** What A and B send. */
  readonly a: Arguments;
  readonly b: Arguments;
  /** Which of what can happen next is tried. @default what `toTried` says */
  readonly tried?: (possible: readonly Transition[]) => readonly Transition[];
  /** Told what A and B came to. */
  readonly onRest?: (end: string) => void;
}

const LEASE_MS = TIMEOUT_MS + 60_000;
const TWO_DAYS_MS = 172_800_000;

/** What the crashed do when all leases have passed: a process that only slept goes on where it was. */
const AFTERWARDS: readonly Transition[] = ["stay away", "come back to an answer", "come back to their deadlines"].map(
  (what) => ({ name: `the crashed ${what}`, caller: null, touches: null, run: () => {} }),
);

/** Walks once. Rejects when what was seen cannot be right. */
export async function walk(scenario: Scenario, choices: Choices<Transition>): Promise<void> {
  const { world } = scenario;
  world.reset();
  const a = start(world, world.a, scenario.a);
  const b = start(world, world.b, scenario.b);
  await untilQuiet();
  await interleave(scenario, [a, b], choices);
  scenario.onRest?.(toEnd(world, [a, b]));
  const judge = new Judge(world, [a, b]);
  judge.checkRest();
  // Who waits for a call that has crashed is answered at the deadline.
  await world.clock.advance(TIMEOUT_MS);
  await untilQuiet();
  judge.checkAnswers();
  await world.clock.advance(LEASE_MS);
  await untilQuiet();
  await judge.checkLater(await askBoth(scenario));
  const crashed = [world.a, world.b].filter((caller) => caller.crashed);
  const afterwards = crashed.length === 0 ? 0 : AFTERWARDS.indexOf(choices.choose(AFTERWARDS));
  if (afterwards > 0) {
    for (const caller of crashed) await comeBack(caller, afterwards === 1);
    judge.checkAnswers();
    await judge.checkLater(await askBoth(scenario));
  }
  await judgeUnknown(scenario, judge);
}

/** What nobody knows stays so, until the operator says what is true. */
async function judgeUnknown(scenario: Scenario, judge: Judge): Promise<void> {
  const { world } = scenario;
  if (!judge.isUnknown) return;
  await world.clock.advance(TWO_DAYS_MS);
  await judge.checkStillUnknown(await askBoth(scenario));
  await judge.resolve();
  await judge.checkLater(await askBoth(scenario));
  judge.checkResolved();
}

/** All that is left of A and B, as text. */
function toEnd({ a, b, effects, outcomes, read }: World, told: readonly Told[]): string {
  return JSON.stringify({
    told: told.map(({ outcome }) => outcome),
    record: read(),
    effects,
    listed: outcomes.list({}).map(({ id }) => id),
    crashed: [a.hasCrashed, b.hasCrashed],
  });
}

function start(world: World, caller: Caller, input: Arguments): Told {
  const told: Told = { caller, input, outcome: null };
  void world.call(caller, input).then((outcome) => {
    told.outcome = outcome;
  });
  return told;
}

async function interleave(
  { world, faults, tried = toTried }: Scenario,
  told: readonly Told[],
  choices: Choices<Transition>,
): Promise<void> {
  const callers = [world.a, world.b];
  const isDone = (caller: Caller): boolean => told.find((other) => other.caller === caller)?.outcome !== null;
  for (;;) {
    const possible = listTransitions(callers, faults, isDone);
    world.mayWatch = true;
    if (possible.length === 0) return;
    const taken = choices.choose(tried(possible));
    world.mayWatch = taken.touches !== null;
    taken.run();
    await untilQuiet();
  }
}

async function comeBack(caller: Caller, isAnswered: boolean): Promise<void> {
  caller.crashed = false;
  if (isAnswered) await releaseAll(caller);
  for (const run of caller.missed) run();
  await untilQuiet();
  await releaseAll(caller);
}

async function releaseAll({ held }: Caller): Promise<void> {
  for (let [first] = held; first !== undefined; [first] = held) {
    first.release();
    await untilQuiet();
  }
}

/** The same call again, by somebody whom nothing happens to: with the arguments of A, and with those of B. */
async function askBoth({ world, a, b }: Scenario): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const input of a.amount === b.amount ? [a] : [a, b])
    told.push({ caller: null, input, outcome: await ask(world, input) });
  return told;
}

async function ask(world: World, input: Arguments): Promise<Outcome> {
  let outcome: Outcome | null = null;
  const asked = world.ask(input).then((answer) => {
    outcome = answer;
    return answer;
  });
  await untilQuiet();
  // Nobody is there to be waited for.
  if (outcome === null) await world.clock.advance(TIMEOUT_MS);
  return asked;
}
