// A registry over stores that are still being opened: its tools are read meanwhile, and whatever goes wrong, nothing is left open.
import { describe, expect, it } from "vitest";
import { defineTool, openRegistry } from "../../src/index.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { createMemoryState } from "../memory-stores.ts";

const clock = createManualClock();

function openStores(): { readonly stores: Stores; readonly closed: () => number } {
  const stores = createMemoryState(clock).open();
  let closed = 0;
  return {
    closed: () => closed,
    stores: {
      ...stores,
      async close() {
        closed++;
        await stores.close();
      },
    },
  };
}

const look = defineTool({
  name: "look",
  version: "1.0.0",
  description: "Looks.",
  effect: "read",
  access: { roles: ["USER"] },
  handler: () => "seen",
});

describe("openRegistry", () => {
  it("reads the tools before the stores are there, and not again", async () => {
    let reads = 0;
    const told = {
      get definition() {
        reads++;
        return look.definition;
      },
    } as typeof look;
    const { promise, resolve } = Promise.withResolvers<Stores>();
    const opening = openRegistry({ tools: [told], limits: [], clock, stores: promise });
    const before = reads;
    expect(before).toBeGreaterThan(0);
    const { stores, closed } = openStores();
    resolve(stores);
    const registry = await opening;
    expect(reads).toBe(before);
    expect(await registry.execute("look", {}, { principal: { id: "u" } })).toMatchObject({ ok: true, output: "seen" });
    await registry.close();
    expect(closed()).toBe(1);
  });

  it("rejects as opening the stores does", async () => {
    const failure = new Error("locked");
    await expect(openRegistry({ tools: [look], stores: Promise.reject(failure) })).rejects.toBe(failure);
  });

  it.each([
    [
      "tools that cannot be",
      { tools: [{ ...look, definition: { ...look.definition, name: "?" } }] },
      "INVALID_DEFINITION",
    ],
    ["tools that are none", { tools: [null] }, "INVALID_DEFINITION"],
    ["tools that are no list", { tools: 7 }, "INVALID_OPTION"],
    ["options that are not there", { toolz: [] }, "INVALID_OPTION"],
    ["options that cannot be", { newVersions: "soon" }, "INVALID_OPTION"],
  ])("closes the stores when it refuses %s", async (_what, options, code) => {
    for (const later of [true, false]) {
      const { stores, closed } = openStores();
      const given = { clock, ...options, stores: later ? Promise.resolve(stores) : stores };
      await expect(openRegistry(given as unknown as Parameters<typeof openRegistry>[0])).rejects.toMatchObject({
        code,
      });
      expect(closed()).toBe(1);
    }
  });

  it.each([undefined, null, 7, {}, Promise.resolve("stores")])("refuses %s for stores", async (stores) => {
    const given = { tools: [look], stores } as unknown as Parameters<typeof openRegistry>[0];
    await expect(openRegistry(given)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("what openSqliteStores or openPostgresStores resolves to"),
    });
  });
});
