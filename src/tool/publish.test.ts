import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { AnyDefinition } from "./definition.ts";
import { checkExamples, publishTool, type PublishedDefinition } from "./publish.ts";
import type { PublishedTool } from "./tool-version.ts";

const GOOD = { name: "orders.get", version: "1.2.0", description: "Look up an order.", handler: async () => 1 };

function publish(more: Record<string, unknown>): PublishedDefinition {
  return publishTool({ ...GOOD, ...more });
}

function published(more: Record<string, unknown> = {}): PublishedTool {
  const result = publish(more);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.tool;
}

function problems(more: Record<string, unknown>): readonly string[] {
  const result = publish(more);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe("a good definition", () => {
  test("gets the defaults", () => {
    const { digest, ...version } = published().version;
    expect(version).toStrictEqual({
      name: "orders.get",
      version: "1.2.0",
      title: "orders.get",
      description: "Look up an order.",
      category: "orders",
      tags: [],
      effect: "destructive",
      idempotent: false,
      honoursKeys: false,
      inputSchema: { type: "object", properties: {}, additionalProperties: false },
      outputSchema: null,
      examples: [],
      access: null,
      limits: [],
      concurrency: [],
      cost: 1,
      timeoutMs: null,
      upstream: null,
      attemptTimeoutMs: null,
      retry: null,
      breaker: null,
      bulkhead: null,
      cache: null,
      fallback: null,
      statusCheck: false,
      result: null,
      exactNumbers: null,
    });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(published({ effect: "read" }).version).toMatchObject({ effect: "read", idempotent: true });
    expect(published({ name: "calculator" }).version.category).toBe("general");
    expect(published({ cost: () => 2 }).version.cost).toBe("computed");
  });

  test("keeps what it says", () => {
    const said = {
      title: "Get order",
      category: "shop",
      tags: ["a", "b"],
      effect: "write",
      idempotent: true,
      honoursKeys: true,
      access: { roles: ["USER"], principals: ["p"], tenants: ["t"], scopes: ["s"] },
      limits: [
        {
          name: "l",
          per: ["principal", "tenant"],
          capacity: 5,
          windowMs: 1_000,
          algorithm: "token-bucket",
          burst: 2,
          roles: ["USER"],
        },
        { per: [], capacity: 1.5, windowMs: 1, algorithm: "fixed-window" },
      ],
      concurrency: [{ per: ["role"], max: 3 }],
      cost: 0.5,
      timeoutMs: 1_500,
      exactNumbers: "text",
      examples: [{ id: "o_17" }],
    };
    expect(published({ ...said, input: z.object({ id: z.string() }) }).version).toMatchObject(said);
  });

  test("is frozen all the way down, apart from the schema of its author", () => {
    const input = z.object({ id: z.string() });
    const { version, definition } = published({
      input,
      access: { roles: ["USER"] },
      limits: [{ per: ["tool"], capacity: 1, windowMs: 1 }],
      examples: [{ id: "a" }],
    });
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(version)).toBe(true);
    expect(Object.isFrozen(definition)).toBe(true);
    expect(definition.input).toBeUndefined();
    expect(Object.isFrozen(input)).toBe(false);
    expect(definition.handler).toBe(GOOD.handler);
  });
});

describe("the digest", () => {
  const schema = { type: "object", properties: { a: { type: "string" }, b: { type: "integer" } }, required: ["a"] };
  const base = published({ input: schema }).version.digest;

  test("does not depend on the order of keys, nor on the handler", () => {
    const reordered = {
      required: ["a"],
      properties: { b: { type: "integer" }, a: { type: "string" } },
      type: "object",
    };
    expect(published({ input: reordered }).version.digest).toBe(base);
    expect(
      publishTool({
        handler: () => 2,
        input: schema,
        description: GOOD.description,
        version: GOOD.version,
        name: GOOD.name,
      }),
    ).toMatchObject({ tool: { version: { digest: base } } });
  });

  test("is what it was before there were sources", () => {
    expect(base).toBe("sha256:7db8bf569943137d05bd239a18ecb0669bd70a470588bd3879b09fdffd5310ff");
    expect(Object.keys(published({}).version)).not.toContain("source");
  });

  test.each<[string, Record<string, unknown>]>([
    ["the source", { source: { kind: "http", data: { url: "https://api.example.org" } } }],
    ["the description", { description: "Look up an order!" }],
    ["the version", { version: "1.2.1" }],
    ["a schema", { input: { ...schema, required: [] } }],
    ["the output", { output: { type: "string" } }],
    ["the effect", { effect: "write" }],
    ["the access", { access: { roles: [] } }],
    ["a limit", { limits: [{ per: [], capacity: 1, windowMs: 1 }] }],
    ["an example", { examples: [{ a: "x" }] }],
    ["the cost", { cost: 2 }],
    ["the deadline", { timeoutMs: 1 }],
  ])("covers %s", (_name, more) => {
    expect(published({ input: schema, ...more }).version.digest).not.toBe(base);
  });
});

