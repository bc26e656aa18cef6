// A call is settled once, in every order in which stores, hooks, handlers, the clock and callers can take their turns.
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Outcome } from "../../src/call/outcome.ts";
import type * as Reserve from "../../src/pipeline/stages/reserve.ts";
import type * as Settle from "../../src/pipeline/stages/settle.ts";
import { listenForRejections } from "./rejections.ts";
import { runScenario, scenario } from "./settle-case.ts";

/** What calls can come to; that a run of this test saw each of them shows that it went everywhere. */
const ENDS = [
  ...["tool", "cache fresh", "cache stale", "stale", "value", "fallback tool", "replay", "TOOL_ERROR", "TOOL_FAILED"],
  ...["INVALID_OUTPUT", "TIMEOUT", "CANCELLED", "OUTCOME_UNKNOWN", "OVERLOADED", "BREAKER_OPEN", "HOOK_REFUSED"],
  ...["HOOK_FAILED", "IDEMPOTENCY_IN_FLIGHT"],
];

function toEnd({ ok, meta, ...rest }: Outcome): string {
  if (meta.replayOf !== null) return "replay";
  if (!ok && "error" in rest) return rest.error.code;
  if (meta.degraded !== null) return meta.degraded.by === "tool" ? "fallback tool" : meta.degraded.by;
  return meta.cached === null ? "tool" : `cache ${meta.cached}`;
}

describe("a call", () => {
  it("is settled once, whatever waits for what", { timeout: 120_000 }, async () => {
    const ends = new Set<string>();
    const rejections = listenForRejections();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), scenario, async (scheduler, drawn) => {
        const problems = await runScenario(scheduler, drawn, createRegistry, (outcome) => ends.add(toEnd(outcome)));
        expect(problems).toEqual([]);
        expect(rejections).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
    expect([...ends].sort()).toEqual(expect.arrayContaining(ENDS));
  });
});

const SETTLE = "../../src/pipeline/stages/settle.ts";
const RESERVE = "../../src/pipeline/stages/reserve.ts";
const SETTLE_CLAIM = "../../src/pipeline/idempotency/settle-claim.ts";

/** The registry with one function of its pipeline exchanged. */
interface Mutant {
  readonly name: string;
  readonly module: string;
  readonly mutate: (original: never) => object;
  readonly problem: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    name: "a call that is settled twice",
    module: SETTLE,
    mutate: ({ settle }: typeof Settle) => ({
      settle: (...given: Parameters<typeof settle>) => Promise.resolve(settle(...given)).then(() => settle(...given)),
    }),
    problem: "onSettled was told 2 times",
  },
  {
    name: "an answer that is not the one that was settled",
    module: SETTLE,
    mutate: ({ settle }: typeof Settle) => ({
      settle: async (...given: Parameters<typeof settle>) => ({ ...(await settle(...given)) }),
    }),
    problem: "onSettled was told another outcome",
  },
  {
    name: "slots that are given back twice",
    module: RESERVE,
    mutate: ({ reserve }: typeof Reserve) => ({
      async reserve(...given: Parameters<typeof reserve>) {
        const refused = await reserve(...given);
        const [call] = given;
        const { release } = call;
        call.release = release && ((): void => [release, release].forEach((giveBack) => giveBack()));
        return refused;
      },
    }),
    problem: "slots were given back 2 times",
  },
  {
    name: "slots that come late and are kept",
    module: RESERVE,
    mutate: ({ reserve }: typeof Reserve) => ({
      reserve: (...[call, ...given]: Parameters<typeof reserve>) =>
        reserve(Object.create(call, { settled: { value: false } }) as typeof call, ...given),
    }),
    problem: "slots were given back 0 times",
  },
  {
    name: "a key that nobody gives back",
    module: SETTLE_CLAIM,
    mutate: (original: object) => ({ ...original, isRemembered: () => false }),
    problem: "a key was left claimed",
  },
];

describe("the check notices", () => {
  afterEach(() => {
    for (const { module } of MUTANTS) vi.doUnmock(module);
    vi.resetModules();
  });

  it.each(MUTANTS)("$name", async ({ module, mutate, problem }) => {
    vi.resetModules();
    vi.doMock(module, async (importOriginal) => mutate(await importOriginal<never>()));
    const mutant = await import("../../src/core/create-registry.ts");
    const found = new Set<string>();
    const run = fc.asyncProperty(fc.scheduler(), scenario, async (scheduler, drawn) => {
      for (const one of await runScenario(scheduler, drawn, mutant.createRegistry)) found.add(one);
    });
    await fc.assert(run, { numRuns: 300 });
    expect([...found]).toContain(problem);
  });
});
