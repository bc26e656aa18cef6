import { describe, expect, test } from "vitest";
import type { QuotaRequest } from "../../ports/quota-store.ts";
import { createLimitKinds } from "./limit-kinds.ts";

const request = (capacity: number): QuotaRequest => ({
  key: "k",
  algorithm: "token-bucket",
  capacity,
  windowMs: 1_000,
  burst: capacity,
  cost: 1,
});

describe("createLimitKinds", () => {
  test("gives the same limit one kind, and each limit slots of its own", () => {
    const toKind = createLimitKinds(16, 0);
    expect(toKind({ ...request(1), key: "other", cost: 5 })).toBe(toKind(request(1)));
    const different = [
      request(1),
      request(2),
      { ...request(1), windowMs: 1_001 },
      { ...request(1), burst: 2 },
      { ...request(1), algorithm: "fixed-window" as const },
    ];
    expect(new Set(different.map((one) => toKind(one).folded)).size).toBe(different.length);
  });

  test("lets limits beyond the sixty-fourth share their slots", () => {
    const toKind = createLimitKinds(16, 0);
    const folds = Array.from({ length: 70 }, (_, index) => toKind(request(index + 1)).folded);
    expect(new Set(folds).size).toBe(65);
    expect(folds[64]).toBe(folds[69]);
    expect(toKind(request(70)).rule.capacity).toBe(70);
  });
});