test.each<[string, Record<string, unknown>, string]>([
  [
    "a name with a space",
    { name: "get order" },
    '"get order", expected 1 to 128 letters, digits, "_", "-" and single dots between, beginning with a letter or "_", such as "orders.get"; did you mean "get_order"?',
  ],
  ["no name", { name: undefined }, "(unnamed tool): name: is missing"],
  ["a name that is no text", { name: 5 }, "(unnamed tool): name: received number 5"],
  [
    "a version that is a range",
    { version: "^1.2" },
    'orders.get@^1.2: version: received string "^1.2", expected an exact semantic version without build metadata, such as "1.2.0"; did you mean "1.2.0"?',
  ],
  ["a version with a v", { version: "v1.2.0" }, 'did you mean "1.2.0"?'],
  ["a version with build metadata", { version: "1.2.0+5" }, 'did you mean "1.2.0"?'],
  ["no description", { description: undefined }, "orders.get@1.2.0: description: is missing"],
  [
    "an empty description",
    { description: "  " },
    'orders.get@1.2.0: description: received string "  ", expected text of 1 to 4096 characters',
  ],
  [
    "a long description",
    { description: "x".repeat(4_097) },
    "received 4097 characters, expected text of 1 to 4096 characters",
  ],
  [
    "a description with a hidden character",
    { description: "a\u202eb" },
    "description: holds a character that cannot be seen, U+202E at position 1; remove it",
  ],
  ["a title with a hidden character", { title: "a\u200b" }, "title: holds a character that cannot be seen"],
  [
    "a tag with a hidden character",
    { tags: ["a", "b\u0007"] },
    "tags[1]: holds a character that cannot be seen, U+0007",
  ],
  ["a tag twice", { tags: ["a", "a"] }, 'tags[1]: string "a" occurs twice'],
  [
    "a misspelt effect",
    { effect: "destructve" },
    'effect: received string "destructve", expected one of "read", "write", "destructive"; did you mean "destructive"?',
  ],
  [
    "a reading tool that is not idempotent",
    { effect: "read", idempotent: false },
    "idempotent: is false although effect is read",
  ],
  ["a flag that is no flag", { honoursKeys: "yes" }, 'honoursKeys: received string "yes", expected true or false'],
  [
    "access that is a list",
    { access: ["USER"] },
    'access: received array of 1 item, expected an object, such as { roles: ["USER"] }',
  ],
  [
    "access with a misspelt field",
    { access: { role: ["USER"] } },
    "access.role: is not a known field; did you mean roles?",
  ],
  [
    "access with a role that is no text",
    { access: { roles: [5] } },
    "access.roles[0]: received number 5, expected text of 1 to 256 characters",
  ],
  ["access for no tenant", { access: { tenants: [] } }, "access.tenants: is empty, so nobody may use the tool"],
  [
    "limits that are no list",
    { limits: {} },
    "orders.get@1.2.0: limits: received an object, expected a list of limits",
  ],
  [
    "a limit per nothing known",
    { limits: [{ per: ["pricipal"], capacity: 1, windowMs: 1 }] },
    'limits[0].per[0]: received "pricipal", expected one of tenant, tool, principal, role, ip; did you mean "principal"?',
  ],
  [
    "a limit of nothing",
    { limits: [{ per: [], capacity: 0, windowMs: 1 }], cost: 0 },
    "limits[0].capacity: received 0, expected a number from 0.000001",
  ],
  [
    "a limit without a window",
    { limits: [{ per: [], capacity: 1 }] },
    "limits[0].windowMs: received nothing, expected whole milliseconds",
  ],
  [
    "a negative window",
    { limits: [{ per: [], capacity: 1, windowMs: -1 }] },
    "limits[0].windowMs: received -1, expected whole milliseconds from 1 to 315576000000 (10 years)",
  ],
  [
    "a burst of nothing",
    { limits: [{ per: [], capacity: 5, windowMs: 1, burst: 0 }], cost: 0 },
    "limits[0].burst: received 0, expected a number from 0.000001",
  ],
  [
    "a burst of a fixed window",
    { limits: [{ per: [], capacity: 5, windowMs: 1, burst: 2, algorithm: "fixed-window" }] },
    "limits[0].burst: a fixed window has no burst",
  ],
  [
    "an unknown algorithm",
    { limits: [{ per: [], capacity: 5, windowMs: 1, algorithm: "fixed-windows" }] },
    'did you mean "fixed-window"?',
  ],
  [
    "a limit for nobody",
    { limits: [{ per: [], capacity: 5, windowMs: 1, roles: [] }] },
    "limits[0].roles: received an empty list, expected one or more role names; leave it out for everybody",
  ],
  [
    "a misspelt field of a limit",
    { limits: [{ per: [], capacity: 5, windowMs: 1, window: 1 }] },
    'limits[0].window: is not known, expected one of name, per, capacity, windowMs, algorithm, burst, roles; did you mean "windowMs"?',
  ],
  [
    "two limits of one name",
    {
      limits: [
        { name: "a", per: [], capacity: 5, windowMs: 1 },
        { name: "a", per: [], capacity: 6, windowMs: 1 },
      ],
    },
    'limits[1].name: limits[0] is called "a" too; give one another name',
  ],
  ["a limit that is no object", { limits: ["x"] }, 'limits[0]: received "x", expected a limit'],
  [
    "a concurrency of half a call",
    { concurrency: [{ per: [], max: 0.5 }] },
    "concurrency[0].max: received 0.5, expected an integer from 1 to 1000000",
  ],
  [
    "a cost that no limit grants",
    { cost: 5, limits: [{ per: [], capacity: 10, windowMs: 1, burst: 3 }] },
    "cost: is 5, more than limits[0] ever grants at once (3); no call would be admitted",
  ],
  [
    "a negative cost",
    { cost: -1 },
    "cost: received number -1, expected a number of 0 or more, or a function of the input",
  ],
  [
    "a deadline of nothing",
    { timeoutMs: 0 },
    "timeoutMs: received number 0, expected an integer from 1 to 86,400,000 (milliseconds)",
  ],
  [
    "an unknown form of numbers",
    { exactNumbers: "BigInt" },
    'exactNumbers: received string "BigInt", expected one of "bigint", "text"; did you mean "bigint"?',
  ],
  ["a handler that is no function", { handler: "x" }, 'handler: received string "x", expected a function'],
  ["no handler", { handler: undefined }, "handler: is missing"],
  [
    "33 examples",
    { examples: Array.from({ length: 33 }, () => ({})) },
    "examples: received array of 33 items, expected an array of at most 32 valid inputs",
  ],
  [
    "an example that is no data",
    { examples: [{ at: new Date(0) }] },
    "examples[0].at: is not data that JSON can hold: expected JSON data, not an instance of Date",
  ],
  [
    "another library's word",
    { parameters: {} },
    "orders.get@1.2.0: parameters: is not a known field; did you mean input?",
  ],
  ["a misspelt field", { descripton: "x" }, "descripton: is not a known field; did you mean description?"],
  [
    "a bad input schema",
    { input: { type: "object", properties: { id: { type: "strng" } } } },
    'orders.get@1.2.0: input.properties.id.type: received string "strng"',
  ],
  ["a bad output schema", { output: { type: "strng" } }, "orders.get@1.2.0: output.type: received"],
  ["a schema of null", { input: null }, "input: received null, expected a Standard Schema"],
  [
    "text that is not Unicode",
    { input: { type: "object", properties: { a: { enum: ["\ud800"] } } } },
    "holds text that is not Unicode",
  ],
])("refuses %s", (_name, more, problem) => {
  expect(problems(more)).toHaveLength(1);
  expect(problems(more)[0]).toContain(problem);
});

