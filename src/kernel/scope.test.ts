import { describe, expect, it } from "vitest";
import { createScope } from "./scope.ts";

describe("createScope", () => {
  it("aborts a signal that was read before, and one that is read after", () => {
    const early = createScope();
    const { signal } = early;
    early.cancel("why");
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe("why");
    const late = createScope();
    late.cancel("why");
    expect(late.signal.aborted).toBe(true);
    expect(late.signal.reason).toBe("why");
    expect(late.signal).toBe(late.signal);
  });

  it("runs each listener once, in order, and keeps the first reason", () => {
    const scope = createScope();
    const seen: unknown[] = [];
    scope.onCancel((reason) => seen.push(["a", reason]));
    scope.onCancel((reason) => seen.push(["b", reason]));
    scope.cancel(1);
    scope.cancel(2);
    expect(seen).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(scope.reason).toBe(1);
  });

  it("runs a listener that comes too late at once, and none that left", () => {
    const scope = createScope();
    const seen: string[] = [];
    const leave = scope.onCancel(() => seen.push("left"));
    leave();
    scope.cancel("x");
    scope.onCancel(() => seen.push("late"));
    expect(seen).toEqual(["late"]);
  });
});
