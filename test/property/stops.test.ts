// Whatever is stopped, resumed and called, in whichever order: no handler is entered while a stop that covers it stands, and calls that no
// stop covers are answered.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegistry, defineTool, type Outcome, type Registry, type StopScope } from "../../src/index.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";

const NAMES = ["flaky", "queued", "calling", "plain"] as const;
const TENANTS = ["acme", "other"] as const;
const SCOPES: readonly StopScope[] = [
  { kind: "all" },
  ...NAMES.map((name): StopScope => ({ kind: "tool", name })),
  ...TENANTS.map((tenant): StopScope => ({ kind: "tenant", tenant })),
];

const scope = fc.constantFrom(...SCOPES);
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("stop" as const), scope, cancel: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("resume" as const), scope }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      name: fc.constantFrom(...NAMES),
      tenant: fc.constantFrom(...TENANTS),
      key: fc.option(fc.constantFrom("k", "l"), { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 30, 400) }) },
);

/** What stands, kept apart from the registry: from the moment at which a stop was answered until it is to be taken back. */
class Standing {
  readonly #scopes = new Set<string>();
  add(one: StopScope): void {
    this.#scopes.add(JSON.stringify(one));
  }
  delete(one: StopScope): void {
    this.#scopes.delete(JSON.stringify(one));
  }
  covers(name: string, tenant: string): boolean {
    const covering: readonly StopScope[] = [{ kind: "all" }, { kind: "tool", name }, { kind: "tenant", tenant }];
    return covering.some((one) => this.#scopes.has(JSON.stringify(one)));
  }
}

/** A registry whose calls wait everywhere a call can: in hooks, for a place, between attempts, for one another. */
function open(clock: ManualClock, standing: Standing, entered: string[]): Registry {
  const base = { version: "1.0.0", description: "d", effect: "read", access: { roles: ["USER"] } } as const;
  const sleep = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve));
  const enter = (name: string, tenant: string): void => {
    if (standing.covers(name, tenant)) entered.push(`${name} ${tenant}`);
  };
  const tools = [
    defineTool({
      ...base,
      name: "flaky",
      retry: { repeats: 2, baseMs: 50, capMs: 100 },
      handler: (_input, { principal, attempt }) => {
        enter("flaky", principal.tenant);
        if (attempt < 3) throw new Error("not yet");
        return "done";
      },
    }),
    defineTool({
      ...base,
      name: "queued",
      effect: "write",
      bulkhead: { max: 1, queue: 100 },
      handler: async (_input, { principal }) => {
        enter("queued", principal.tenant);
        await sleep(40);
        return "done";
      },
    }),
    defineTool({
      ...base,
      name: "calling",
      handler: async (_input, { principal, call }) => {
        enter("calling", principal.tenant);
        await sleep(20);
        return (await call("plain", {})).ok;
      },
    }),
    defineTool({
      ...base,
      name: "plain",
      handler: (_input, { principal }) => {
        enter("plain", principal.tenant);
        return "done";
      },
    }),
  ];
  return createRegistry({
    tools,
    clock,
    limits: [],
    hooks: {
      beforeAttempt: async ({ principal }) => (principal.tenant === "acme" ? sleep(25) : undefined),
      aroundAttempt: async ({ principal }, next) => {
        if (principal.tenant === "other") await sleep(25);
        return next();
      },
    },
  });
}

describe("stops", () => {
  it("enters no handler while a stop that covers it stands", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
        const clock = createManualClock();
        const standing = new Standing();
        const entered: string[] = [];
        const registry = open(clock, standing, entered);
        const calls: { readonly outcome: Promise<Outcome>; readonly stopped: boolean; free: boolean }[] = [];
        for (const one of steps) {
          if (one.do === "wait") await clock.advance(one.ms);
          else if (one.do === "stop") {
            await registry.stops.stop(one.scope, { reason: "t", cancel: one.cancel });
            standing.add(one.scope);
            for (const call of calls) call.free = false;
          } else if (one.do === "resume") {
            standing.delete(one.scope);
            await registry.stops.resume(one.scope);
          } else {
            const principal = { id: "ann", tenant: one.tenant };
            const keyed = one.key === undefined ? {} : { idempotencyKey: one.key };
            const outcome = registry.execute(one.name, {}, { principal, ...keyed });
            calls.push({ outcome, stopped: standing.covers(one.name, one.tenant), free: true });
          }
        }
        const last = calls.map(({ free, stopped }) => free && !stopped);
        for (const each of SCOPES) {
          standing.delete(each);
          await registry.stops.resume(each);
        }
        await clock.advance(20_000);
        expect(entered).toEqual([]);
        for (const [index, { outcome, stopped }] of calls.entries()) {
          const ended = await outcome;
          const code = ended.ok ? "ok" : ended.error.code;
          if (stopped) expect(code).toBe("STOPPED");
          // Made after the last stop, and covered by none.
          if (last[index] === true) expect(["ok", "IDEMPOTENCY_IN_FLIGHT", "OUTCOME_UNKNOWN"]).toContain(code);
        }
        for (const name of NAMES)
          expect((await settled(clock, registry.execute(name, {}, { principal: { id: "bob" } }))).ok).toBe(true);
        await registry.close();
      }),
      { numRuns: 150 },
    );
  });
});

async function settled(clock: ManualClock, outcome: Promise<Outcome>): Promise<Outcome> {
  await clock.advance(5_000);
  return outcome;
}
