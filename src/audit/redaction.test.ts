import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { type ArgumentKeeping, createRedactor, MAX_KEPT_BYTES, type Redactor } from "./redaction.ts";
import { compileRules, type RedactionRules } from "./redaction-rules.ts";
import { createValueHash } from "./value-hash.ts";

const redactor = (keeping: ArgumentKeeping = "redacted", rules: RedactionRules = {}): Redactor =>
  createRedactor(keeping, compileRules(rules));

const SECRET_KEYS =
  "password userPassword api_key apiKey accessToken client-secret Authorization cookie credentials privateKey pin ssn cardNumber DB_PASSWORD".split(
    " ",
  );
/** As JSON text with everything but ASCII escaped, which is how it takes most room. */
const toBytes = (kept: unknown): number => JSON.stringify(kept).replace(/[^ -~]/g, "\\u0000").length;

const CANARY = "canary-7d1f";

/** JSON data with `CANARY` under a secret-looking key somewhere, and what is beside it. */
const withCanary = fc
  .record({
    key: fc.constantFrom(...SECRET_KEYS),
    path: fc.array(fc.oneof(fc.constantFrom("a", "list", "__proto__", "constructor"), fc.nat({ max: 2 })), {
      maxLength: 6,
    }),
    shape: fc.constantFrom("text", "number", "array", "object", "json"),
    beside: fc.jsonValue({ maxDepth: 2 }),
    asText: fc.boolean(),
  })
  .map(({ key, path, shape, beside, asText }) => {
    const secret = {
      text: CANARY,
      number: 77_341_259,
      array: [CANARY],
      object: { a: { b: CANARY } },
      json: `{"a":"${CANARY}"}`,
    }[shape];
    let value: unknown = { before: beside, [key]: secret, after: beside };
    for (const step of path)
      value =
        typeof step === "number"
          ? [...Array(step).fill(beside), value]
          : JSON.parse(`{"${step}":${JSON.stringify(value)}}`);
    return asText ? JSON.stringify(value) : value;
  });

