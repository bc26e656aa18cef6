import { describe, expect, test } from "vitest";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { parseHttpTool } from "./parse-http-tool.ts";

type Fields = Readonly<Record<string, unknown>>;

const http = { method: "GET", url: "https://api.example.org/v1/orders/{id}" };
const input = { type: "object", properties: { id: { type: "string" }, page: { type: "integer" } }, required: ["id"] };
const whole = { name: "orders.get", version: "1.0.0", description: "Look up an order.", input, http };

/** A definition with other parts of `http`. */
const withHttp = (more: Fields): Fields => ({ ...whole, http: { ...http, ...more } });
const post = { method: "POST", url: "https://api.example.org/v1/orders" };
const withPost = (more: Fields): Fields => ({ ...whole, http: { ...post, ...more } });
const withInput = (more: Fields): Fields => ({ ...whole, input: { ...input, ...more } });

function problemsOf(data: unknown): readonly string[] {
  try {
    parseHttpTool(data);
  } catch (error) {
    expect(error).toBeInstanceOf(ToolyardError);
    const { code, problems } = error as ToolyardError;
    expect(code).toBe("INVALID_DEFINITION");
    return problems.map(({ path, message }) => `${path.replace("orders.get@1.0.0: ", "")} ${message}`);
  }
  return [];
}

