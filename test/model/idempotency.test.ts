// An idempotency key makes a call once: shown by walking every interleaving of two callers with one key, and in each a crash
// of either of them at every point, through real registries over stores whose every operation is held. Then the same
// checker is given stores with a fault, and has to find each.
import { describe, expect, it } from "vitest";
import { exploreAll } from "./explorer.ts";
import { type Mutant, MUTANTS } from "./mutants.ts";
import { commutes, type Faults, type Transition } from "./transitions.ts";
import { type Scenario, walk } from "./walk.ts";
import { createWorld, type Kind } from "./world.ts";

const CRASHES: Faults = { crashes: 2, leaves: 0, failures: 0 };
const FAILURES: Faults = { crashes: 1, leaves: 0, failures: 1 };
const LEAVES: Faults = { crashes: 0, leaves: 1, failures: 0 };
const SAME = 1;
const OTHER = 2;

function toScenario(kind: Kind, amount: number, faults: Faults, mutant?: Mutant): Scenario {
  return { world: createWorld(kind, mutant), faults, a: { amount: 1 }, b: { amount } };
}

/** Names, for people, of every kind of tool with the same and with other arguments. */
function toRows(kinds: readonly Kind[]): readonly (readonly [string, Kind, number])[] {
  return kinds.flatMap((kind) => [
    [`${kind} tool, same arguments`, kind, SAME] as const,
    [`${kind} tool, other arguments`, kind, OTHER] as const,
  ]);
}

const ALL = toRows(["plain", "idempotent", "honouring", "asked"]);
// Of these two kinds the others differ in what becomes of a key whose owner has crashed.
const ALIVE = toRows(["plain", "asked"]);

describe.each([
  ["either or both crash at any point, for good or for a while", CRASHES, ALL],
  ["one operation fails, before or after it was applied, and one of them crashes", FAILURES, ALL],
  ["one leaves at any point", LEAVES, ALIVE],
] as const)("of two calls with one key one is made, although %s", (_faults, faults, rows) => {
  it.each(rows)(
    "%s",
    async (_name, kind, amount) => {
      const scenario = toScenario(kind, amount, faults);
      const { walks } = await exploreAll<Transition>((choices) => walk(scenario, choices), commutes);
      expect(walks).toBeGreaterThan(100);
      // Thousands of walks: a busy machine takes its time.
    },
    180_000,
  );
});

describe("what is left out of the walks", () => {
  const toEnds = async (
    faults: Faults,
    tried: Scenario["tried"],
    isOrdered: (a: Transition, b: Transition) => boolean,
  ): Promise<{ readonly walks: number; readonly ends: readonly string[] }> => {
    const ends = new Set<string>();
    const scenario: Scenario = {
      ...toScenario("plain", OTHER, faults),
      ...(tried && { tried }),
      onRest: (end) => ends.add(end),
    };
    const { walks } = await exploreAll<Transition>((choices) => walk(scenario, choices), isOrdered);
    return { walks, ends: [...ends].sort() };
  };
  const all: Scenario["tried"] = (possible) => possible;
  const never = (): boolean => false;

  it("is the order of what commutes: every order of every step comes to the same ends", async () => {
    const none: Faults = { ...CRASHES, crashes: 0 };
    const few = await toEnds(none, undefined, commutes);
    const every = await toEnds(none, all, never);
    expect(few.ends).toEqual(every.ends);
    expect(every.walks).toBeGreaterThan(1_000 * few.walks);
  });

  it("is the same by either of two reasons, with a crash at every point", async () => {
    const one: Faults = { ...CRASHES, crashes: 1 };
    const few = await toEnds(one, undefined, commutes);
    const asleep = await toEnds(one, all, commutes);
    const persistent = await toEnds(one, undefined, never);
    expect(few.ends).toEqual(asleep.ends);
    expect(few.ends).toEqual(persistent.ends);
    expect(few.ends.length).toBeGreaterThan(5);
  });
});

describe("the checker finds", () => {
  it.each(MUTANTS)("$name", async ({ kind, amount, faults, finds, ...mutant }) => {
    const scenario = toScenario(kind, amount, faults, mutant);
    await expect(exploreAll<Transition>((choices) => walk(scenario, choices), commutes)).rejects.toThrow(finds);
  });
});
