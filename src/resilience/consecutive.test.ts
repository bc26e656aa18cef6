import { describe, expect, it } from "vitest";
import { createConsecutive } from "./consecutive.ts";

describe("createConsecutive", () => {
  it("opens at the last of so many failures in a row", () => {
    const strategy = createConsecutive({ failures: 3 });
    expect([strategy.fail(), strategy.fail(), strategy.fail()]).toEqual([false, false, true]);
  });

  it("starts anew after a success", () => {
    const strategy = createConsecutive({ failures: 2 });
    expect(strategy.fail()).toBe(false);
    strategy.succeed();
    expect(strategy.fail()).toBe(false);
    expect(strategy.fail()).toBe(true);
  });

  it("opens at the first failure when told so", () => {
    expect(createConsecutive({ failures: 1 }).fail()).toBe(true);
  });
});