describe("a definition that is right", () => {
  test("gets its defaults", () => {
    expect(parseHttpTool(whole)).toEqual({
      ...whole,
      effect: "read",
      idempotent: true,
      input: { ...input, additionalProperties: false },
      http: {
        ...http,
        parameters: { id: { in: "path", name: "id" }, page: { in: "query", name: "page" } },
        response: { maxBytes: 1_048_576 },
      },
    });
  });

  test("puts arguments into the body of a method that has one", () => {
    const parsed = parseHttpTool(withPost({}));
    expect(parsed.http).toMatchObject({ body: "json", parameters: { id: { in: "body" }, page: { in: "body" } } });
  });

  test("takes everything that may be said", () => {
    const data = {
      ...whole,
      category: "orders",
      access: { roles: ["USER"] },
      limits: [{ per: ["principal"], capacity: 60, windowMs: 60_000 }],
      cost: 2,
      timeoutMs: 3_000,
      exactNumbers: "bigint",
      output: { type: "object" },
      examples: [{ id: "o_1" }],
      http: {
        method: "POST",
        url: "https://api.example.org/v1/orders/{order}/notes?v=2",
        parameters: { id: { in: "path", name: "order" }, page: { in: "header", name: "X-Page" } },
        headers: { "accept-language": "en" },
        auth: { header: "Authorization", secret: "vault:orders/token" },
        idempotencyKeyHeader: "Idempotency-Key",
        response: { pointer: "/data", maxBytes: 1_000 },
        errors: { "404": "NOT_FOUND", "4xx": { code: "REFUSED", message: "No.", retryable: false, effect: "none" } },
      },
    };
    const parsed = parseHttpTool(data);
    expect(parsed.http.auth).toEqual({ header: "Authorization", scheme: "Bearer", secret: "vault:orders/token" });
    expect(parsed.http.errors?.["404"]).toEqual({ code: "NOT_FOUND" });
    expect(parsed).toMatchObject({ effect: "write", idempotent: false, cost: 2 });
  });

  test("is the same when it is parsed again, also from JSON", () => {
    const parsed = parseHttpTool(
      withPost({ auth: { basic: "shop", secret: "env:PASSWORD" }, errors: { "409": "TAKEN" } }),
    );
    expect(parseHttpTool(parsed)).toBe(parsed);
    expect(parseHttpTool(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  test("is frozen, and of our own", () => {
    const data = structuredClone(whole);
    const parsed = parseHttpTool(data);
    data.http.url = "https://evil.example/{id}";
    expect(parsed.http.url).toBe(http.url);
    expect(Object.isFrozen(parsed.http.parameters["id"])).toBe(true);
  });

  test.each([
    ["GET", "read", true],
    ["HEAD", "read", true],
    ["OPTIONS", "read", true],
    ["PUT", "write", true],
    ["DELETE", "write", true],
    ["POST", "write", false],
    ["PATCH", "write", false],
  ])("of %s has the effect %s, idempotent %s", (method, effect, idempotent) => {
    expect(parseHttpTool(withHttp({ method }))).toMatchObject({ effect, idempotent });
  });

  test.each([
    ["POST", "read", true],
    ["GET", "write", false],
    ["DELETE", "destructive", true],
  ])("of %s may say that its effect is %s", (method, effect, idempotent) => {
    expect(parseHttpTool({ ...withHttp({ method }), effect })).toMatchObject({ effect, idempotent });
  });
});

describe("a definition that is wrong", () => {
  test.each([
    [null, "(definition) received null, expected the definition of a tool: an object"],
    [[], "(definition) received empty array, expected the definition of a tool: an object"],
    [
      { ...whole, http: undefined },
      'http is missing, expected an object, such as { method: "GET", url: "https://api.example.org/v1/orders/{id}" }',
    ],
    [{ ...whole, htpp: 1 }, "htpp is not a known field; did you mean http?"],
    [{ ...whole, url: "x" }, "url is not a known field; did you mean http.url?"],
    [{ ...whole, handler: "x" }, "handler is code, and this tool is data: http says what it does; leave it out"],
    [{ ...whole, honoursKeys: true }, "honoursKeys is said by http.idempotencyKeyHeader; leave it out"],
    [{ ...whole, status: "x" }, "status is code, and this tool is data; leave it out"],
    [
      { ...whole, exactNumbers: "text" },
      'exactNumbers received "text", expected "bigint": a number goes out as a number, not as text',
    ],
    [
      { ...whole, effect: "reed" },
      'effect received string "reed", expected one of "read", "write", "destructive"; did you mean "read"?',
    ],
    [
      { ...whole, timeoutMs: 0 },
      "timeoutMs received number 0, expected an integer from 1 to 86,400,000 (milliseconds)",
    ],
    [
      { ...whole, version: "1" },
      'orders.get@1: version received string "1", expected an exact semantic version without build metadata, such as "1.2.0"; did you mean "1.0.0"?',
    ],
    [{ ...whole, output: { type: "strng" } }, /^output\.type received string "strng".*did you mean "string"\?$/],
    [
      { ...whole, output: { $ref: "file:///etc/passwd" } },
      /^output\.\$ref received "file:\/\/\/etc\/passwd"; nothing outside/,
    ],
    [
      withInput({ additionalProperties: true }),
      /^input\.additionalProperties received boolean true, expected false or nothing; name its members/,
    ],
    [withInput({ patternProperties: { a: {} } }), /^input\.patternProperties is not accepted at the root/],
    [withInput({ $ref: "#/$defs/a", $defs: { a: {} } }), /^input\.\$ref is not accepted at the root/],
    [
      withInput({ properties: { ...input.properties, q: { pattern: "(?=a)" } } }),
      /^input\.properties\.q\.pattern the pattern .* cannot run in linear time/,
    ],
    [withHttp({ methud: "GET" }), "http.methud is not a known field; did you mean method?"],
    [withHttp({ method: "get" }), /^http\.method received string "get", expected one of .*; did you mean "GET"\?$/],
    [withHttp({ method: undefined }), "http.method is missing"],
    [withHttp({ url: undefined }), "http.url is missing"],
  ])("%# says so: %s", (data, expected) => {
    const problems = problemsOf(data);
    if (typeof expected === "string") expect(problems).toContain(expected);
    else
      expect(
        problems.some((problem) => expected.test(problem)),
        problems.join("\n"),
      ).toBe(true);
  });

  test("tells everything at once", () => {
    const problems = problemsOf({ ...whole, description: "", http: { method: "GTE", url: "ftp://x", body: "xml" } });
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
      ...["http.method", "http.url", "http.body", "description"],
    ]);
  });

  test("cannot pollute a prototype", () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"name":"a","constructor":{"prototype":{"polluted":1}}}',
    ) as unknown;
    expect(problemsOf(hostile)[0]).toMatch(/^__proto__ is not data that JSON can hold/);
    expect(({} as Fields)["polluted"]).toBeUndefined();
    const named = { type: "object", properties: { constructor: { type: "string" }, toString: { type: "string" } } };
    const parsed = parseHttpTool({ ...withPost({ parameters: {} }), input: named });
    expect(parsed.http.parameters).toEqual({
      constructor: { in: "body", name: "constructor" },
      toString: { in: "body", name: "toString" },
    });
  });

  test("cannot pollute a prototype from any of its parts", () => {
    const full = {
      ...withPost({ parameters: { id: {} }, headers: { a: "b" }, errors: { 404: {} }, auth: {} }),
      access: {},
      output: {},
      examples: [{}],
    };
    const text = JSON.stringify(full);
    let tried = 0;
    for (let at = text.indexOf("{"); at !== -1; at = text.indexOf("{", at + 1)) {
      const member = text[at + 1] === "}" ? '"__proto__":{"polluted":1}' : '"__proto__":{"polluted":1},';
      const problems = problemsOf(JSON.parse(`${text.slice(0, at + 1)}${member}${text.slice(at + 1)}`));
      expect(problems.join("\n")).toContain("__proto__");
      tried++;
    }
    expect(tried).toBeGreaterThan(10);
    expect(({} as Fields)["polluted"]).toBeUndefined();
  });

  test("is told the rest when a schema is out of its bounds, which is then looked at no further", () => {
    const values = Array.from({ length: 1_001 }, () => 1);
    const output = { enum: values, type: "strng" };
    expect(problemsOf({ ...whole, title: "", output })).toEqual([
      "output.enum has 1001 values, at most 1000 are taken; accept a string",
      'title received string "", expected text of 1 to 256 characters',
    ]);
  });

  test("is refused when it is too large, or no data", () => {
    expect(problemsOf({ ...whole, tags: ["x".repeat(524_288)] })[0]).toMatch(
      /^\(definition\) has \d+ bytes as JSON, at most 524288/,
    );
    expect(problemsOf({ ...whole, cost: () => 1 })[0]).toMatch(/^cost is not data that JSON can hold/);
  });
});

