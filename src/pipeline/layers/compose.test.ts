import { describe, expect, it } from "vitest";
import { createRegistry } from "../../core/create-registry.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { ToolProperties } from "../../tool/definition.ts";
import { publishTool } from "../../tool/publish.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";
import type { Environment } from "../environment.ts";
import { createToolStates } from "../tool-state.ts";
import { composeAttempt } from "./compose.ts";
import { runHandler } from "./run-handler.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };
const crash = (): never => {
  throw new Error("x");
};
const never = (): Promise<never> => new Promise(() => {});

function publish(more: Partial<ToolProperties>): PublishedTool {
  const result = publishTool(defineTool({ ...base, name: "t", ...more, handler: () => 1 }).definition);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.tool;
}

/** As much of an environment as composing needs. */
function toEnvironment(repeats: number): Environment {
  const upstream = {
    breaker: { kind: "consecutive", failures: 1, openMs: 1, maxOpenMs: 1, probes: 1 },
    bulkhead: null,
  } as const;
  const states = createToolStates(new Map([["crm", upstream]]), createManualClock(), () => {});
  return { states, retry: { repeats, baseMs: 1, capMs: 1 } } as Partial<Environment> as Environment;
}

describe("the onion around a handler", () => {
  it.each<[Partial<ToolProperties>, number, boolean]>([
    [{ effect: "write" }, 3, true],
    [{}, 3, true],
    [{ effect: "read" }, 0, true],
    [{ effect: "read", retry: false }, 3, true],
    [{ effect: "read" }, 3, false],
    [{ effect: "write", idempotent: true }, 3, false],
    [{ effect: "write", honoursKeys: true }, 3, false],
    [{ effect: "write", breaker: {} }, 0, false],
    [{ effect: "write", bulkhead: { max: 1 } }, 0, false],
    [{ effect: "write", upstream: "crm" }, 0, false],
    [{ effect: "read", cache: { ttlMs: 1 } }, 0, false],
  ])("is the handler alone when no concern is there: %j, %d repeats: %s", (more, repeats, isBare) => {
    expect(composeAttempt(publish(more), toEnvironment(repeats)) === runHandler).toBe(isBare);
  });

  it("has the cache outside of everything, the fallback outside of the rest", async () => {
    const clock = createManualClock();
    let sick = false;
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "read",
      input: { type: "object", properties: { n: { type: "integer" } } },
      cache: { ttlMs: 60_000, staleIfErrorMs: 60_000 },
      fallback: { value: "stand-in" },
      retry: { repeats: 2 },
      breaker: { failures: 3, openMs: 60_000 },
      handler: () => (sick ? crash() : "own"),
    });
    const registry = createRegistry({ tools: [tool], clock });
    const call = async (n: number) => {
      const outcome = registry.execute("t", { n }, { principal: user });
      await clock.advance(1_000);
      return outcome;
    };
    expect(await call(1)).toMatchObject({ output: "own" });
    sick = true;
    // The fallback stands in for all three attempts; each of them was a verdict, and the third opens the breaker.
    expect(await call(2)).toMatchObject({ output: "stand-in", meta: { attempts: 3 } });
    expect(registry.get("t")).toMatchObject({ breakerState: "open" });
    expect(await call(2)).toMatchObject({
      output: "stand-in",
      meta: { attempts: 0, degraded: { code: "BREAKER_OPEN" } },
    });
    expect(await call(1)).toMatchObject({ output: "own", meta: { cached: "fresh", degraded: null } });
  });

  it("has the breaker outside of the bulkhead: what is refused waits for nothing", async () => {
    const clock = createManualClock();
    const runs: (() => unknown)[] = [never, crash];
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "read",
      retry: false,
      breaker: { failures: 1 },
      bulkhead: { max: 2, queue: 5 },
      timeoutMs: 1_000,
      handler: () => runs.shift()?.(),
    });
    const registry = createRegistry({ tools: [tool], clock });
    const hanging = registry.execute("t", {}, { principal: user });
    await registry.execute("t", {}, { principal: user });
    expect(await registry.execute("t", {}, { principal: user })).toMatchObject({ error: { code: "BREAKER_OPEN" } });
    expect((await registry.health()).bulkheads).toMatchObject([{ running: 1, waiting: 0 }]);
    await clock.advance(1_000);
    await hanging;
  });

  it("has a tool's own breaker and bulkhead outside of those of its upstream", async () => {
    const clock = createManualClock();
    const handler = (): unknown => never();
    const policies = { breaker: { failures: 1 }, bulkhead: { max: 1, queue: 0 }, upstream: "crm" } as const;
    const tools = [
      defineTool({ ...base, name: "t", effect: "read", timeoutMs: 1_000, ...policies, handler }),
      defineTool({ ...base, name: "u", effect: "read", timeoutMs: 1_000, upstream: "crm", handler }),
    ];
    const upstreams = { crm: { breaker: { failures: 1 }, bulkhead: { max: 1, queue: 1 } } };
    const registry = createRegistry({ tools, clock, retry: false, upstreams });
    const call = (ref: string) => registry.execute(ref, {}, { principal: user });
    const calls = [call("u"), call("t")];
    await clock.advance(0);
    // Waiting for its upstream, `t` holds the only slot of its own.
    expect((await registry.health()).bulkheads).toMatchObject([
      { name: "crm", running: 1, waiting: 1 },
      { name: "t", running: 1, waiting: 0 },
    ]);
    expect(await call("t")).toMatchObject({
      error: { code: "OVERLOADED", message: expect.stringMatching(/^t is busy/) as string },
    });
    await clock.advance(1_000);
    await Promise.all(calls);
    // What the upstream's breaker refuses is no failure of the tool.
    expect(await call("t")).toMatchObject({
      error: { code: "BREAKER_OPEN", message: expect.stringMatching(/^crm/) as string },
    });
    expect((await registry.health()).breakers).toMatchObject([
      { name: "crm", state: "open" },
      { name: "t", state: "closed" },
    ]);
  });
});
