import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeyText, isKeyEnv, isKeyId, parseKey } from "./key-format.ts";
import { ALPHABET } from "./random-text.ts";

const env = fc.stringMatching(/^[a-z0-9]{1,16}$/);

test("makes keys of one form, which it reads", () => {
  fc.assert(
    fc.property(env, (word) => {
      const key = createKeyText(word);
      expect(key.text).toMatch(/^ty_[a-z0-9]{1,16}_[0-9A-Za-z]{18}_[0-9A-Za-z]{49}$/);
      expect(parseKey(key.text)).toEqual(key);
      expect([isKeyEnv(key.env), isKeyId(key.id)]).toEqual([true, true]);
    }),
  );
});

test("makes a new key every time, in the id as in the secret", () => {
  const keys = Array.from({ length: 5_000 }, () => createKeyText("live"));
  expect(new Set(keys.map(({ id }) => id)).size).toBe(5_000);
  expect(new Set(keys.map(({ text }) => text.slice(27, 70))).size).toBe(5_000);
});

test("notices any one character that was mistyped, and any two that were exchanged", () => {
  const { text } = createKeyText("live");
  fc.assert(
    fc.property(
      fc.nat(text.length - 1),
      fc.constantFrom(..."_ -".split(""), ...ALPHABET.split("")),
      (at, character) => {
        fc.pre(text[at] !== character);
        expect(parseKey(text.slice(0, at) + character + text.slice(at + 1))).toBeNull();
      },
    ),
    { numRuns: 2_000 },
  );
  for (let at = 0; at + 1 < text.length; at++) {
    if (text[at] === text[at + 1]) continue;
    expect(parseKey(`${text.slice(0, at)}${text[at + 1]}${text[at]}${text.slice(at + 2)}`)).toBeNull();
  }
});

test("takes a key in its one form only", () => {
  const { text } = createKeyText("live");
  const others = [
    ` ${text}`,
    `${text} `,
    `${text}\n`,
    `${text}\0`,
    `${text}=`,
    `Bearer ${text}`,
    text.toUpperCase(),
    text.toLowerCase(),
    text.slice(0, -1),
    `${text}0`,
    text.replaceAll("_", "-"),
    text.replace("live", "LIVE"),
    text.replace("live", ""),
    text.replace("live", "l_ve"),
    text.replace("ty_", "tу_"),
    text + text,
  ];
  for (const other of others) expect(parseKey(other), JSON.stringify(other)).toBeNull();
});

test("takes nothing else for a key, and never throws", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(parseKey(value)).toBeNull();
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^ty_[a-z0-9]{1,16}_[0-9A-Za-z]{18}_[0-9A-Za-z]{49}$/), (text) => {
      expect(parseKey(text)).toBeNull();
    }),
  );
  expect(parseKey("ty_live_".repeat(100_000))).toBeNull();
});

// Pinned: keys that were given out have to work on.
test("goes on reading keys that were made", () => {
  const text = "ty_live_000000000000000000_00000000000000000000000000000000000000000003CFyBK";
  expect(parseKey(text)).toEqual({ text, env: "live", id: "000000000000000000" });
});
