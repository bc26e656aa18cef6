import { expect, test } from "vitest";
import { z } from "zod";
import { MAX_PROBLEMS, toProblems } from "./to-problems.ts";

const limit = z.strictObject({ capacity: z.number().positive(), windowMs: z.int().min(1).max(86_400_000) });
const SCHEMA = z.strictObject({
  server: z
    .strictObject({ limits: z.array(limit).optional(), port: z.int().min(0).max(65_535).default(8321) })
    .optional(),
  mode: z.enum(["none", "redacted", "full"]).optional(),
  quota: z.union([z.literal(false), limit]).optional(),
  name: z.string().min(1).max(64).optional(),
  auth: z.strictObject({ password: z.string().min(8) }).optional(),
  url: z.url().optional(),
  handler: z
    .custom<() => void>((value) => typeof value === "function")
    .meta({ accepts: "a function" })
    .optional(),
  kind: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("point"), x: z.number() }),
      z.strictObject({ type: z.literal("line"), from: z.number(), to: z.number() }),
    ])
    .optional(),
  nested: z
    .union([z.string(), z.union([z.strictObject({ a: z.string(), b: z.string() }), z.strictObject({ c: z.int() })])])
    .optional(),
  byName: z.record(z.string().regex(/^[a-z]+$/), z.int()).optional(),
  even: z
    .int()
    .refine((value) => value % 2 === 0, { error: "is odd; expected an even number" })
    .optional(),
});

function tell(input: unknown, schema: z.ZodType = SCHEMA): readonly string[] {
  const { error } = schema.safeParse(input);
  return error === undefined ? [] : toProblems(error, schema, input).map(({ path, message }) => `${path} ${message}`);
}

test("says where, what was received and what is accepted", () => {
  expect(tell({ server: { limits: [{ capacity: 0, windowMs: 1.5 }], port: 70_000 } })).toEqual([
    "server.limits[0].capacity received 0, expected a number over 0",
    "server.limits[0].windowMs received 1.5, expected an integer from 1 to 86,400,000",
    "server.port received 70000, expected an integer from 0 to 65,535",
  ]);
  expect(tell({ name: 5 })).toEqual(["name received 5, expected a text of 1 to 64 characters"]);
  expect(tell({ handler: "run" })).toEqual(['handler received "run", expected a function']);
  expect(tell({ even: 3 })).toEqual(["even is odd; expected an even number"]);
  expect(tell([])).toEqual([
    expect.stringMatching(/^value received an empty array, expected an object with server, mode/),
  ]);
});

test("says what is missing, and what it would have to be", () => {
  expect(tell({ server: { limits: [{ capacity: 1 }] } })).toEqual([
    "server.limits[0].windowMs is missing; expected an integer from 1 to 86,400,000",
  ]);
});

test("names the nearest key, or those that are known", () => {
  expect(tell({ server: { porrt: 1 }, mod: "none" })).toEqual([
    "server.porrt is not a known key; did you mean port?",
    "mod is not a known key; did you mean mode?",
  ]);
  expect(tell({ server: { zzzzzz: 1 } })).toEqual(["server.zzzzzz is not a known key; accepted: limits, port"]);
});

test("names the nearest value", () => {
  expect(tell({ mode: "redact" })).toEqual([
    'mode received "redact", expected "none", "redacted", "full"; did you mean "redacted"?',
  ]);
  expect(tell({ kind: { type: "pont" } })).toEqual([
    'kind.type received "pont", expected "point", "line"; did you mean "point"?',
  ]);
});

test("reports the branch of a union that fits best", () => {
  expect(tell({ quota: { capacity: 0 } })).toEqual([
    "quota.capacity received 0, expected a number over 0",
    "quota.windowMs is missing; expected an integer from 1 to 86,400,000",
  ]);
  expect(tell({ quota: true })).toEqual(["quota received true, expected false, or an object with capacity, windowMs"]);
  expect(tell({ nested: { a: "x", b: 1 } })).toEqual(["nested.b received 1, expected a text"]);
  expect(tell({ kind: { type: "line", from: 1 } })).toEqual(["kind.to is missing; expected a number"]);
});

test("says which keys of a record are accepted", () => {
  expect(tell({ byName: { "A b": 1 } })).toEqual([
    'byName["A b"] is a key that is not accepted; expected a text that fits /^[a-z]+$/',
  ]);
});

test("does not repeat what looks secret", () => {
  expect(tell({ auth: { password: "hunter2" } })).toEqual([
    "auth.password received a text of 7 characters, expected a text of at least 8 characters",
  ]);
  const url = tell({ url: "http//x", mode: "postgres://me:hunter2@db/x" }).join("\n");
  expect(url).toContain('url received "http//x", expected a URL');
  expect(url).toContain("mode received a text of 26 characters");
  expect(url).not.toContain("hunter2");
});

test("is bounded, however much is wrong", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key${at}`, at]));
  expect(tell(many)).toHaveLength(MAX_PROBLEMS);
  expect(
    tell(
      Array.from({ length: 10_000 }, () => "x"),
      z.array(z.int()),
    ),
  ).toHaveLength(MAX_PROBLEMS);
  const [long] = tell({ [`k${"x".repeat(100_000)}`]: 1, mode: "y".repeat(100_000) });
  expect(long?.length).toBeLessThan(1_000);
});

test("does not throw, whatever it is given", () => {
  const throwing = new Proxy(
    {},
    {
      getPrototypeOf: () => {
        throw new Error("no");
      },
      getOwnPropertyDescriptor: () => {
        throw new Error("no");
      },
      get: () => {
        throw new Error("no");
      },
    },
  );
  const odd = { constructor: null, toString: null };
  // Zod itself asks a proxy for its kind when it words an issue.
  const { error: ours } = z.object({ a: z.string() }).safeParse({ a: 1 });
  expect(toProblems(ours as z.ZodError, z.object({ a: z.string() }), { a: throwing })).toHaveLength(1);
  expect(toProblems(ours as z.ZodError, z.object({ a: z.string() }), throwing)).toHaveLength(1);
  for (const value of [odd, Object.create(null), 5n, Symbol("s"), () => 1, new Map(), Number.NaN]) {
    const { error } = z.strictObject({ a: z.string() }).safeParse({ a: value });
    expect(toProblems(error as z.ZodError, z.strictObject({ a: z.string() }), { a: value })).toHaveLength(1);
  }
  const own = JSON.parse('{"__proto__": 1, "constructor": 2, "server": {"__proto__": {}}}') as unknown;
  expect(tell(own).length).toBeGreaterThan(0);
  // A schema and an input that have nothing to do with the error.
  const { error } = z.object({ a: z.object({ b: z.int() }) }).safeParse({ a: { b: "x" } });
  expect(toProblems(error as z.ZodError, z.string(), null)).toEqual([
    { path: "a.b", message: "is missing; expected another value" },
  ]);
});

test("calls the whole by the name it is given", () => {
  const { error } = SCHEMA.safeParse(5);
  expect(toProblems(error as z.ZodError, SCHEMA, 5, "body")[0]?.path).toBe("body");
});
