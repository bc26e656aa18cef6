// Whatever a model writes into an argument, the request goes where the definition says.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ToolError } from "../../errors/tool-error.ts";
import { type BuiltRequest, buildRequest } from "./build-request.ts";
import { compileExchange } from "./compile-exchange.ts";
import { parseHttpTool } from "./parse-http-tool.ts";

const NAUGHTY: readonly string[] = [
  ...["", " ", ".", "..", "...", "%2e", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..;", "..;/", ";..", "..%3b"],
  ...["../", "..\\", "a/..", "a/../../admin", "/", "//", "\\", "a/b", "%2f", "%2F..", "..%2f..%2fadmin", "%5c..%5C"],
  ...["/etc/passwd", "//evil.example", "https://evil.example/", "@evil.example", "a@b", ":80", "?", "?a=b", "#", "#x"],
  ...["a\r\nHost: evil", "a\nb", "\0", "\t", "\u007f", "\u0085", "\u2028", "\ufeff", "\u202e", "\ud800", "\udc00x"],
  ...[
    "é",
    "日本",
    "😀",
    "％2e",
    "．．",
    "。",
    "&a=b",
    "=",
    "+",
    "%",
    "%zz",
    "'\"<>",
    "{id}",
    "{a}",
    "__proto__",
    "constructor",
  ],
];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAUGHTY) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...NAUGHTY, "a", "1"), { maxLength: 4 }).map((parts) => parts.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);
const argument = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, [], ["a"], {}),
);

const any = { type: ["string", "number", "boolean", "null", "array", "object"] };
const compiled = compileExchange(
  parseHttpTool({
    ...{ name: "t", version: "1.0.0", description: "d" },
    input: {
      type: "object",
      properties: { id: any, part: any, end: any, q: any, tag: any, h: any },
      required: ["id", "part", "end"],
    },
    http: {
      method: "GET",
      url: "https://api.example.org/v1/orders/{id}/x-{part}.{end}/last?fixed=1",
      parameters: { tag: { in: "query", name: "t&g=#", style: "comma" }, h: { in: "header", name: "X-H" } },
    },
  }).http,
);

/** The request, or null when the arguments are refused as they may be. */
function build(input: Readonly<Record<string, unknown>>): BuiltRequest | null {
  try {
    return buildRequest(compiled, input, null);
  } catch (error) {
    if (error instanceof ToolError && error.toolCode === "INVALID_ARGUMENT" && error.effect === "none") return null;
    throw error;
  }
}

describe("a URL", () => {
  test("keeps the origin, the fixed segments and their number", () => {
    const inputs = fc.record({ id: argument, part: argument, end: argument, q: argument, tag: fc.array(text) });
    let sent = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const request = build(input);
        if (request === null) return;
        sent++;
        const url = new URL(request.url);
        expect(url.origin).toBe("https://api.example.org");
        expect(url.href).toBe(request.url);
        const segments = url.pathname.split("/");
        expect(segments).toHaveLength(6);
        expect([segments[1], segments[2], segments[5]]).toEqual(["v1", "orders", "last"]);
        expect(segments.every((segment) => !/^(?:\.|%2e){1,2}$/i.test(segment))).toBe(true);
        expect(request.url).toMatch(/^[!-~]*$/);
        expect(url.hash + url.username + url.password).toBe("");
      }),
      { numRuns: 2_000 },
    );
    expect(sent).toBeGreaterThan(100);
  });

  test("stays under its prefix for whoever decodes it again and again", () => {
    fc.assert(
      fc.property(text, (id) => {
        const request = build({ id, part: "a", end: "b" });
        if (request === null) return;
        let path = new URL(request.url).pathname;
        for (let round = 0; round < 4; round++) {
          path = path
            .replaceAll(/%25/g, "%")
            .replaceAll(/%2e/gi, ".")
            .replaceAll(/%2f|%5c|\\/gi, "/")
            .replaceAll(/;[^/]*/g, "");
          expect(new URL(`https://h.example${path.replaceAll(/[^\w./-]/g, "_")}`).pathname).toMatch(/^\/v1\/orders\//);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("gives the upstream the very arguments", () => {
    const value = text.filter((candidate) => candidate.isWellFormed());
    fc.assert(
      fc.property(value, value, (id, q) => {
        const request = build({ id, part: "a", end: "b", q });
        if (request === null) return;
        const url = new URL(request.url);
        expect(decodeURIComponent(url.pathname.split("/")[3] ?? "")).toBe(id);
        expect(url.searchParams.get("q")).toBe(q);
        expect([...url.searchParams.keys()]).toEqual(["fixed", "q"]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("takes texts into the query that no path takes", () => {
    for (const q of NAUGHTY.filter((candidate) => candidate.isWellFormed())) {
      expect(new URL(build({ id: "1", part: "a", end: "b", q })?.url ?? "").searchParams.get("q"), q).toBe(q);
    }
  });
});

test("a header is sent as it is, or not at all", () => {
  fc.assert(
    fc.property(argument, (h) => {
      const headers = build({ id: "1", part: "a", end: "b", h })?.headers;
      if (headers === undefined) return;
      expect(Object.keys(headers)).toEqual(h === null ? ["accept"] : ["accept", "X-H"]);
      expect(headers["X-H"] ?? "a").toMatch(/^[!-~](?:[ -~]*[!-~])?$/);
      if (typeof h === "string") expect(headers["X-H"]).toBe(h);
    }),
    { numRuns: 1_000 },
  );
});
