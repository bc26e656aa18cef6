import { describe, expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { ToolProperties } from "../tool/definition.ts";
import { createRegistry } from "./create-registry.ts";
import type { RegistryOptions } from "./registry.ts";

const base = {
  version: "1.0.0",
  description: "For tests.",
  effect: "read",
  retry: false,
  access: { roles: ["USER"] },
} as const;
const user = { id: "u1" };
const crash = (): never => {
  throw new Error("x");
};
const never = (): Promise<never> => new Promise(() => {});

function define(name: string, run: () => unknown, more: Partial<ToolProperties> = {}) {
  return defineTool({ ...base, name, timeoutMs: 1_000, ...more, handler: run });
}

function open(tools: RegistryOptions["tools"], options: RegistryOptions = {}) {
  const clock = createManualClock();
  const registry = createRegistry({ tools: tools ?? [], clock, ...options });
  const call = (ref: string) => registry.execute(ref, {}, { principal: user });
  return { clock, registry, call };
}

describe("health", () => {
  it("is well where nothing can be ill", async () => {
    const { registry } = open([define("t", () => 1)]);
    expect(await registry.health()).toEqual({
      status: "ok",
      running: 0,
      audit: null,
      unknownOutcomes: 0,
      breakers: [],
      bulkheads: [],
    });
  });

  it("names every breaker and bulkhead, upstreams first, whether their tools were called or not", async () => {
    const { registry } = open(
      [
        define("b", () => 1, { breaker: { failures: 2 }, bulkhead: { max: 3 } }),
        define("b", () => 1, { version: "2.0.0", bulkhead: { max: 40, adaptive: true } }),
        define("a", () => 1, { breaker: {}, upstream: "crm" }),
      ],
      { upstreams: { crm: { breaker: {}, bulkhead: { max: 5 } }, erp: {} } },
    );
    const closed = { state: "closed", retryAfterMs: 0 };
    const idle = { running: 0, waiting: 0 };
    expect(await registry.health()).toEqual({
      status: "ok",
      running: 0,
      audit: null,
      unknownOutcomes: 0,
      breakers: [
        { scope: "upstream", name: "crm", version: null, ...closed },
        { scope: "tool", name: "a", version: "1.0.0", ...closed },
        { scope: "tool", name: "b", version: "1.0.0", ...closed },
      ],
      bulkheads: [
        { scope: "upstream", name: "crm", version: null, limit: 5, ...idle },
        { scope: "tool", name: "b", version: "2.0.0", limit: 20, ...idle },
        { scope: "tool", name: "b", version: "1.0.0", limit: 3, ...idle },
      ],
    });
  });

  it("is degraded until every breaker is closed again", async () => {
    let sick = true;
    const { registry, call, clock } = open([
      define("t", () => (sick ? crash() : 1), { breaker: { failures: 1, openMs: 1_000 } }),
    ]);
    await call("t");
    await clock.advance(400);
    expect(await registry.health()).toMatchObject({
      status: "degraded",
      breakers: [{ state: "open", retryAfterMs: 600 }],
    });
    await clock.advance(600);
    // Open until somebody comes, who may at once.
    expect(await registry.health()).toMatchObject({
      status: "degraded",
      breakers: [{ state: "open", retryAfterMs: 0 }],
    });
    sick = false;
    await call("t");
    expect(await registry.health()).toMatchObject({ status: "ok", breakers: [{ state: "closed" }] });
  });

  it("counts the calls under way and those whose effect nobody knows of", async () => {
    const { registry, call, clock } = open([
      define("w", never, { effect: "write" }),
      define("r", never, { bulkhead: { max: 1 } }),
    ]);
    const calls = [call("w"), call("r"), call("r")];
    await clock.advance(0);
    expect(await registry.health()).toMatchObject({
      status: "ok",
      running: 3,
      audit: null,
      unknownOutcomes: 0,
      bulkheads: [{ name: "r", running: 1, waiting: 1 }],
    });
    await clock.advance(1_000);
    await Promise.all(calls);
    expect(await registry.health()).toMatchObject({ status: "ok", running: 0, unknownOutcomes: 1 });
  });

  it("forgets a tool that is gone, with the state it had", async () => {
    const sick = define("t", crash, { breaker: { failures: 1 } });
    const { registry, call } = open([sick]);
    await call("t");
    expect((await registry.health()).status).toBe("degraded");
    await registry.unregister("t");
    expect(await registry.health()).toMatchObject({ status: "ok", breakers: [] });
    await registry.register(sick);
    expect(await registry.health()).toMatchObject({ status: "ok", breakers: [{ state: "closed" }] });
  });
});

describe("the state of a breaker", () => {
  it("is in the usage of a tool, the worst of its versions, and of each version", async () => {
    const { registry, call } = open([
      define("t", () => 1, { breaker: {} }),
      define("t", crash, { breaker: { failures: 1 }, version: "2.0.0" }),
      define("t", () => 1, { version: "3.0.0" }),
      define("u", () => 1),
    ]);
    for (const ref of ["t@1", "t@2", "t@3", "u"]) await call(ref);
    expect(registry.usage("t").breaker).toBe("open");
    expect(registry.usage("t@1.0.0").breaker).toBe("closed");
    expect(registry.usage("t@2.0.0").breaker).toBe("open");
    expect(registry.usage("t@3.0.0").breaker).toBeNull();
    expect(registry.usage("u").breaker).toBeNull();
    expect(registry.usage().map(({ tool, breaker }) => [tool, breaker])).toEqual([
      ["t", "open"],
      ["u", null],
    ]);
  });

  it("is the same object for readers as long as nothing changes", async () => {
    const { registry, call } = open([define("t", crash, { breaker: { failures: 1 } })]);
    const before = registry.get("t");
    expect(registry.get("t")).toBe(before);
    await call("t");
    expect(registry.get("t")).not.toBe(before);
    expect(registry.get("t")).toEqual({ ...before, breakerState: "open" });
    expect(registry.get("t")).toBe(registry.list()[0]);
  });
});