describe("parameters", () => {
  test.each([
    [withHttp({ parameters: { idd: { in: "path" } } }), "http.parameters.idd is not a known field; did you mean id?"],
    [
      withHttp({ parameters: { id: "path" } }),
      'http.parameters.id received string "path", expected an object, such as { in: "query" }',
    ],
    [
      withHttp({ parameters: { page: { in: "cookie" } } }),
      'http.parameters.page.in received string "cookie", expected one of "path", "query", "header", "body"',
    ],
    [withHttp({ parameters: { page: { at: "query" } } }), /^http\.parameters\.page\.at is not a known field/],
    [
      withHttp({ parameters: { page: { in: "path", name: "ib" } } }),
      "http.parameters.page goes into {ib} of url, and it has {id}",
    ],
    [withPost({ parameters: { id: { in: "path" } } }), "http.parameters.id goes into {id} of url, and it has none"],
    [
      { ...whole, input: { ...input, required: [] } },
      "http.parameters.id goes into the path and is not required; add it to input.required",
    ],
    [
      withHttp({ url: "https://a.example/{ID}" }),
      "http.url has the place {ID}, and no member of input fills it; did you mean {id}?",
    ],
    [withHttp({ parameters: { page: { in: "body" } } }), "http.parameters.page goes into the body, and GET has none"],
    [withHttp({ body: "json" }), "http.body is set, but GET has no body; leave it out"],
    [
      withHttp({ parameters: { page: { in: "path", name: "id" } } }),
      'http.parameters.page has the name string "id" in the path, which parameters.id has',
    ],
    [
      withHttp({ url: `${http.url}?page=1` }),
      'http.parameters.page has the name string "page" in the query, which the query of url has',
    ],
    [
      withHttp({ headers: { "x-page": "1" }, parameters: { page: { in: "header", name: "X-Page" } } }),
      'http.parameters.page has the name string "X-Page" in the header, which headers.x-page has',
    ],
    [
      withHttp({ parameters: { page: { in: "header", name: "Host" } } }),
      'http.parameters.page goes into the header string "Host", which is reserved: it concerns the connection or the body and is set for you',
    ],
    [
      withHttp({ parameters: { page: { in: "header", name: "X-HTTP-Method-Override" } } }),
      /which is reserved: servers take who asks, or which method/,
    ],
    [
      withHttp({ parameters: { page: { in: "header", name: "Authorization" } } }),
      /which is reserved: it says who asks/,
    ],
    [
      withHttp({ parameters: { page: { in: "header", name: "Proxy-X" } } }),
      /which is reserved: proxies and browsers set it/,
    ],
    [withHttp({ parameters: { page: { in: "header", name: "Accept" } } }), /which is reserved: what is accepted/],
    [withHttp({ parameters: { page: { in: "header", name: "a b" } } }), /which is no name of a header/],
    [
      withPost({ parameters: { page: { style: "comma" } } }),
      "http.parameters.page has a style, which is for arrays in a query or a form; leave it out",
    ],
    [
      withHttp({ parameters: { page: { style: "comma" } } }),
      "http.parameters.page has a style, and is no array; leave it out",
    ],
    [
      withInput({ properties: { id: input.properties.id, page: { type: "object" } } }),
      "http.parameters.page is object, which cannot stand in the query; expected text, a number or a boolean, or an array of them",
    ],
    [
      withInput({ properties: { id: { type: "array" }, page: {} } }),
      "http.parameters.id is array, which cannot stand in the path; expected text, a number or a boolean",
    ],
    [
      withInput({ properties: { id: input.properties.id, page: { type: "array", items: { type: "object" } } } }),
      "http.parameters.page is an array of object, which cannot stand in the query; expected items that are text, numbers or booleans",
    ],
  ])("%# are refused: %s", (data, expected) => {
    const problems = problemsOf(data);
    if (typeof expected === "string") expect(problems).toContain(expected);
    else
      expect(
        problems.some((problem) => expected.test(problem)),
        problems.join("\n"),
      ).toBe(true);
  });
});

