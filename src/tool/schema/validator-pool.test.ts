import { expect, test } from "vitest";
import { HeldValidator } from "./held-validator.ts";
import type { JsonSchema } from "./schema.ts";
import { createValidatorPool, VALIDATOR_POOLS, type ValidatorPool } from "./validator-pool.ts";
import { createRawSchema } from "./raw-schema.ts";

const createPool = (maxSize: number): ValidatorPool =>
  createValidatorPool({ dialect: "2020-12", allErrors: false, maxSize });

/** A holder that counts how often it was dropped. */
function createCounted(schema: JsonSchema, pool: ValidatorPool): { held: HeldValidator; drops: () => number } {
  const held = new HeldValidator(schema, pool);
  const drop = held.drop.bind(held);
  let count = 0;
  held.drop = () => {
    count++;
    drop();
  };
  return { held, drops: () => count };
}

const constant = (value: number): JsonSchema => ({ const: value });

test("compiles at the first use and not again", () => {
  const pool = createPool(4);
  const { held } = createCounted(constant(1), pool);
  expect(pool.size).toBe(0);
  const validator = held.get();
  expect(validator(1)).toBe(true);
  expect(held.get()).toBe(validator);
  expect(pool.size).toBe(1);
});

test("lets go of the validator that was used least recently, which compiles again", () => {
  const pool = createPool(2);
  const [a, b, c] = [1, 2, 3].map((value) => createCounted(constant(value), pool)) as [
    ReturnType<typeof createCounted>,
    ReturnType<typeof createCounted>,
    ReturnType<typeof createCounted>,
  ];
  a.held.get();
  b.held.get();
  a.held.get();
  c.held.get();
  expect([a.drops(), b.drops(), c.drops()]).toStrictEqual([0, 1, 0]);
  expect(pool.size).toBe(2);
  expect(b.held.get()(2)).toBe(true);
  expect(b.held.get()(3)).toBe(false);
  expect([a.drops(), b.drops(), c.drops()]).toStrictEqual([1, 1, 0]);
});

test("lets go of everything Ajv has kept after four pools full of compilations", () => {
  const pool = createPool(2);
  const first = createCounted(constant(0), pool);
  for (let round = 1; round <= 8; round++) {
    first.held.get();
    new HeldValidator(constant(round), pool).get();
  }
  // Used all the time, so never the oldest: it went with the instance.
  expect(first.drops()).toBe(1);
  expect(first.held.get()(0)).toBe(true);
});

test("keeps schemas apart that share an $id, a pattern's length or a format", () => {
  const pool = createPool(10);
  const schemas = ["^a$", "^b$"].map(
    (pattern) => new HeldValidator({ $id: "https://example.com/same", type: "string", pattern }, pool),
  );
  expect(schemas.map((held) => ["a", "b"].map((value) => held.get()(value)))).toStrictEqual([
    [true, false],
    [false, true],
  ]);
});

test("keeps schemas apart that share an $id and refer to parts of themselves", () => {
  const pool = createPool(10);
  const of = (type: string, $id: string): HeldValidator =>
    new HeldValidator(
      { $id, $ref: "#/$defs/part", $defs: { part: { $anchor: "p", items: { $ref: "#/$defs/leaf" } }, leaf: { type } } },
      pool,
    );
  for (const $id of ["https://example.com/a", "https://json-schema.org/draft/2020-12/schema", "urn:x", "a b", "#"]) {
    expect(
      [of("string", $id), of("integer", $id)].map((held) => [["x"], [1]].map((value) => held.get()(value))),
    ).toStrictEqual([
      [true, false],
      [false, true],
    ]);
  }
});

test("is shared by all schemas of a dialect", () => {
  const before = VALIDATOR_POOLS["2020-12"].first.size;
  createRawSchema(constant(1), "2020-12").validate(1);
  createRawSchema(constant(2), "2020-12").validate(2);
  expect(VALIDATOR_POOLS["2020-12"].first.size).toBe(before + 2);
});

test("compiles the validator that finds all errors only when words are asked for", () => {
  const before = VALIDATOR_POOLS["2020-12"].all.size;
  const refused = createRawSchema(constant(3), "2020-12").validate(4) as {
    readonly ok: boolean;
    readonly issues: unknown;
  };
  expect(refused.ok).toBe(false);
  expect(VALIDATOR_POOLS["2020-12"].all.size).toBe(before);
  expect(refused.issues).toHaveLength(1);
  expect(VALIDATOR_POOLS["2020-12"].all.size).toBe(before + 1);
});

test("checks every format in time that grows with the length, not with its square", () => {
  // The square of this length would take minutes, so a slip shows as a timeout.
  const hostile = ["a", ":", "a.", "1:", "%61", "{a}", "a@a.", "~0", "\\"].flatMap((unit) =>
    ["", "http://", "a@"].map((start) => `${start}${unit.repeat(300_000 / unit.length)}!`),
  );
  const pool = createPool(32);
  const formats = [
    "date-time",
    "duration",
    "uri",
    "uri-reference",
    "uri-template",
    "url",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
    "json-pointer",
  ];
  for (const format of formats) {
    const validator = pool.compile({ format }, { usedAt: 0, drop: () => {} });
    for (const text of hostile) expect(typeof validator(text)).toBe("boolean");
  }
});

test.each([
  ["https://example.com/a?b=c#d", true],
  ["ftp://example.com", true],
  ["HTTP://localhost:8080", true],
  ["mailto:a@b.c", false],
  ["https://", false],
  ["https://exa mple.com", false],
  ["example.com", false],
])("takes %s for a url: %s", (text, expected) => {
  expect(createPool(2).compile({ format: "url" }, { usedAt: 0, drop: () => {} })(text)).toBe(expected);
});

test.each<[string, JsonSchema, unknown, boolean]>([
  ["an inherited member is not a member", { required: ["toString"] }, {}, false],
  ["Infinity is no number", { type: "number" }, Number.POSITIVE_INFINITY, false],
  ["formats are checked in full", { format: "date" }, "2026-02-30", false],
  ["an unknown format is an annotation", { format: "postal-code" }, "x", true],
  ["an annotation called id is no keyword", { id: "Person", type: "string" }, "x", true],
  ["$data is data", { const: { $data: "/x" } }, { $data: "/x" }, true],
  [
    "a repeated __proto__ is repeated",
    { items: { type: "string" }, uniqueItems: true },
    ["__proto__", "__proto__"],
    false,
  ],
  ["uniqueItems false allows repetitions", { uniqueItems: false }, [1, 1], true],
])("%s", (_name, schema, value, expected) => {
  expect(createPool(2).compile(schema, { usedAt: 0, drop: () => {} })(value)).toBe(expected);
});
