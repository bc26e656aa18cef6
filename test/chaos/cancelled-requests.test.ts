// The same with a real clock and real sockets: a call that is cancelled closes its connection, and the process is left with
// nothing that it did not have before.
import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import type { ToolContext } from "../../src/call/context.ts";
import { createRegistry } from "../../src/core/create-registry.ts";
import { createMemorySlotStore } from "../../src/stores/memory/slot-store.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import { createDraw } from "./draw.ts";
import { listenForRejections } from "./rejections.ts";
import { openUpstream } from "./upstream.ts";

const CALLS = 1_000;
const CALLERS = 25;
const TOOLS = ["plain", "cached", "keyed", "nested", "streamed"] as const;

/** What keeps the process alive now and did not do so `before`. */
function findNewResources(before: readonly string[]): readonly string[] {
  const known = [...before];
  return process.getActiveResourcesInfo().filter((kind) => {
    const index = known.indexOf(kind);
    if (index !== -1) known.splice(index, 1);
    return index === -1;
  });
}

/** Gives the event loop some turns for what is about to happen; whether it did is asked afterwards. */
async function untilOrLater(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !isSo(); turn++) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

it("calls that are cancelled leave no socket, timer or listener behind", async () => {
  const rejections = listenForRejections();
  const before = process.getActiveResourcesInfo();
  const draw = createDraw(1);
  const upstream = await openUpstream(draw);
  const slots = createMemorySlotStore();
  const ask = (_: unknown, { signal, callId }: ToolContext): Promise<string> => upstream.get(`/${callId}`, signal);
  const base = { version: "1.0.0", description: "Asks.", access: { roles: ["USER"] }, handler: ask } as const;
  const registry = createRegistry({
    slotStore: slots,
    limits: [],
    upstreams: { server: { bulkhead: { max: 10, queue: 10 } } },
    tools: [
      defineTool({ ...base, name: "plain", effect: "read", upstream: "server", retry: { baseMs: 5 } }),
      defineTool({ ...base, name: "cached", effect: "read", cache: { ttlMs: 5, staleWhileRevalidateMs: 20 } }),
      defineTool({ ...base, name: "keyed", effect: "write", honoursKeys: true, attemptTimeoutMs: 15 }),
      defineTool({
        ...base,
        name: "nested",
        effect: "read",
        handler: async (_, context) =>
          (await Promise.all(["plain", "cached"].map((name) => context.call(name, {})))).length,
      }),
      defineTool({
        ...base,
        name: "streamed",
        effect: "read",
        async *handler(_, context) {
          for (let part = 0; part < 3; part++) yield { type: "partial", value: await ask(_, context) };
          return 3;
        },
      }),
    ],
  });
  const signals: AbortSignal[] = [];
  const codes = new Map<string, number>();

  const callOnce = async (): Promise<void> => {
    const tool = draw.pick(TOOLS);
    const caller = new AbortController();
    signals.push(caller.signal);
    const timer = draw.chance(0.6) ? setTimeout(() => caller.abort(), draw.int(0, 25)) : undefined;
    const options = {
      principal: { id: "u1" },
      signal: caller.signal,
      ...(draw.chance(0.3) && { timeoutMs: draw.int(1, 25) }),
      ...(tool === "keyed" && { idempotencyKey: `k${draw.int(1, 20)}` }),
    };
    let events = tool === "streamed" ? draw.int(0, 3) : 9;
    for await (const event of registry.stream(tool, {}, options)) {
      if (event.type === "outcome") {
        const code = event.outcome.ok ? "ok" : event.outcome.error.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      if (events-- === 0) break;
    }
    clearTimeout(timer);
  };
  let calls = 0;
  const callAgain = async (): Promise<void> => {
    while (calls++ < CALLS) await callOnce();
  };
  await Promise.all(Array.from({ length: CALLERS }, callAgain));
  await registry.close();

  expect(signals.filter((signal) => getEventListeners(signal, "abort").length > 0)).toEqual([]);
  for (const code of ["ok", "CANCELLED", "TIMEOUT", "OUTCOME_UNKNOWN"]) expect(codes.get(code)).toBeGreaterThan(0);
  // A request that was cancelled ends, and with it its handler, some turns of the event loop later; and so do sockets.
  await untilOrLater(() => upstream.open === 0);
  expect(upstream.open).toBe(0);
  expect(slots.size).toBe(0);
  expect(await registry.health()).toMatchObject({ running: 0, bulkheads: [{ running: 0, waiting: 0 }] });
  await upstream.close();
  await untilOrLater(() => findNewResources(before).length === 0);
  expect(findNewResources(before)).toEqual([]);
  expect(rejections).toEqual([]);
});