describe("headers, the key and answers", () => {
  test.each([
    [
      withHttp({ headers: ["a"] }),
      'http.headers received array of 1 item, expected an object of at most 32, such as { accept-language: "en" }',
    ],
    [withHttp({ headers: { "x-a": 1 } }), "http.headers.x-a has a value that is no text"],
    [withHttp({ headers: { "x-a": "" } }), "http.headers.x-a is empty"],
    [withHttp({ headers: { "x-a": "a\r\nb" } }), /^http\.headers\.x-a holds a character that no header is sent with/],
    [
      withHttp({ headers: { "x-a": "x".repeat(4_097) } }),
      "http.headers.x-a has 4097 characters, at most 4096 are sent in a header",
    ],
    [
      withHttp({ headers: { "X-Api-Key": "k" } }),
      "http.headers.X-Api-Key is reserved: it says who asks; write it to auth, with a reference to the secret",
    ],
    [
      withHttp({ headers: { "x-shop-secret": "k" } }),
      "http.headers.x-shop-secret sounds like a secret; write it to auth, with a reference to it",
    ],
    [withHttp({ headers: { "x-a": "1", "X-A": "2" } }), "http.headers.X-A sets what headers.x-a sets already"],
    [withPost({ idempotencyKeyHeader: "Content-Length" }), /^http\.idempotencyKeyHeader is reserved/],
    [
      withHttp({ idempotencyKeyHeader: "Idempotency-Key" }),
      "http.idempotencyKeyHeader is set, but effect is read: repeating a reading call changes nothing; leave it out",
    ],
    [
      withPost({ headers: { key: "1" }, idempotencyKeyHeader: "Key" }),
      "http.idempotencyKeyHeader sets what headers.key sets already",
    ],
    [
      withHttp({ response: { pointer: "data" } }),
      'http.response.pointer received string "data", expected a JSON Pointer (RFC 6901), such as "/data/items"',
    ],
    [
      withHttp({ response: { pointer: "/a", text: true } }),
      "http.response.pointer points into JSON, and text is true; leave one of them out",
    ],
    [
      withHttp({ response: { maxBytes: 0 } }),
      "http.response.maxBytes received number 0, expected an integer from 1 to 16,777,216 (bytes)",
    ],
    [
      withHttp({ errors: "x" }),
      'http.errors received string "x", expected an object of at most 64, such as { "404": "NOT_FOUND" }',
    ],
    [
      withHttp({ errors: { "200": "OK" } }),
      "http.errors.200 is no status that may be mapped; expected one from 300 to 599, 4xx or 5xx",
    ],
    [
      withHttp({ errors: { "404": "not found" } }),
      'http.errors.404.code received string "not found", expected SCREAMING_SNAKE, such as "NOT_FOUND"',
    ],
    [withHttp({ errors: { "404": {} } }), "http.errors.404.code is missing"],
    [
      withHttp({ errors: { "404": 5 } }),
      'http.errors.404 received number 5, expected an object, such as { code: "NOT_FOUND" }',
    ],
    [
      withHttp({ errors: { "404": { code: "A", effect: "some" } } }),
      /^http\.errors\.404\.effect received string "some", expected one of "none", "applied", "unknown"/,
    ],
  ])("%# are refused: %s", (data, expected) => {
    const problems = problemsOf(data);
    if (typeof expected === "string") expect(problems).toContain(expected);
    else
      expect(
        problems.some((problem) => expected.test(problem)),
        problems.join("\n"),
      ).toBe(true);
  });
});

