// Whoever stops waiting takes everything with him that waited for him.
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRegistry } from "../../src/core/create-registry.ts";
import type * as Scopes from "../../src/kernel/scope.ts";
import type * as Cancellation from "../../src/pipeline/cancellation.ts";
import type * as Deadline from "../../src/pipeline/deadline.ts";
import type * as Resilience from "../../src/resilience/index.ts";
import { drive, untilQuiet, wait } from "./drive.ts";
import { listenForRejections } from "./rejections.ts";
import { openWaitingRoom, type WaitingRoom } from "./waiting-room.ts";

const ROUNDS = 30;
const CALLS = 600;
const CALLERS = 25;
/** What those are told who did not wait for the end. */
const LEFT = ["CANCELLED", "TIMEOUT", "OUTCOME_UNKNOWN", "IDEMPOTENCY_IN_FLIGHT"];

/** Some callers call again and again, until the calls are used up; the registry may close before that. */
async function runRound(
  { clock, draw, registry, callAndLeave }: WaitingRoom,
  calls: number,
  closes: boolean,
): Promise<void> {
  let made = 0;
  const callAgain = async (): Promise<void> => {
    while (made++ < calls) {
      await callAndLeave();
      await wait(clock, draw.int(0, 20));
    }
  };
  const closing = closes
    ? wait(clock, draw.int(100, 600)).then(() => registry.close({ graceMs: draw.int(0, 300) }))
    : Promise.resolve();
  await drive(clock, Promise.all([closing, ...Array.from({ length: CALLERS }, callAgain)]), { stepMs: 5 });
  // Handlers that listen to nobody come to their end.
  await drive(clock, clock.advance(500));
}

describe("whoever stops waiting", () => {
  const total = new Map<string, number>();

  it.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
    "leaves nothing behind (round %i)",
    async (round) => {
      const rejections = listenForRejections();
      const room = openWaitingRoom(round, createRegistry);
      await runRound(room, CALLS, round % 5 === 0);
      expect(await room.findLeftovers()).toEqual([]);
      await untilQuiet();
      expect(rejections).toEqual([]);
      for (const [code, count] of room.codes) total.set(code, (total.get(code) ?? 0) + count);
    },
  );

  it("was counted ten thousand times", () => {
    expect(LEFT.reduce((sum, code) => sum + (total.get(code) ?? 0), 0)).toBeGreaterThan(10_000);
    expect([...total.keys()]).toEqual(expect.arrayContaining(["ok", "OVERLOADED", "TOOL_FAILED", ...LEFT]));
  });
});

const CANCELLATION = "../../src/pipeline/cancellation.ts";
const DEADLINE = "../../src/pipeline/deadline.ts";
const RESILIENCE = "../../src/resilience/index.ts";
const SCOPE = "../../src/kernel/scope.ts";

const MUTANTS: readonly { name: string; module: string; mutate: (original: never) => object; leftover: RegExp }[] = [
  {
    name: "a listener that stays on the caller's signal",
    module: CANCELLATION,
    mutate: ({ attachCancellation }: typeof Cancellation) => ({
      attachCancellation(...given: Parameters<typeof attachCancellation>) {
        attachCancellation(...given);
        return null;
      },
    }),
    leftover: /signals that are listened to/,
  },
  {
    name: "a timer that stays after its race",
    module: DEADLINE,
    mutate: (original: typeof Deadline) => ({
      ...original,
      withinDeadline: ((bound, clock, work) =>
        original.withinDeadline(
          bound,
          { ...clock, clearTimer: () => {} },
          work,
        )) satisfies typeof original.withinDeadline,
    }),
    leftover: /armed timers/,
  },
  {
    name: "a place in the line that nobody gives up",
    module: RESILIENCE,
    mutate: (original: typeof Resilience) => ({
      ...original,
      createBulkhead(...given: Parameters<typeof original.createBulkhead>) {
        const bulkhead = original.createBulkhead(...given);
        const join = bulkhead.wait.bind(bulkhead);
        bulkhead.wait = () => {
          const waiter = join();
          return waiter && { granted: waiter.granted, leave: () => {} };
        };
        return bulkhead;
      },
    }),
    leftover: /calls in bulkheads/,
  },
  {
    name: "a handler that nobody tells",
    module: SCOPE,
    mutate: ({ createScope }: typeof Scopes) => ({
      createScope: () => Object.defineProperty(createScope(), "signal", { value: new AbortController().signal }),
    }),
    leftover: /does not know/,
  },
];

describe("the search for what is left notices", () => {
  afterEach(() => {
    for (const { module } of MUTANTS) vi.doUnmock(module);
    vi.resetModules();
  });

  it.each(MUTANTS)("$name", async ({ module, mutate, leftover }) => {
    vi.resetModules();
    vi.doMock(module, async (importOriginal) => mutate(await importOriginal<never>()));
    const mutant = await import("../../src/core/create-registry.ts");
    const room = openWaitingRoom(1, mutant.createRegistry);
    await runRound(room, CALLS, false);
    expect((await room.findLeftovers()).filter((line) => leftover.test(line))).not.toEqual([]);
  });
});
