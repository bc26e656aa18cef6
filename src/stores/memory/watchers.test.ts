import { describe, expect, test, vi } from "vitest";
import { Watchers } from "./watchers.ts";

describe("Watchers", () => {
  test("wakes those who watch the key, each time", () => {
    const watchers = new Watchers();
    const [first, second, other] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()];
    watchers.watch("k", first);
    watchers.wake("k");
    watchers.watch("k", second);
    watchers.watch("other", other);
    watchers.wake("k");
    expect([first, second, other].map(({ mock }) => mock.calls.length)).toEqual([2, 1, 0]);
  });

  test("keeps nothing of those who stopped", () => {
    const watchers = new Watchers();
    const stops = Array.from({ length: 1_000 }, (_, index) => watchers.watch(`k${index % 100}`, () => {}));
    expect(watchers.size).toBe(100);
    for (const stop of stops) stop();
    expect(watchers.size).toBe(0);
  });

  test("lets a stop that comes twice leave those alone who came later", () => {
    const watchers = new Watchers();
    const stop = watchers.watch("k", () => {});
    stop();
    const later = vi.fn<() => void>();
    watchers.watch("k", later);
    stop();
    watchers.wake("k");
    expect(later).toHaveBeenCalledOnce();
    expect(watchers.size).toBe(1);
  });

  test("wakes nobody twice who watches again as soon as he is woken", () => {
    const watchers = new Watchers();
    let calls = 0;
    const watchAgain = (): void => {
      calls++;
      stop();
      stop = watchers.watch("k", watchAgain);
    };
    let stop = watchers.watch("k", watchAgain);
    watchers.wake("k");
    expect(calls).toBe(1);
    watchers.wake("k");
    expect(calls).toBe(2);
    stop();
    expect(watchers.size).toBe(0);
  });

  test("does not wake one that another one stops while they are woken", () => {
    const watchers = new Watchers();
    const second = vi.fn<() => void>();
    let stopSecond = (): void => {};
    watchers.watch("k", () => stopSecond());
    stopSecond = watchers.watch("k", second);
    watchers.wake("k");
    expect(second).not.toHaveBeenCalled();
  });
});
