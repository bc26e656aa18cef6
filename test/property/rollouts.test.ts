// Who gets a canary: the same principals as long as it stands, more of them when its weight is raised, and about as many as it says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import { toPlace } from "../../src/registry/rollout.ts";
import { defineTool } from "../../src/tool/define-tool.ts";

const base = { description: "For tests.", effect: "read", access: { roles: ["GUEST"] } } as const;
const percent = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true }));
const who = fc.record({
  id: fc.oneof(
    fc.integer({ min: 0, max: 1_000_000 }).map((n) => `user-${n}`),
    fc.uuid(),
    fc.emailAddress(),
  ),
  tenant: fc.constantFrom("default", "acme", "globex"),
});

async function open(name = "orders.get"): Promise<Registry> {
  const registry = createRegistry({
    limits: [],
    tools: [defineTool({ ...base, name, version: "1.0.0", handler: () => "old" })],
  });
  await registry.publish([defineTool({ ...base, name, version: "1.1.0", handler: () => "new" })], { staged: true });
  return registry;
}

async function answersOf(registry: Registry, people: readonly { id: string; tenant: string }[]) {
  const outcomes = await Promise.all(people.map((principal) => registry.execute("orders.get", {}, { principal })));
  return outcomes.map((outcome) => outcome.meta.version);
}

describe("a canary", () => {
  it("answers the same principal by the same version while it stands, whatever changes around it", async () => {
    await fc.assert(
      fc.asyncProperty(percent, fc.array(who, { minLength: 1, maxLength: 20 }), async (weight, people) => {
        const registry = await open();
        await registry.rollouts.start("orders.get@1.1.0", { percent: weight });
        const first = await answersOf(registry, people);
        await registry.register(defineTool({ ...base, name: "other", version: "1.0.0", handler: () => 1 }));
        await registry.permissions.set("orders.get", ["GUEST"]);
        await registry.channels.set("orders.get", "beta", "1.0.0");
        const roles = people.map((person) => ({ ...person, roles: ["USER"], ip: "192.0.2.1" }));
        expect(await answersOf(registry, roles)).toEqual(first);
        expect(people.map((principal) => registry.get("orders.get", { principal })?.version)).toEqual(first);
      }),
      { numRuns: 50 },
    );
  });

  it("only gains principals when its weight is raised, and only loses them when it is lowered", async () => {
    await fc.assert(
      fc.asyncProperty(percent, percent, fc.array(who, { minLength: 1, maxLength: 30 }), async (one, other, people) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        const registry = await open();
        await registry.rollouts.start("orders.get@1.1.0", { percent: low });
        const few = await answersOf(registry, people);
        await registry.rollouts.start("orders.get@1.1.0", { percent: high });
        const many = await answersOf(registry, people);
        for (const [index, version] of few.entries()) {
          if (version === "1.1.0") expect(many[index]).toBe("1.1.0");
        }
        await registry.rollouts.start("orders.get@1.1.0", { percent: low });
        expect(await answersOf(registry, people)).toEqual(few);
      }),
      { numRuns: 50 },
    );
  });

  it("answers nobody at 0 and everybody at 100, and whoever is named at any weight", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(who, { minLength: 2, maxLength: 10, selector: ({ id }) => id }),
        async (people) => {
          const registry = await open();
          await registry.rollouts.start("orders.get@1.1.0", { percent: 0 });
          expect(new Set(await answersOf(registry, people))).toEqual(new Set(["1.0.0"]));
          await registry.rollouts.start("orders.get@1.1.0", { percent: 100 });
          expect(new Set(await answersOf(registry, people))).toEqual(new Set(["1.1.0"]));
          const [named] = people;
          await registry.rollouts.start("orders.get@1.1.0", { principals: named === undefined ? [] : [named] });
          expect(await answersOf(registry, people)).toEqual(people.map((one) => (one === named ? "1.1.0" : "1.0.0")));
          await registry.rollouts.rollback("orders.get");
          expect(new Set(await answersOf(registry, people))).toEqual(new Set(["1.0.0"]));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("draws about as many as its weight says, also of ids that are numbered, and others for another tool, tenant or salt", () => {
    const places = (salt: string, tool: string, tenant: string): readonly number[] =>
      Array.from({ length: 20_000 }, (_, index) => toPlace(salt, tool, { tenant, id: `user-${index}` }));
    const reference = places("1.1.0", "orders.get", "acme");
    for (const list of [reference, places("1.2.0", "a", "default"), places("x", "orders.refund", "t2")]) {
      for (const weight of [0.01, 0.05, 0.25, 0.5, 0.9]) {
        const share = list.filter((place) => place < weight).length / list.length;
        // Five standard deviations: a fair draw is beyond once in two million.
        expect(Math.abs(share - weight)).toBeLessThan(5 * Math.sqrt((weight * (1 - weight)) / list.length));
      }
    }
    for (const other of [
      places("1.1.1", "orders.get", "acme"),
      places("1.1.0", "orders.gets", "acme"),
      places("1.1.0", "orders.get", "acmf"),
    ]) {
      const both = reference.filter((place, index) => place < 0.5 && (other[index] ?? 1) < 0.5).length;
      expect(Math.abs(both / reference.length - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / reference.length));
    }
  });
});
