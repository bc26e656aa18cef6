// Sick tools keep to themselves: what they can take of everybody else is bounded, and comes back.
import { expect, it } from "vitest";
import type { Outcome } from "../../src/call/outcome.ts";
import type { BreakerChange } from "../../src/tool/resilience.ts";
import { type Clinic, HEALTHY, openClinic, SICK, WARD } from "./clinic.ts";
import { drive, untilQuiet } from "./drive.ts";
import { listenForRejections } from "./rejections.ts";

const CALLERS = 200;
const PRINCIPALS = 10;
const HOURS_MS = 6_000;

function open({ clock, visit }: Clinic): Promise<unknown> {
  const visits = Array.from({ length: CALLERS }, (_, caller) => visit(`u${caller % PRINCIPALS}`, HOURS_MS));
  return drive(clock, Promise.all(visits));
}

it("sick tools take nothing from healthy ones, and give everything back", { timeout: 120_000 }, async () => {
  const rejections = listenForRejections();
  const clinic = openClinic(1);
  const { clock, registry, slots, answers, most } = clinic;
  const changes: BreakerChange[] = [];
  registry.on("breaker.changed", (change) => changes.push(change));
  await open(clinic);

  // Every call is answered, and settled, once.
  expect(new Set(answers.map(({ outcome }) => outcome.meta.callId)).size).toBe(answers.length);
  expect([...clinic.settled.values()].filter((times) => times !== 1)).toEqual([]);
  expect(clinic.settled.size).toBe(answers.length);
  expect(answers.filter(({ condition, outcome }) => condition === "healthy" && !outcome.ok)).toEqual([]);

  // The others wait in a line of bounded length, or are told at once when to come again.
  for (const [name, { running, waiting }] of most) {
    const bound = name === "ward" ? WARD : name.startsWith("healthy") ? HEALTHY : SICK;
    expect(running, name).toBeLessThanOrEqual(bound.max);
    expect(waiting, name).toBeLessThanOrEqual(bound.queue);
  }
  expect(most.get("ward")).toEqual({ running: WARD.max, waiting: WARD.queue });
  expect(most.get("hanging-1")).toEqual({ running: SICK.max, waiting: SICK.queue });
  const sick = answers.filter(({ condition }) => condition !== "healthy");
  expect(sick.map(({ outcome }) => toShed(outcome)).filter((shed) => shed === "wrong")).toEqual([]);
  expect(new Set(sick.map(({ outcome }) => toShed(outcome)))).toEqual(new Set(["OVERLOADED", "BREAKER_OPEN", null]));
  expect(changes.filter(({ name, state }) => name.startsWith("flapping") && state === "closed")).not.toEqual([]);

  // Handlers that hang hold what they stand for, and nothing else is held.
  const { running, bulkheads } = await registry.health();
  expect(running).toBe(0);
  expect(bulkheads.filter((bulkhead) => bulkhead.waiting > 0)).toEqual([]);
  expect(slots.size).toBeGreaterThan(0);
  clinic.letGo();
  await untilQuiet();
  expect(slots.size).toBe(0);
  const health = await registry.health();
  expect(health.bulkheads.filter((bulkhead) => bulkhead.running > 0)).toEqual([]);
  // Of those that wrote it is known now that they did.
  expect(health.unknownOutcomes).toBe(answers.filter(isLost).length);
  expect(clock.pending).toBe(0);
  expect(rejections).toEqual([]);
  checkMetering(clinic);
});

it("without breakers and bulkheads the healthy ones go down with them", { timeout: 120_000 }, async () => {
  const clinic = openClinic(1, { guarded: false });
  await open(clinic);
  const turnedAway = clinic.answers.filter(({ condition, outcome }) => condition === "healthy" && !outcome.ok);
  expect(turnedAway).not.toEqual([]);
  clinic.letGo();
  await untilQuiet();
  expect(clinic.slots.size).toBe(0);
});

/** With what a call was turned away, "wrong" when it was not told when to come again; null when it was not. */
function toShed(outcome: Outcome): string | null {
  if (outcome.ok || outcome.meta.attempts > 0) return null;
  const { code, retryAfterMs } = outcome.error;
  if (code === "TIMEOUT") return null;
  return (code === "OVERLOADED" || code === "BREAKER_OPEN") && (retryAfterMs ?? 0) > 0 ? code : "wrong";
}

/** Of a tool that flaps, and whose connection broke: nobody will ever know. */
function isLost({ condition, outcome }: Clinic["answers"][number]): boolean {
  return condition === "flapping" && !outcome.ok && outcome.error.effect === "unknown";
}

function checkMetering({ registry, answers }: Clinic): void {
  const usage = registry.usage();
  expect(usage.reduce((sum, { calls }) => sum + calls, 0)).toBe(answers.length);
  for (const { tool, calls, succeeded, failed, refused, errors } of usage) {
    const own = answers.filter((answer) => answer.tool === tool).map(({ outcome }) => outcome);
    const bad = own.flatMap((outcome) => (outcome.ok ? [] : [outcome]));
    const codes = Map.groupBy(bad, ({ error }) => error.code);
    expect({ calls, succeeded, failed, refused, errors: { ...errors } }, tool).toEqual({
      calls: own.length,
      succeeded: own.length - bad.length,
      failed: bad.filter(({ meta }) => meta.attempts > 0).length,
      refused: bad.filter(({ meta }) => meta.attempts === 0).length,
      errors: Object.fromEntries([...codes].map(([code, outcomes]) => [code, outcomes.length])),
    });
  }
}
