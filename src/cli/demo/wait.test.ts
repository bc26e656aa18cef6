import { expect, test } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { wait } from "./wait.ts";

test("waits as long as it is told to, and leaves no listener behind", async () => {
  const clock = createManualClock();
  const { signal } = new AbortController();
  let listeners = 0;
  signal.addEventListener = () => void listeners++;
  signal.removeEventListener = () => void listeners--;
  let over = false;
  const waiting = wait(clock, 100, signal).then(() => (over = true));
  await clock.advance(99);
  expect(over).toBe(false);
  await clock.advance(1);
  await waiting;
  expect(listeners).toBe(0);
});

test("ends with the reason of its signal, aborted now or before, and leaves no timer behind", async () => {
  const clock = createManualClock();
  const controller = new AbortController();
  const waiting = wait(clock, 100, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(wait(clock, 100, controller.signal)).rejects.toThrow("enough");
  expect(clock.pending).toBe(0);
});
