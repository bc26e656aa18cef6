// Stops outlive the process that made them, and hold in every process over the same state.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { defineTool, openRegistry, type Registry } from "../../src/index.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";

const tool = defineTool({
  name: "orders.get",
  version: "1.0.0",
  description: "d",
  effect: "read",
  access: { roles: ["USER"] },
  handler: () => "done",
});
const principal = { id: "ann" };
const ALL = { kind: "all" } as const;

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "toolyard-stops-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

async function open() {
  const clock = createManualClock();
  const registry = await openRegistry({ stores: openSqliteStores({ dir }), tools: [tool], clock, limits: [] });
  return { registry, clock };
}

const codeOf = async (registry: Registry): Promise<string> => {
  const outcome = await registry.execute("orders.get", {}, { principal });
  return outcome.ok ? "ok" : outcome.error.code;
};

test("a stop made in one process is refused in another within a second, and so is its end", async () => {
  const one = await open();
  const other = await open();
  await one.registry.stops.stop(ALL, { reason: "INC-7", principal: { id: "op", tenant: "ops" } });
  expect([await codeOf(one.registry), await codeOf(other.registry)]).toEqual(["STOPPED", "ok"]);
  // Less than a second of its clock; the file is read in time of its own.
  await other.clock.advance(999);
  await vi.waitFor(async () => expect(await codeOf(other.registry)).toBe("STOPPED"), 5_000);
  expect(other.registry.stops.list()).toMatchObject([{ scope: ALL, by: "ops/op", reason: "INC-7" }]);
  await other.registry.stops.resume(ALL, { reason: "Solved." });
  expect(await codeOf(other.registry)).toBe("ok");
  await one.clock.advance(999);
  await vi.waitFor(async () => expect(await codeOf(one.registry)).toBe("ok"), 5_000);
  await one.registry.close();
  await other.registry.close();
  expect([one.clock.pending, other.clock.pending]).toEqual([0, 0]);
});

test("a stop stands after a restart, before the first call", async () => {
  const first = await open();
  await first.registry.stops.stop({ kind: "tool", name: "orders.get" }, { reason: "INC-7" });
  await first.registry.close();
  const { registry } = await open();
  expect(await codeOf(registry)).toBe("STOPPED");
  expect(registry.stops.list()).toMatchObject([{ scope: { kind: "tool", name: "orders.get" }, reason: "INC-7" }]);
  await registry.close();
});