describe("createRedactor", () => {
  it("keeps no secret under a secret-looking name", () => {
    fc.assert(
      fc.property(withCanary, (value) => {
        const kept = JSON.stringify(redactor()(value)) ?? "";
        expect(kept).not.toContain(CANARY);
        expect(kept).not.toContain("77341259");
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps no secret in JSON text inside a text", () => {
    fc.assert(
      fc.property(withCanary, (value) => {
        const kept = JSON.stringify(redactor()({ body: typeof value === "string" ? value : JSON.stringify(value) }));
        expect(kept).not.toContain(CANARY);
      }),
    );
  });

  it("keeps of JSON text what it says, and nothing that a repeated name hides", () => {
    expect(redactor()({ body: '{ "a":  1 }' })).toEqual({ body: '{"a":1}' });
    const hidden = '{"password":"hunter2","password":null}';
    expect(JSON.stringify(redactor()({ body: hidden }))).not.toContain("hunter2");
    expect(redactor()({ body: '{ "pin":  1 }' })).toEqual({ body: '{"pin":"[redacted]"}' });
  });

  it("keeps everything else as it was", () => {
    const value = { id: "o_17", total: 12.5, ok: true, none: null, list: [1, "two", { three: 3 }], password: "x1" };
    expect(redactor()(value)).toEqual({ ...value, password: "[redacted]" });
    expect(redactor("full")(value)).toEqual(value);
    expect(redactor("none")(value)).toBeUndefined();
  });

  it("keeps a copy, which later changes of the value do not reach", () => {
    const value = { list: [{ id: "a" }] };
    const kept = redactor("full")(value);
    (value.list[0] as { id: string }).id = "b";
    expect(kept).toEqual({ list: [{ id: "a" }] });
  });

  it("takes out what a text says is a secret", () => {
    expect(redactor()({ url: "https://u:hunter2@db.example/x" })).toEqual({ url: "https://u:[redacted]@db.example/x" });
  });

  it("takes out names that are secrets themselves", () => {
    const key = ["sk-", "abcdefgh12345678abcd"].join("");
    expect(JSON.stringify(redactor()({ [key]: 1 }))).toBe('{"[redacted]":1}');
  });

  it("keeps true, false, null and numbers of tokens under any name", () => {
    const value = { password: null, token: true, maxTokens: 512 };
    expect(redactor()(value)).toEqual(value);
    expect(redactor()({ maxTokens: "512-canary", pin: 1234 })).toEqual({ maxTokens: "[redacted]", pin: "[redacted]" });
  });

  it("takes out the names and paths it is told to", () => {
    const rules = { keys: ["customerId"], paths: ["order.address", "items.*.price", "items.1.name"] };
    const value = {
      customer_id: "c1",
      order: { address: { street: "s" }, note: "n", customerID: 5 },
      address: "kept",
      items: [
        { name: "a", price: 1 },
        { name: "b", price: { gross: 2 } },
      ],
    };
    expect(redactor("redacted", rules)(value)).toEqual({
      customer_id: "[redacted]",
      order: { address: "[redacted]", note: "n", customerID: "[redacted]" },
      address: "kept",
      items: [
        { name: "a", price: "[redacted]" },
        { name: "[redacted]", price: "[redacted]" },
      ],
    });
    expect(redactor("redacted", rules)(JSON.stringify({ order: { address: "x" } }))).toEqual({
      order: { address: "[redacted]" },
    });
  });

  it("keeps text that was never parsed only when it can be redacted for sure", () => {
    expect(redactor()('{"password": "canary", ')).toBe("[unparsed text, 23 characters]");
    expect(redactor()("hello")).toBe("hello");
    expect(redactor("full")('{"a": ')).toBe('{"a": ');
  });

  it("keeps a member named __proto__ as a member", () => {
    const kept = redactor()(JSON.parse('{"__proto__":{"admin":true}}'));
    expect(JSON.stringify(kept)).toBe('{"__proto__":{"admin":true}}');
    expect((kept as { admin?: boolean }).admin).toBeUndefined();
  });

  it("says what it has cut", () => {
    expect(redactor()({ text: `password=${"x".repeat(5_000)}` })).toEqual({
      text: "password=[redacted]… [cut: 5009 characters]",
    });
    expect(redactor()({ text: "é".repeat(1_025) })).toEqual({ text: `${"é".repeat(1_024)}… [cut: 1025 characters]` });
    expect(redactor()({ text: "a".repeat(1_024) })).toEqual({ text: "a".repeat(1_024) });
    const kept = redactor()(Array.from({ length: 50_000 }, (_, index) => index)) as unknown[];
    expect(kept.at(-1)).toBe(`[cut: ${50_000 - kept.length + 1} more items]`);
    const members = redactor()(
      Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`k${index}`, 1])),
    ) as Record<string, unknown>;
    expect(members["[cut]"]).toBe(`${9_000 - Object.keys(members).length + 1} more members`);
  });

  it("recognises a credential that lies across the cut", () => {
    const secret = ["ghp_", "Zx9Qw3Er7Ty1Ui5Op8As2Df6Gh4Jk0Lz"].join("");
    expect(JSON.stringify(redactor()({ text: `${"a ".repeat(507)}${secret} tail` }))).not.toContain("ghp_");
  });

  it("keeps at most 16 KiB, whatever the value", () => {
    const wide = fc.oneof(
      fc.string({ unit: "binary", minLength: 500, maxLength: 3_000, size: "max" }),
      fc.array(fc.double(), { minLength: 500, maxLength: 3_000 }),
      fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 300, maxLength: 900 }),
      fc.dictionary(fc.string({ unit: "binary", minLength: 1, maxLength: 200 }), fc.string(), {
        minKeys: 40,
        maxKeys: 120,
      }),
    );
    const deep = fc
      .tuple(wide, fc.nat({ max: 60 }), fc.string({ unit: "binary", minLength: 1, maxLength: 300 }))
      .map(([value, depth, key]) => {
        let nested: unknown = value;
        for (let level = 0; level < depth; level++)
          nested =
            level % 2 === 0
              ? [nested, value]
              : Object.fromEntries([
                  [key, nested],
                  ["b", value],
                ]);
        return nested;
      });
    fc.assert(
      fc.property(deep, fc.constantFrom("redacted" as const, "full" as const), (value, keeping) => {
        expect(toBytes(redactor(keeping)(value))).toBeLessThanOrEqual(MAX_KEPT_BYTES);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ["nothings", Array.from({ length: 20_000 }, () => undefined)],
    ["truths", Array.from({ length: 20_000 }, () => false)],
    ["empty arrays", Array.from({ length: 20_000 }, () => [])],
    ["redacted members", Array.from({ length: 20_000 }, () => ({ pin: 1 }))],
    ["numbers", Array.from({ length: 20_000 }, (_, index) => -999_999 + index)],
    ["letters beyond ASCII", Array.from({ length: 20 }, () => "é".repeat(1_000))],
    ["empty texts", Array.from({ length: 20_000 }, () => "")],
  ])("keeps at most 16 KiB of %s, at the top and as deep as it goes", (_, values) => {
    let deep: unknown = values;
    for (let level = 0; level < 31; level++) deep = [deep];
    for (const value of [values, deep]) {
      expect(toBytes(redactor()(value))).toBeLessThanOrEqual(MAX_KEPT_BYTES);
    }
  });

  it("ends at a depth of 32, and at a cycle", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const text = JSON.stringify(redactor()(cycle));
    expect(text).toContain("[deeper than 32 levels]");
  });

  it("keeps values that are not JSON as text", () => {
    class Point {
      x = 1;
      #hidden = 2;
      get hidden(): number {
        return this.#hidden;
      }
    }
    const value = {
      date: new Date(0),
      bad: new Date(Number.NaN),
      big: 12n,
      bytes: new Uint8Array(3),
      map: new Map([["password", "canary"]]),
      point: new Point(),
      nan: Number.NaN,
      none: undefined,
      run: () => 1,
      mark: Symbol("m"),
    };
    expect(redactor()(value)).toEqual({
      date: "1970-01-01T00:00:00.000Z",
      bad: "[invalid date]",
      big: "12",
      bytes: "[binary, 3 bytes]",
      map: "[map of 1]",
      point: { x: 1 },
      nan: "NaN",
    });
  });

  it("survives a value that throws when it is read", () => {
    const value = {
      get trap(): never {
        throw new Error(CANARY);
      },
    };
    expect(redactor()(value)).toBe("[unreadable]");
  });
});

