import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTextHash } from "./record-hash.ts";

describe("createTextHash", () => {
  it("is SHA-256 without a key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(createTextHash(null)(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
      }),
    );
  });

  it("is HMAC-SHA-256 under a key, whatever the lengths, one text after another", () => {
    const texts = fc.array(fc.string({ unit: "binary", maxLength: 6_000, size: "max" }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), texts, (key, list) => {
        const toHash = createTextHash(key);
        for (const text of list)
          expect(toHash(text)).toBe(createHmac("sha256", key).update(text, "utf8").digest("hex"));
      }),
    );
  });
});
