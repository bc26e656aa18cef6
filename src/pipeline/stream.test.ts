import { describe, expect, it } from "vitest";
import type { CallEvent } from "../call/event.ts";
import { createRegistry } from "../core/create-registry.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { defineTool } from "../tool/define-tool.ts";

const base = { version: "1.0.0", description: "For tests.", effect: "read" } as const;

async function collect(events: AsyncIterable<CallEvent>): Promise<CallEvent[]> {
  const all: CallEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe("stream", () => {
  it("yields progress and partials in order, and the outcome last", async () => {
    const count = defineTool({
      ...base,
      name: "count",
      async *handler(_, { progress }) {
        progress({ fraction: 0.1 });
        yield { type: "partial", value: 1 };
        yield { type: "progress", fraction: 0.9, message: "nearly" };
        yield { type: "partial", value: 2 };
        return 3;
      },
    });
    const registry = createRegistry({ tools: [count] });
    const events = await collect(registry.stream(count, {}));
    expect(events.slice(0, -1)).toEqual([
      { type: "progress", fraction: 0.1 },
      { type: "partial", value: 1 },
      { type: "progress", fraction: 0.9, message: "nearly" },
      { type: "partial", value: 2 },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "outcome", outcome: { ok: true, output: 3 } });
  });

  it("drains a generator for a caller that only wants the outcome", async () => {
    const tool = defineTool({
      ...base,
      name: "t",
      async *handler() {
        yield { type: "partial", value: 1 } as const;
        return "done";
      },
    });
    expect(await createRegistry({ tools: [tool] }).execute(tool, {})).toMatchObject({ ok: true, output: "done" });
  });

  it("yields a refusal as its only event", async () => {
    const registry = createRegistry();
    expect(await collect(registry.stream("none", {}))).toMatchObject([
      { type: "outcome", outcome: { ok: false, error: { code: "UNKNOWN_TOOL" } } },
    ]);
  });

  it("fails a generator that yields something else", async () => {
    const tool = defineTool({
      ...base,
      name: "t",
      async *handler() {
        yield "text" as never;
        return 1;
      },
    });
    const [event] = await collect(createRegistry({ tools: [tool] }).stream(tool, {}));
    expect(event).toMatchObject({ outcome: { error: { code: "TOOL_FAILED" } } });
  });

  it("cancels the handler and runs its finally when the reader leaves", async () => {
    const seen: string[] = [];
    const tool = defineTool({
      ...base,
      name: "t",
      async *handler(_, { signal }) {
        signal.addEventListener("abort", () => seen.push("aborted"));
        try {
          for (let value = 0; ; value++) yield { type: "partial", value } as const;
        } finally {
          seen.push("finally");
        }
      },
    });
    const registry = createRegistry({ tools: [tool] });
    for await (const event of registry.stream(tool, {})) {
      if (event.type === "partial" && event.value === 3) break;
    }
    await registry.close();
    expect(seen.sort()).toEqual(["aborted", "finally"]);
  });

  it("makes a fast generator wait for a slow reader, so that memory stays bounded", async () => {
    let produced = 0;
    const tool = defineTool({
      ...base,
      name: "t",
      async *handler() {
        for (; produced < 10_000; produced++) yield { type: "partial", value: produced } as const;
        return produced;
      },
    });
    const clock = createManualClock();
    const registry = createRegistry({ tools: [tool], clock });
    const events = registry.stream(tool, {});
    await events.next();
    for (let turn = 0; turn < 1_000; turn++) await Promise.resolve();
    expect(produced).toBeLessThan(200);
    await events.return();
  });

  it("drops progress that finds no room rather than hold the handler", async () => {
    const tool = defineTool({
      ...base,
      name: "t",
      handler: (_, { progress }) => {
        for (let step = 0; step < 10_000; step++) progress({ fraction: step / 10_000 });
        return 1;
      },
    });
    const events = await collect(createRegistry({ tools: [tool] }).stream(tool, {}));
    expect(events.length).toBeLessThan(200);
    expect(events.at(-1)).toMatchObject({ type: "outcome", outcome: { ok: true } });
  });
});
