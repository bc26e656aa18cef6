import { expect, it } from "vitest";
import { createRegistry } from "../index.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createReadiness } from "./readiness.ts";

function createCounted() {
  const clock = createManualClock();
  const registry = createRegistry<never>({ clock });
  let asked = 0;
  let answers = true;
  const counted = {
    ...registry,
    health: () => {
      asked++;
      return answers ? registry.health() : new Promise<never>(() => {});
    },
  };
  return { clock, registry: counted, asked: () => asked, hang: () => (answers = false) };
}

it("is ready when nothing is wrong, and asks the state no more often than is of use", async () => {
  const { clock, registry, asked } = createCounted();
  const readiness = createReadiness(registry, clock, () => false);
  for (let index = 0; index < 50; index++) expect(await readiness()).toEqual({ ready: true, reasons: [] });
  expect(asked()).toBe(1);
  await clock.advance(200);
  await readiness();
  expect(asked()).toBe(2);
});

it("says at once that it drains, and that all is stopped, without naming tools or tenants", async () => {
  const { clock, registry } = createCounted();
  let draining = false;
  const readiness = createReadiness(registry, clock, () => draining);
  await registry.stops.stop({ kind: "tenant", tenant: "acme" }, { reason: "drill" });
  expect(await readiness()).toEqual({
    ready: true,
    reasons: [{ what: "stopped", degraded: true, detail: "A tenant is stopped." }],
  });
  await registry.stops.stop({ kind: "all" }, { reason: "drill" });
  expect((await readiness()).ready).toBe(false);
  await registry.stops.resume({ kind: "all" });
  draining = true;
  expect((await readiness()).reasons.map(({ what }) => what)).toEqual(["draining", "stopped"]);
});

it("waits for a state that does not answer no longer than half a second, and stays ready", async () => {
  const { clock, registry, hang } = createCounted();
  hang();
  const answer = createReadiness(registry, clock, () => false)();
  await clock.advance(500);
  expect(await answer).toEqual({
    ready: true,
    reasons: [{ what: "state", degraded: true, detail: "The state does not answer." }],
  });
});
