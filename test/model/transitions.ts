// What can happen next in a walk: every operation that is held may go on, and every fault within the bounds may strike.
import type { Option } from "./explorer.ts";
import type { Caller, Touch } from "./gate.ts";

/** How many faults one walk may have. A and B do the same, so that a walk in which B has some of them is one of A's. */
export interface Faults {
  /** Callers that crash, at any point: nothing of them happens any more. */
  readonly crashes: number;
  /** Whether A cancels its call, at any point. What it was in the middle of still happens, whenever it may. */
  readonly leaves: number;
  /** Operations of A, or runs of its handler, that give an error: before they were applied or after. */
  readonly failures: number;
}

export interface Transition extends Option {
  /** null: the whole walk. */
  readonly caller: Caller | null;
  readonly touches: Touch | null;
  readonly run: () => void;
}

/**
 * Whether the order of two that are possible at the same time makes no difference. Those of one caller are always ordered;
 * those of two are when both touch the same and one of them changes it. Which faults may strike depends on how many did,
 * whatever their order.
 */
export function commutes(a: Transition, b: Transition): boolean {
  if (a.caller === null || b.caller === null || a.caller === b.caller) return false;
  if (a.touches === null || b.touches === null || a.touches.what !== b.touches.what) return true;
  return !a.touches.writes && !b.touches.writes;
}

/** Everything that can happen next; nothing when all that is left to happen is time. */
export function listTransitions(
  callers: readonly Caller[],
  faults: Faults,
  isDone: (caller: Caller) => boolean,
): readonly Transition[] {
  const alive = callers.filter(({ crashed }) => !crashed);
  if (alive.every(({ held }) => held.length === 0)) return [];
  return alive.flatMap((caller) => [
    ...caller.held.map(({ name, touches, release }): Transition => ({ name, caller, touches, run: release })),
    ...toFaults(caller, callers, faults, isDone(caller)),
  ]);
}

/**
 * What of it has to be tried: while one caller is where all it can do next is its own affair, only what it can do, since
 * whatever the others do meanwhile commutes with that (a persistent set, chapter 4 of the same).
 */
export function toTried(possible: readonly Transition[]): readonly Transition[] {
  const callers = new Set(possible.map(({ caller }) => caller));
  const alone = [...callers].find((caller) => caller?.held.length === 1 && caller.held[0]?.touches === null);
  return alone === undefined ? possible : possible.filter(({ caller }) => caller === alone);
}

// Who waits is woken by what others write, and then is not where it was when it leaves.
const MAY_WAIT: Touch = { what: "record", writes: false };

function toFaults(
  caller: Caller,
  callers: readonly Caller[],
  { crashes, leaves, failures }: Faults,
  isDone: boolean,
): readonly Transition[] {
  const { name, held } = caller;
  const isFirst = caller === callers[0];
  const transitions: Transition[] = [];
  const add = (what: string, touches: Touch | null, run: () => void): void => {
    transitions.push({ name: `${name} ${what}`, caller, touches, run });
  };
  if (callers.filter(({ hasCrashed }) => hasCrashed).length < crashes && !(isDone && held.length === 0)) {
    add("crashes", null, () => {
      caller.crashed = true;
      caller.hasCrashed = true;
    });
  }
  if (isFirst && leaves > 0 && !isDone && !caller.hasLeft) {
    add("leaves", MAY_WAIT, () => {
      caller.hasLeft = true;
      caller.controller.abort();
    });
  }
  if (isFirst && caller.failures < failures) {
    for (const item of held) {
      add(`fails: ${item.name}`, null, () => {
        caller.failures++;
        item.fail();
      });
    }
  }
  return transitions;
}