test("names all problems at once", () => {
  expect(
    problems({ name: "a b", version: "x", effect: "x", cost: -1, handler: 1, input: { type: "strng" }, output: 5 }),
  ).toHaveLength(8);
});

describe("a hostile definition", () => {
  const secret = (): never => {
    throw new Error("secret");
  };

  test.each<[string, unknown]>([
    [
      "a field that throws",
      {
        ...GOOD,
        get title(): string {
          return secret();
        },
      },
    ],
    ["a Proxy that throws", new Proxy({}, { ownKeys: secret, get: secret })],
    [
      "a nested field that throws",
      {
        ...GOOD,
        access: {
          get roles(): never {
            return secret();
          },
        },
      },
    ],
    [
      "a schema that throws",
      {
        ...GOOD,
        input: {
          get type(): never {
            return secret();
          },
        },
      },
    ],
    [
      "a revoked Proxy as a limit",
      {
        ...GOOD,
        limits: [
          ((): object => {
            const { proxy, revoke } = Proxy.revocable({}, {});
            revoke();
            return proxy;
          })(),
        ],
      },
    ],
    ["null", null],
    ["a string", "tool"],
    ["a __proto__ of its own", JSON.parse('{"__proto__":{"name":"x"},"name":"a","version":"1.0.0","description":"d"}')],
  ])("(%s) is refused as a whole, without throwing", (_name, definition) => {
    const result = publishTool(definition as AnyDefinition);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain("secret");
    expect(({} as { name?: unknown }).name).toBeUndefined();
  });

  test("cannot change its mind between the check and the use", () => {
    let reads = 0;
    const handlers = [GOOD.handler, secret];
    const fickle = {
      ...GOOD,
      get handler(): unknown {
        return handlers[Math.min(reads++, 1)];
      },
    };
    const result = publishTool(fickle as unknown as AnyDefinition);
    expect(result).toMatchObject({ ok: true, tool: { definition: { handler: GOOD.handler } } });
    expect(reads).toBe(1);
    const roles = ["USER"];
    const tool = published({ access: { roles } });
    roles.push("GUEST");
    expect(tool.version.access).toStrictEqual({ roles: ["USER"] });
    expect(tool.definition.access).toBe(tool.version.access);
  });
});

