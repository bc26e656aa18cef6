// Settings, whatever is set: what a registry has taken is there after a restart and decides as before, and it comes to what one registry of
// configuration and settings together would decide, in which the configuration stands above.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../../src/core/create-registry.ts";
import { openRegistry } from "../../src/core/open-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import { toSettingId } from "../../src/core/settings/setting-rules.ts";
import type { Setting } from "../../src/ports/setting-store.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { createMemoryState } from "../memory-stores.ts";
import {
  carryOut,
  KINDS,
  listAll,
  look,
  PEOPLE,
  type Program,
  steps,
  TOOLS,
  toProgram,
  withSettings,
} from "./settings-world.ts";

describe("settings", () => {
  it("opens again with whatever it has taken, and decides as before", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const clock = createManualClock();
        const state = createMemoryState(clock);
        const open = () => openRegistry({ stores: state.open(), tools: TOOLS, clock, limits: [] });
        const registry = await open();
        await carryOut(registry, all);
        const before = [await look(registry), await listAll(registry)];
        await registry.close();
        const again = await open();
        expect([await look(again), await listAll(again)]).toEqual(before);
        await again.close();
      }),
      { numRuns: 150 },
    );
  });

  it("comes to what the configuration and, beside it, the settings of other ids say together", async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, async (declared, all) => {
        const clock = createManualClock();
        const state = createMemoryState(clock);
        // What is stored comes from before the program declared anything.
        const earlier = await openRegistry({ stores: state.open(), tools: TOOLS, clock, limits: [] });
        await carryOut(earlier, all);
        await earlier.close();
        const program = await toProgram(declared);
        const stored = await readStored(state.settings);
        let registry: Registry;
        try {
          registry = await openRegistry({ stores: state.open(), tools: TOOLS, clock, ...program });
        } catch (error) {
          // The two together may not be possible: roles in a circle, an override of what others share now.
          expect(error).toMatchObject({ code: expect.stringMatching(/^(?:INVALID_OPTION|UNKNOWN_ROLE)$/) });
          return;
        }
        const together = withSettings(program, stored);
        const model = createRegistry({ tools: TOOLS, clock, ...together.program });
        for (const { id, body: said } of together.permissions)
          await model.permissions.set(id, (said as { readonly roles: readonly string[] }).roles);
        expect(await look(registry)).toEqual(await look(model));
        await expectDeclaredToHold(registry, program);
        await registry.close();
      }),
      { numRuns: 150 },
    );
  });
});

async function readStored(store: ReturnType<typeof createMemoryState>["settings"]): Promise<readonly Setting[]> {
  const pages = await Promise.all(KINDS.map(async (kind) => store.page(kind, null, 1_000)));
  return pages.flat();
}

/** No setting changes what the program says: not by its id, and a deny of it keeps out whomever it names. */
async function expectDeclaredToHold(registry: Registry, { roles: own = {}, grants = [], principals = [] }: Program) {
  for (const id of Object.keys(own)) await expectRefused(registry.settings.set("role", id, {}));
  for (const grant of grants) {
    expect(registry.grants.list()).toContainEqual(expect.objectContaining(grant));
    await expectRefused(registry.settings.set("grant", grant.name ?? "", { tools: ["*"] }));
    if (grant.effect !== "deny" || grant.roles !== undefined) continue;
    for (const principal of PEOPLE.filter(({ id }) => grant.principals?.includes(id) ?? true))
      expect(registry.permissions.check(principal, "orders.get")).toBe(false);
  }
  for (const { id, tenant = "", disabled } of principals) {
    await expectRefused(registry.settings.set("principal", toSettingId(tenant, id), { roles: ["ADMIN"] }));
    if (disabled !== true) continue;
    const outcome = await registry.execute("orders.get", {}, { principal: { id, tenant, roles: ["ADMIN"] } });
    expect(outcome).toMatchObject({ ok: false, error: { code: "UNAUTHENTICATED" } });
  }
}

async function expectRefused(act: Promise<unknown>): Promise<void> {
  await expect(act).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringContaining("declared by the program"),
  });
}
