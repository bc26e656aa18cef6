import { describe, expect, test } from "vitest";
import type { CallEvent } from "../call/event.ts";
import { createPrincipal } from "../call/principal.ts";
import { createRegistry } from "../core/create-registry.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { AnyTool } from "../tool/definition.ts";
import { publishTool } from "../tool/publish.ts";
import { createFaultInjector } from "./fault-injector.ts";
import type { FaultOptions } from "./fault-options.ts";
import { createManualClock } from "./manual-clock.ts";

const principal = createPrincipal({ id: "ann", roles: ["USER"] });
const base = { name: "orders.pay", version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;

/** A tool that counts its runs, and the same with faults. */
function createPay(options: Partial<FaultOptions>) {
  let runs = 0;
  const pay = defineTool({
    ...base,
    input: { type: "object", properties: { id: { type: "string" } } },
    handler: () => ({ paid: ++runs }),
  });
  const faults = createFaultInjector({ seed: 1, ...options });
  return { pay, faults, tool: faults.tool(pay), runs: () => runs };
}

function digestOf({ definition }: AnyTool): string {
  const published = publishTool(definition);
  if (!published.ok) throw new Error("the definition was refused");
  return published.tool.version.digest;
}

describe("tool", () => {
  test("is the same tool but for its handler", () => {
    const { pay, tool } = createPay({});
    expect(digestOf(tool)).toBe(digestOf(pay));
    expect({ ...tool.definition, handler: null }).toEqual({ ...pay.definition, handler: null });
    expect(tool.definition.handler).not.toBe(pay.definition.handler);
    expect(Object.isFrozen(tool) && Object.isFrozen(tool.definition)).toBe(true);
  });

  test("answers as the tool does when nothing strikes", async () => {
    const { tool, faults } = createPay({});
    const registry = createRegistry({ tools: [tool] });
    expect(await registry.execute(tool, {}, { principal })).toMatchObject({ ok: true, output: { paid: 1 } });
    expect(faults.counts.calls).toBe(1);
  });

  test("fails before the work, or after it", async () => {
    for (const [options, runs] of [
      [{ error: { rate: 1 } }, 0],
      [{ dropAfterCommit: { rate: 1 } }, 1],
    ] as const) {
      const pay = createPay(options);
      const registry = createRegistry({ tools: [pay.tool] });
      const causes: unknown[] = [];
      registry.on("tool.failed", ({ error }) => causes.push(error));
      expect(await registry.execute(pay.tool, {}, { principal })).toMatchObject({ ok: false });
      expect(causes).toMatchObject([{ code: runs === 0 ? "ECONNREFUSED" : "ECONNRESET" }]);
      expect(pay.runs()).toBe(runs);
    }
  });

  test("a hang ends with the call's deadline, and its slot comes back", async () => {
    const clock = createManualClock();
    const { tool, faults, runs } = createPay({ clock, hang: { rate: 1 } });
    const registry = createRegistry({ clock, tools: [tool], concurrency: [{ per: ["principal"], max: 1 }] });
    const hung = registry.execute(tool, {}, { principal, timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await hung).toMatchObject({ ok: false });
    expect(runs()).toBe(0);
    faults.enabled = false;
    expect(await registry.execute(tool, {}, { principal })).toMatchObject({ ok: true });
  });

  test("a late call waits by the clock of the test", async () => {
    const clock = createManualClock();
    const { tool, runs } = createPay({ clock, latency: { rate: 1, minMs: 500, maxMs: 500 } });
    const late = createRegistry({ clock, tools: [tool] }).execute(tool, {}, { principal });
    await clock.advance(499);
    expect(runs()).toBe(0);
    await clock.advance(1);
    expect(await late).toMatchObject({ ok: true });
  });

  test("leaves a definition without a handler for the registration to refuse", () => {
    const bad = createPay({}).faults.tool({ name: "a", version: "1.0.0", definition: { ...base } } as never);
    expect(() => createRegistry({ tools: [bad] })).toThrow("handler: is missing");
  });
});

describe("a tool whose handler is a generator", () => {
  function createSteps(options: Partial<FaultOptions>) {
    const seen: string[] = [];
    async function* steps() {
      try {
        seen.push("first");
        yield { type: "partial" as const, value: 1 };
        seen.push("second");
        yield { type: "partial" as const, value: 2 };
        return "output";
      } finally {
        seen.push("left");
      }
    }
    // Not a generator function itself: what it returns is one.
    const tool = defineTool({ ...base, handler: () => steps() });
    const faults = createFaultInjector({ seed: 1, ...options });
    return { seen, faults, tool: faults.tool(tool) };
  }

  async function stream(tool: AnyTool): Promise<readonly CallEvent[]> {
    const events: CallEvent[] = [];
    const registry = createRegistry({ tools: [tool] });
    for await (const event of registry.stream(tool.name, {}, { principal })) events.push(event);
    return events;
  }

  test("yields what it yields and returns what it returns", async () => {
    const { tool } = createSteps({});
    expect(await stream(tool)).toMatchObject([
      { type: "partial", value: 1 },
      { type: "partial", value: 2 },
      { type: "outcome", outcome: { ok: true, output: "output" } },
    ]);
  });

  test("fails before its first step", async () => {
    const { tool, seen } = createSteps({ error: { rate: 1 } });
    const events = await stream(tool);
    expect(events.at(-1)).toMatchObject({ type: "outcome", outcome: { ok: false } });
    expect(events.some(({ type }) => type === "partial")).toBe(false);
    expect(seen).toEqual([]);
  });

  test("loses its answer after its last step", async () => {
    const { tool, seen } = createSteps({ dropAfterCommit: { rate: 1 } });
    expect(await stream(tool)).toMatchObject([
      { type: "partial", value: 1 },
      { type: "partial", value: 2 },
      { type: "outcome", outcome: { ok: false } },
    ]);
    expect(seen).toEqual(["first", "second", "left"]);
  });

  test("is left when its reader leaves, and does not lose what it never answered", async () => {
    const { tool, faults, seen } = createSteps({ dropAfterCommit: { rate: 1 } });
    const steps = tool.definition.handler(undefined as never, {} as never) as AsyncGenerator;
    expect(await steps.next()).toEqual({ done: false, value: { type: "partial", value: 1 } });
    expect(await steps.return("gone")).toEqual({ done: true, value: "gone" });
    expect(seen).toEqual(["first", "left"]);
    expect(faults.counts).toMatchObject({ calls: 1, dropAfterCommit: 0 });
  });
});
