import { expect, test } from "vitest";
import type { KeyUse } from "../ports/key-store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createLastUses } from "./last-uses.ts";

function open(touch: (uses: readonly KeyUse[]) => Promise<void> = () => Promise.resolve()) {
  const clock = createManualClock(Date.UTC(2026, 0, 1, 12, 0, 30));
  const written: (readonly KeyUse[])[] = [];
  const reported: unknown[] = [];
  const store = {
    async touch(uses: readonly KeyUse[]) {
      await touch(uses);
      written.push(uses);
    },
  };
  const report = (error: unknown): void => void reported.push(error);
  return { clock, written, reported, uses: createLastUses({ store, clock, everyMs: 10_000, report }) };
}

const NOON = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

test("writes uses together, to the minute, and nothing while a caller waits", async () => {
  const { clock, written, uses } = open();
  uses.note("a", null);
  uses.note("b", NOON - MINUTE);
  uses.note("a", null);
  expect(written).toEqual([]);
  await clock.advance(9_999);
  expect(written).toEqual([]);
  await clock.advance(1);
  expect(written).toEqual([
    [
      { id: "a", at: NOON },
      { id: "b", at: NOON },
    ],
  ]);
});

test("writes a key once a minute, however often it is used, and not what is known", async () => {
  const { clock, written, uses } = open();
  uses.note("known", NOON);
  for (let second = 0; second < 90; second++) {
    uses.note("a", null);
    await clock.advance(1_000);
  }
  await uses.flush();
  expect(written).toEqual([[{ id: "a", at: NOON }], [{ id: "a", at: NOON + MINUTE }]]);
});

test("writes nothing earlier when the clock of the machine is set back", async () => {
  const { clock, written, uses } = open();
  uses.note("a", null);
  clock.stepWall(-5 * MINUTE);
  uses.note("a", null);
  await uses.flush();
  expect(written).toEqual([[{ id: "a", at: NOON }]]);
});

test("tries again with the next what could not be written, and reports it", async () => {
  let fails = true;
  const { clock, written, reported, uses } = open(() =>
    fails ? Promise.reject(new Error("full")) : Promise.resolve(),
  );
  uses.note("a", null);
  await clock.advance(10_000);
  expect([written.length, reported.length]).toEqual([0, 1]);
  fails = false;
  await clock.advance(10_000);
  expect(written).toEqual([[{ id: "a", at: NOON }]]);
});

test("writes many in batches", async () => {
  const { written, uses } = open();
  for (let index = 0; index < 2_500; index++) uses.note(`k${index}`, null);
  await uses.flush();
  expect(written.map((batch) => batch.length)).toEqual([1_000, 1_000, 500]);
});

test("leaves no timer behind when it is closed, and writes what waits", async () => {
  const { clock, written, uses } = open();
  uses.note("a", null);
  await uses.close();
  uses.note("b", null);
  expect(written).toEqual([[{ id: "a", at: NOON }]]);
  expect(clock.pending).toBe(0);
});
