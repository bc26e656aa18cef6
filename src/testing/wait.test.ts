import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { createManualClock } from "./manual-clock.ts";
import { findSignal, waitFor, waitForever } from "./wait.ts";

const reason = new Error("left");

describe("waitFor", () => {
  test("resolves after its time and leaves no listener", async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    let over = false;
    const waiting = waitFor(clock, 50, signal).then(() => (over = true));
    await clock.advance(49);
    expect(over).toBe(false);
    await clock.advance(1);
    await waiting;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("ends with its signal and leaves neither timer nor listener", async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    const waiting = waitFor(clock, 50, controller.signal);
    expect(clock.pending).toBe(1);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("does not begin when its signal is aborted", async () => {
    const clock = createManualClock();
    await expect(waitFor(clock, 50, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });
});

describe("waitForever", () => {
  test("ends with its signal alone and leaves no listener", async () => {
    const controller = new AbortController();
    const waiting = waitForever(controller.signal);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    await expect(waitForever(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("findSignal", () => {
  const { signal } = new AbortController();

  test.each([
    ["an argument", [1, signal], signal],
    ["the signal of an argument", ["url", null, { signal }], signal],
    [
      "no signal",
      [{ signal: "red" }, null, undefined, "signal", { signal: null }, { signal: { aborted: "no" } }],
      null,
    ],
    ["nothing", [], null],
  ])("finds %s", (_, args, found) => {
    expect(findSignal(args)).toBe(found);
  });

  test("finds a signal of another realm's class", () => {
    const foreign = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} };
    expect(findSignal([{ signal: foreign }])).toBe(foreign);
  });
});