describe("rules that hash", () => {
  const key = Buffer.alloc(32, 9);
  const hashing = (hmac: RedactionRules["hmac"], more: RedactionRules = {}): Redactor =>
    createRedactor("redacted", compileRules({ ...more, ...(hmac && { hmac }) }, key));
  const toHash = createValueHash(key);

  it("keep equal values equal and others apart, and show neither", () => {
    const values = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.bigInt());
    const redact = hashing({ keys: ["email"] });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const kept = redact([{ email: one }, { E_Mail: one }, { email: other }]) as readonly { email: string }[];
        const [first, second, third] = kept.map((item) => Object.values(item)[0] as string);
        expect(first).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
        expect(second).toBe(first);
        expect(third === first).toBe(String(one).toWellFormed() === String(other).toWellFormed());
      }),
    );
    const [other] = Object.values(
      createRedactor("redacted", compileRules({ hmac: { keys: ["a"] } }, Buffer.alloc(32, 8)))({ a: "x" }) as object,
    );
    expect(other).not.toBe(toHash("x"));
  });

  it("hash the values in objects and arrays, along paths and below names", () => {
    const value = {
      customer: { name: "Ada", tags: ["a", 1, null], password: "p" },
      items: [{ sku: "s1", price: 2 }],
      when: { at: new Date(0) },
    };
    const redact = hashing({ keys: ["customer", "at"], paths: ["items.*.sku"] });
    expect(redact(value)).toEqual({
      customer: { name: toHash("Ada"), tags: [toHash("a"), toHash("1"), null], password: "[redacted]" },
      items: [{ sku: toHash("s1"), price: 2 }],
      when: { at: toHash("1970-01-01T00:00:00.000Z") },
    });
    expect(redact(JSON.stringify({ items: [{ sku: "s1" }] }))).toEqual({ items: [{ sku: toHash("s1") }] });
    expect(redact({ body: '{"customer":"Ada"}' })).toEqual({ body: `{"customer":"${toHash("Ada")}"}` });
  });

  it("hash what only looks secret, and take out what another rule takes out", () => {
    expect(hashing({ keys: ["sessionToken"] })({ sessionToken: "t", token: "t" })).toEqual({
      sessionToken: toHash("t"),
      token: "[redacted]",
    });
    const both = { keys: ["a"], paths: ["b.c"] };
    expect(hashing(both, both)({ a: 1, b: { c: 2 } })).toEqual({ a: "[redacted]", b: { c: "[redacted]" } });
  });

  it("hash long texts by their beginning and their length, within the 16 KiB of a copy", () => {
    const redact = hashing({ keys: ["a"] });
    const long = "x".repeat(100_000);
    expect(redact({ a: long })).toEqual(redact({ a: long }));
    expect(redact({ a: long })).not.toEqual(redact({ a: `${long}x` }));
    expect(toBytes(redact({ a: Array.from({ length: 5_000 }, (_, index) => index) }))).toBeLessThanOrEqual(
      MAX_KEPT_BYTES,
    );
  });

  it("keep everything as it is where arguments are kept in full", () => {
    expect(createRedactor("full", compileRules({ hmac: { keys: ["a"] } }, key))({ a: 1 })).toEqual({ a: 1 });
  });

  it("need the audit key", () => {
    expect(() => compileRules({ hmac: { keys: ["a"] } })).toThrow("audit.redact.hmac: needs the audit key");
    expect(() => compileRules({ hmac: { key: ["a"] } as never }, key)).toThrow(
      'audit.redact.hmac.key: there is no such option; did you mean "keys"?',
    );
  });
});

describe("compileRules", () => {
  it.each([
    [{ key: ["a"] }, 'audit.redact.key: there is no such option; did you mean "keys"?'],
    [{ keys: "a" }, 'audit.redact.keys: received "a", expected an array of names such as "customerId"'],
    [{ paths: ["a..b"] }, 'audit.redact.paths: received ["a..b"], expected an array of paths such as "items.*.price"'],
    [null, "audit.redact: received null, expected an object of options"],
  ])("refuses %j", (rules, expected) => {
    let refusal: unknown;
    try {
      compileRules(rules as RedactionRules);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ToolyardError);
    expect((refusal as ToolyardError).code).toBe("INVALID_OPTION");
    expect((refusal as ToolyardError).message).toContain(expected);
  });
});