describe("auth", () => {
  const auth = { header: "X-Key", secret: "vault:orders/token" };

  test.each([
    [{ auth: {} }, "http.auth received none of them, expected exactly one of header, query and basic"],
    [
      { auth: { ...auth, query: "k" } },
      "http.auth received header and query, expected exactly one of header, query and basic",
    ],
    [{ auth: { header: "X-Key" } }, 'http.auth.secret is missing, expected a reference such as "vault:orders/token"'],
    [
      { auth: { ...auth, secret: "vaul:orders" } },
      "http.auth.secret expected a reference to a secret (env:, file:, vault:), and received 11 characters that are none; did you mean vault:?",
    ],
    [{ auth: { ...auth, header: "Host" } }, /^http\.auth\.header is reserved: it concerns the connection/],
    [{ auth: { ...auth, scheme: "a b" } }, "http.auth.scheme expected one word, such as Bearer"],
    [
      { auth: { query: "k", scheme: "Bearer", secret: auth.secret } },
      "http.auth.scheme stands before a secret in a header, and this one goes into query; leave it out",
    ],
    [
      { auth: { basic: "a:b", secret: auth.secret } },
      "http.auth.basic expected the name of a user: visible ASCII characters without a colon",
    ],
    [{ auth, headers: { "x-key": "1" } }, "http.auth.header sets what headers.x-key sets already"],
    [
      { auth: { query: "page", secret: auth.secret } },
      'http.parameters.page has the name string "page" in the query, which auth has',
    ],
    [
      { auth, url: "http://api.example.org/{id}" },
      "http.auth would send a secret over http:, where everybody on the way can read it; write an https: url, or overHttp: true",
    ],
    [{ auth: { ...auth, overHttp: "yes" } }, 'http.auth.overHttp received string "yes", expected true or false'],
  ])("%# is refused: %s", (more, expected) => {
    const problems = problemsOf(withHttp(more));
    if (typeof expected === "string") expect(problems).toContain(expected);
    else
      expect(
        problems.some((problem) => expected.test(problem)),
        problems.join("\n"),
      ).toBe(true);
  });

  test.each(["http://127.0.0.1:1/{id}", "http://localhost/{id}", "http://[::1]/{id}"])("goes over %s", (url) => {
    expect(problemsOf(withHttp({ auth, url }))).toEqual([]);
  });

  test("goes over http where the definition says so", () => {
    const parsed = parseHttpTool(withHttp({ auth: { ...auth, overHttp: true }, url: "http://orders.internal/{id}" }));
    expect(parsed.http.auth).toEqual({ ...auth, overHttp: true });
  });

  test("takes references of an operator's own schemes when they are named", () => {
    const data = withHttp({ auth: { ...auth, secret: "aws-sm:orders" } });
    expect(problemsOf(data)).toHaveLength(1);
    expect(parseHttpTool(data, { secretSchemes: ["aws-sm"] }).http.auth?.secret).toBe("aws-sm:orders");
  });

  test.each([
    ["the whole of auth", { auth: "sk-canary-7f3a" }],
    ["its secret", { auth: { ...auth, secret: "sk-canary-7f3a" } }],
    ["its secret, with a colon", { auth: { ...auth, secret: "user:sk-canary-7f3a" } }],
    ["a header", { headers: { authorization: "Bearer sk-canary-7f3a" } }],
    ["the URL", { url: "https://user:sk-canary-7f3a@api.example.org/{id}" }],
  ])("does not repeat a secret that stands in place of its reference: %s", (_where, more) => {
    const problems = problemsOf(withHttp(more));
    expect(problems).not.toEqual([]);
    expect(problems.join("\n")).not.toContain("sk-canary");
  });
});
