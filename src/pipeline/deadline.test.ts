import { expect, it } from "vitest";
import { createScope } from "../kernel/scope.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { beginCall, type Request } from "./call.ts";
import { INTERRUPTED, withinDeadline } from "./deadline.ts";

const REQUEST = { parent: null } as Request;

it("does not end a call before its deadline although the timer fires early", async () => {
  const clock = createManualClock();
  const early = { ...clock, setTimer: (ms: number, run: () => void) => clock.setTimer(ms * 0.9, run) };
  const call = beginCall("c", REQUEST, createScope(), 0);
  call.deadlineAt = 100;
  const race = withinDeadline(call, early, new Promise(() => {})).catch((error: unknown) => error);
  await clock.advance(99);
  expect(call.scope.cancelled).toBe(false);
  await clock.advance(1.5);
  expect(await race).toBe(INTERRUPTED);
  expect(call.timedOut).toBe(true);
  expect(clock.pending).toBe(0);
});
