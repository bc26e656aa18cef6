import { describe, expect, test } from "vitest";
import { createFaultInjector } from "./fault-injector.ts";

class Counter {
  step = 1;
  readonly #by = new Map<string, number>();
  #limit = 9;

  get size(): number {
    return this.#by.size;
  }
  get limit(): number {
    return this.#limit;
  }
  set limit(limit: number) {
    this.#limit = limit;
  }
  add(key: string): number {
    const count = (this.#by.get(key) ?? 0) + this.step;
    this.#by.set(key, count);
    return count;
  }
  async read(key: string): Promise<number> {
    return this.#by.get(key) ?? 0;
  }
}

const failing = (): ReturnType<typeof createFaultInjector> =>
  createFaultInjector({ seed: 1, error: { rate: 1, make: () => new Error("injected") } });

describe("wrapMethods", () => {
  test("gives the named methods faults and leaves the others as they are", async () => {
    const counter = new Counter();
    const view = failing().wrapMethods(counter, ["read"]);
    expect(view.add("a")).toBe(1);
    await expect(view.read("a")).rejects.toThrow("injected");
    expect(await counter.read("a")).toBe(1);
  });

  test("runs everything on the object itself, also what is taken off the view", async () => {
    const faults = failing();
    faults.enabled = false;
    const view = faults.wrapMethods(new Counter(), ["read"]);
    const { add, read } = view;
    add("a");
    expect(await read("a")).toBe(1);
    expect(view.size).toBe(1);
    view.limit = 7;
    expect(view.limit).toBe(7);
    view.step = 5;
    expect(add("a")).toBe(6);
  });

  test("is the object in everything but the named methods", () => {
    const counter = new Counter();
    const view = failing().wrapMethods(counter, ["read"]);
    expect(view).toBeInstanceOf(Counter);
    expect(view.constructor).toBe(Counter);
    expect(["add", "step", "subtract"].map((name) => name in view)).toEqual([true, true, false]);
    expect(view.add).toBe(view.add);
    expect(view.read).toBe(view.read);
    expect(Object.keys(view)).toEqual(["step"]);
    view.step = 3;
    expect(counter.step).toBe(3);
    Object.defineProperty(view, "added", { value: 1, configurable: true });
    expect(Object.hasOwn(counter, "added")).toBe(true);
    expect(Reflect.deleteProperty(view, "added")).toBe(true);
    expect(Object.hasOwn(counter, "added")).toBe(false);
  });

  test("wraps methods of a frozen object, and keeps them when the view is spread", async () => {
    const store = Object.freeze({ read: () => 1, size: 3 });
    const view = failing().wrapMethods(store, ["read"]);
    await expect(view.read()).rejects.toThrow("injected");
    const copy = { ...view };
    await expect(copy.read()).rejects.toThrow("injected");
    expect(copy.size).toBe(3);
    expect(Reflect.set(view, "size", 4)).toBe(false);
  });

  test("runs a method that was exchanged later", async () => {
    const faults = failing();
    faults.enabled = false;
    const counter = new Counter();
    const view = faults.wrapMethods(counter, ["read"]);
    view.read = async () => 7;
    expect(await view.read("a")).toBe(7);
    expect(faults.counts.calls).toBe(1);
  });

  test("refuses a method that the object does not have, with the nearest it has", () => {
    const wrap = (method: string) => () => failing().wrapMethods(new Counter(), [method as "read"]);
    expect(wrap("reed")).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    expect(wrap("reed")).toThrow('received the method "reed", expected one of add, read; did you mean "read"?');
    expect(wrap("step")).toThrow('received the method "step"');
  });
});
