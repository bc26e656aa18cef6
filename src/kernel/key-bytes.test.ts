import fc from "fast-check";
import { expect, test } from "vitest";
import { checkKeyBytes, createKeyBytes, formatKeyText, KEY_BYTES, parseKeyText } from "./key-bytes.ts";

test("makes a new key every time", () => {
  const made = new Set(Array.from({ length: 1_000 }, () => formatKeyText(createKeyBytes())));
  expect(made.size).toBe(1_000);
});

test("reads what it writes, and base64 of both alphabets, with white space around it", () => {
  for (let round = 0; round < 100; round++) {
    const key = createKeyBytes();
    const buffer = Buffer.from(key);
    for (const text of [formatKeyText(key), buffer.toString("base64"), buffer.toString("base64url")]) {
      expect(parseKeyText(` ${text}\r\n`)).toEqual({ ok: true, key: buffer });
    }
  }
});

test.each([
  ["", /received 0 characters/],
  ["not a key!", /received 10 characters that are neither/],
  ["ab".repeat(31), /received 31 bytes/],
  ["ab".repeat(33), /received 33 bytes/],
  [Buffer.alloc(32, "changeme").toString("base64"), /only 7 differ: they are not random/],
  ["0".repeat(64), /only 1 differ/],
])("refuses %j and says why", (text, problem) => {
  const parsed = parseKeyText(text);
  expect(parsed.ok ? "" : parsed.problem).toMatch(problem);
});

test("says nothing of what it was given", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), (text) => {
      const parsed = parseKeyText(text);
      if (!parsed.ok) expect(parsed.problem).not.toContain(text.trim().slice(0, 8) || text);
    }),
  );
});

test("takes bytes only in the right number", () => {
  expect(checkKeyBytes(new Uint8Array(KEY_BYTES).map((_, index) => index)).ok).toBe(true);
  expect(checkKeyBytes(new Uint8Array(16)).ok).toBe(false);
});
