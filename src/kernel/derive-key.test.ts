import { expect, test } from "vitest";
import { deriveKey } from "./derive-key.ts";

const KEY = Buffer.alloc(32, 7);

test("gives the same bytes for the same key and purpose, and others for another of either", () => {
  const hex = (key: Uint8Array, purpose: string, bytes?: number): string =>
    deriveKey(key, purpose, bytes).toString("hex");
  expect(hex(KEY, "a")).toBe(hex(KEY, "a"));
  expect(new Set([hex(KEY, "a"), hex(KEY, "b"), hex(Buffer.alloc(32, 8), "a")]).size).toBe(3);
  expect(hex(KEY, "a", 16)).toHaveLength(32);
});

// Pinned: with other bytes every stored secret and API key would be unusable.
test("is HKDF of RFC 5869 with SHA-256, no salt, and the purpose as info", () => {
  const expected = deriveKey(Buffer.alloc(22, 0x0b), "", 42).toString("hex");
  expect(expected).toBe("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
});