describe("checkExamples", () => {
  const input = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };

  test("finds nothing in good examples", async () => {
    expect(await checkExamples(published({ input, examples: [{ n: 1 }] }))).toStrictEqual([]);
    expect(
      await checkExamples(published({ input: z.object({ n: z.int().default(1) }), examples: [{}] })),
    ).toStrictEqual([]);
  });

  test("names the example that does not fit, which is not repaired", async () => {
    expect(await checkExamples(published({ input, examples: [{ n: 1 }, { n: "5" }] }))).toStrictEqual([
      { path: "orders.get@1.2.0: examples[1].n", message: 'has the wrong type: expected integer, received string "5"' },
    ]);
  });

  test("names the value of a fallback that does not fit the output schema", async () => {
    const output = z.object({ total: z.number() });
    const stand = { fallback: { value: { total: "0" } }, output, handler: () => ({ total: 1 }) };
    expect(await checkExamples(published(stand as never))).toMatchObject([
      { path: "orders.get@1.2.0: fallback.value.total", message: expect.stringContaining("expected number") },
    ]);
  });

  test("waits for a schema that answers later", async () => {
    const later = z.object({ id: z.string().refine(async (id) => id === "yes") });
    expect(await checkExamples(published({ input: later, examples: [{ id: "yes" }, { id: "no" }] }))).toMatchObject([
      { path: "orders.get@1.2.0: examples[1].id" },
    ]);
  });

  test("names a schema that does not compile", async () => {
    const tool = published({ input });
    const broken = {
      ...tool.input,
      jsonSchema: tool.input.jsonSchema,
      compile: (): never => {
        throw new Error("no way");
      },
    };
    expect(await checkExamples({ ...tool, input: broken })).toStrictEqual([
      { path: "orders.get@1.2.0: input", message: "does not compile: no way" },
    ]);
  });
});

describe("a source", () => {
  test.each<[unknown, string]>([
    [5, "source received number 5, expected an object"],
    [{ kind: "http" }, "source.data received nothing, expected an object"],
    [{ kind: "http", data: [] }, "source.data received empty array, expected an object"],
    [{ kind: "code", data: {} }, 'source.kind received string "code", expected lower-case letters'],
    [{ kind: "Http", data: {} }, 'source.kind received string "Http", expected lower-case letters'],
    [{ kind: "http", data: {}, url: 1 }, "source.url is not a known field"],
    [{ kind: "http", data: { a: () => 1 } }, "source.data.a is not data that JSON can hold"],
  ])("%j is refused", (source, told) => {
    const refused = publishTool({ ...GOOD, source } as never);
    expect(refused.ok ? [] : refused.problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
      expect.stringContaining(told) as string,
    ]);
  });
});
