// Two registries one behind the other, as two services are: what fails at the bottom is not multiplied on the way up, and
// nobody at the bottom has more time than is left at the top.
import { describe, expect, it } from "vitest";
import type { ToolContext } from "../../src/call/context.ts";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import { ToolError } from "../../src/errors/tool-error.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";
import { waitFor } from "../../src/testing/wait.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import type { ToolProperties } from "../../src/tool/definition.ts";
import { createDraw } from "./draw.ts";
import { drive, wait } from "./drive.ts";

const CALLS = 2_000;
const CALLERS = 20;
const user = { id: "u1" } as const;
const base = { version: "1.0.0", description: "For chaos.", effect: "read", access: { roles: ["USER"] } } as const;

interface Tower {
  readonly clock: ManualClock;
  readonly outer: Registry;
  /** Runs of the innermost handler. */
  readonly attempts: () => number;
}

type Policies = Pick<ToolProperties, "breaker" | "retry">;

/** How the outer tool asks the inner one, and what it makes of a failure. */
type Ask = (inner: Registry, context: ToolContext) => Promise<unknown>;

/** Asks once, within the time that is left, and passes on when to come again. */
const askOnce: Ask = async (inner, { signal, remainingMs }) => {
  const outcome = await inner.execute("inner", {}, { principal: user, signal, timeoutMs: remainingMs() });
  if (outcome.ok) return outcome.output;
  const { code, retryable, retryAfterMs } = outcome.error;
  throw new ToolError(code, "What this tool asks does not answer.", {
    retryable,
    ...(retryAfterMs !== null && { retryAfterMs }),
  });
};

function open(policies: Policies, ask: Ask): Tower {
  const clock = createManualClock();
  const { random } = createDraw(1);
  let attempts = 0;
  const common = { ...base, ...policies };
  const inner = createRegistry({
    clock,
    random,
    limits: [],
    tools: [
      defineTool({
        ...common,
        name: "inner",
        handler: async (_, { signal }) => {
          attempts++;
          await waitFor(clock, 5, signal);
          throw new ToolError("DOWN", "Out of order.", { retryable: true });
        },
      }),
    ],
  });
  const outer = createRegistry({
    clock,
    random,
    limits: [],
    tools: [defineTool({ ...common, name: "outer", handler: (_, context) => ask(inner, context) })],
  });
  return { clock, outer, attempts: () => attempts };
}

/** Attempts at the bottom for each call at the top. */
async function measureAmplification({ clock, outer, attempts }: Tower): Promise<number> {
  let calls = 0;
  const callAgain = async (): Promise<void> => {
    while (calls++ < CALLS) {
      const outcome = await outer.execute("outer", {}, { principal: user });
      expect(outcome.ok).toBe(false);
      await wait(clock, 20);
    }
  };
  await drive(clock, Promise.all(Array.from({ length: CALLERS }, callAgain)));
  return attempts() / CALLS;
}

describe("a failure at the bottom of two registries", () => {
  it("is hardly multiplied by their repeats", async () => {
    const amplification = await measureAmplification(open({}, askOnce));
    expect(amplification).toBeGreaterThan(1);
    expect(amplification).toBeLessThanOrEqual(1.2);
  });

  it("is asked for less than once a call behind breakers", async () => {
    expect(await measureAmplification(open({ breaker: { failures: 5, openMs: 500 } }, askOnce))).toBeLessThan(1);
  });

  it("is multiplied by handlers that repeat by themselves", async () => {
    const stubborn: Ask = async (inner, context) => {
      for (let time = 1; time < 4; time++) await askOnce(inner, context).catch(() => {});
      return askOnce(inner, context);
    };
    expect(await measureAmplification(open({}, stubborn))).toBeGreaterThan(1.2);
  });
});

describe("a deadline", () => {
  it("is never later at the bottom than at the top", async () => {
    const clock = createManualClock();
    const draw = createDraw(2);
    const { random } = draw;
    /** Of the calls at the top, by what they were called with: until when they last. */
    const ends = new Map<number, number>();
    const late: string[] = [];
    let checks = 0;
    const check = ({ remainingMs, signal }: ToolContext, n: number): void => {
      checks++;
      const atTop = Math.max(0, (ends.get(n) ?? 0) - clock.monotonic());
      if (!signal.aborted && remainingMs() > atTop) late.push(`${n}: ${remainingMs()} of ${atTop} ms`);
    };
    const input = { type: "object", properties: { n: { type: "integer" } } } as const;
    const toNumber = (given: unknown): number => (given as { n: number }).n;
    const common = { ...base, input } as const;
    const inner = createRegistry({
      clock,
      random,
      limits: [],
      tools: [
        defineTool({
          ...common,
          name: "inner",
          timeoutMs: 5_000,
          attemptTimeoutMs: 300,
          async handler(given, context) {
            check(context, toNumber(given));
            await waitFor(clock, draw.int(0, 400), context.signal);
            check(context, toNumber(given));
            throw new Error("again");
          },
        }),
        defineTool({
          ...common,
          name: "middle",
          bulkhead: { max: 8, queue: 50 },
          fallback: { tool: "inner", reserveMs: 200 },
          async handler(given, context) {
            check(context, toNumber(given));
            await waitFor(clock, draw.int(0, 100), context.signal);
            return context.call("inner", given).then((outcome) => outcome.ok);
          },
        }),
      ],
    });
    const outer = createRegistry({
      clock,
      random,
      limits: [],
      tools: [
        defineTool({
          ...common,
          name: "outer",
          timeoutMs: 1_000,
          async handler(given, context) {
            const n = toNumber(given);
            ends.set(n, clock.monotonic() + context.remainingMs());
            const { signal } = context;
            await waitFor(clock, draw.int(0, 200), signal);
            const timeoutMs = context.remainingMs();
            const outcome = await inner.execute("middle", given, { principal: user, signal, timeoutMs });
            return outcome.ok;
          },
        }),
      ],
    });
    const calls = Array.from({ length: 500 }, async (_, n) => {
      await wait(clock, draw.int(0, 5_000));
      await outer.execute("outer", { n }, { principal: user, timeoutMs: draw.int(1, 2_000) });
    });
    await drive(clock, Promise.all(calls));
    expect(late).toEqual([]);
    expect(checks).toBeGreaterThan(1_000);
    expect(clock.pending).toBe(0);
  });
});
