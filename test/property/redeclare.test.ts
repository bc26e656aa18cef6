// Declarations and settings at random: after the last declaration a registry decides as one that is opened with it over what is stored.
import fc from "fast-check";
import { expect, it } from "vitest";
import { openRegistry } from "../../src/core/open-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { createMemoryState, type MemoryState } from "../memory-stores.ts";
import { carryOut, listAll, look, type Program, steps, TOOLS, toProgram } from "./settings-world.ts";

const turns = fc.array(fc.record({ set: steps, declare: steps }), { minLength: 1, maxLength: 4 });

/** Everything of a registry that can be asked, or the code it is refused with. */
async function outcomeOf(open: () => Promise<Registry>): Promise<unknown> {
  try {
    const registry = await open();
    const seen = [await look(registry), await listAll(registry)];
    await registry.close();
    return seen;
  } catch (error) {
    return { refused: (error as { readonly code: string }).code };
  }
}

async function redeclare(registry: Registry, program: Program): Promise<boolean> {
  try {
    await registry.redeclare(program);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:INVALID_OPTION|UNKNOWN_ROLE)$/) });
    return false;
  }
}

it("decides after another declaration as a registry that is opened with it", async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (all) => {
      const clock = createManualClock();
      const state: MemoryState = createMemoryState(clock);
      const open = (program: Program) => openRegistry({ stores: state.open(), tools: TOOLS, clock, ...program });
      let program: Program = { limits: [] };
      const registry = await open(program);
      for (const turn of all) {
        const next = await toProgram(turn.declare);
        await carryOut(registry, turn.set);
        const before = [await look(registry), await listAll(registry)];
        const fresh = await outcomeOf(() => open(next));
        const isTaken = await redeclare(registry, next);
        if (isTaken) program = next;
        const after = [await look(registry), await listAll(registry)];
        expect(after).toEqual(isTaken ? fresh : before);
        // What is refused could not be opened either.
        if (!isTaken) expect(fresh).toMatchObject({ refused: expect.any(String) });
        expect(await outcomeOf(() => open(program))).toEqual(after);
      }
      await registry.close();
    }),
    { numRuns: 60 },
  );
});
