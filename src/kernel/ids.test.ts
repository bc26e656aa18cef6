import { expect, it } from "vitest";
import { createIdSource, createSecretId } from "./ids.ts";

it("counts call ids up behind a prefix of the process", () => {
  const next = createIdSource("call", "seed");
  expect([next(), next()]).toEqual(["call_seed_0", "call_seed_1"]);
});

it("makes secret ids of 128 bits, each another", () => {
  const ids = Array.from({ length: 100 }, () => createSecretId("res"));
  for (const id of ids) {
    expect(id).toMatch(/^res_[\w-]{22}$/);
    expect(Buffer.from(id.slice(4), "base64url")).toHaveLength(16);
  }
  expect(new Set(ids).size).toBe(100);
});
