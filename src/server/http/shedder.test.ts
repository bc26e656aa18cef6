import fc from "fast-check";
import { expect, it } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createShedder } from "./shedder.ts";

/** A shedder whose turns end when the test says so. */
function createTurns(limit: number | null) {
  const clock = createManualClock();
  let end: (() => void) | null = null;
  const shedder = createShedder(
    () => limit,
    clock,
    (run) => (end = run),
  );
  const endTurn = (): void => {
    end?.();
    end = null;
  };
  return { clock, shedder, endTurn, isInTurn: () => end !== null };
}

it("lets in what comes up early in a turn, and turns the rest away", async () => {
  const { clock, shedder, endTurn } = createTurns(20);
  expect(shedder.admit()).toBe(true);
  await clock.advance(20);
  expect(shedder.admit()).toBe(true);
  await clock.advance(1);
  expect(shedder.admit()).toBe(false);
  endTurn();
  expect(shedder.admit()).toBe(true);
  expect(shedder.shed).toBe(1);
});

it("lets everything in without a limit, and asks for no turn", async () => {
  const { clock, shedder, isInTurn } = createTurns(null);
  for (let index = 0; index < 5; index++) {
    expect(shedder.admit()).toBe(true);
    await clock.advance(1_000);
  }
  expect(isInTurn()).toBe(false);
});

it("never refuses the first of a turn, nor what comes within the limit, whatever the order of work", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.nat(60), fc.constant("end" as const)), { maxLength: 60 }), async (steps) => {
      const { clock, shedder, endTurn } = createTurns(20);
      let sinceStart: number | null = null;
      for (const step of steps) {
        if (step === "end") {
          endTurn();
          sinceStart = null;
          continue;
        }
        const expected = sinceStart === null || sinceStart <= 20;
        expect(shedder.admit()).toBe(expected);
        sinceStart = (sinceStart ?? 0) + step;
        await clock.advance(step);
      }
    }),
  );
});
