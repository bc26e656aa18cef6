import { describe, expect, test } from "vitest";
import { ToolError } from "../../errors/tool-error.ts";
import { type BuiltRequest, buildRequest } from "./build-request.ts";
import { compileExchange } from "./compile-exchange.ts";
import { parseHttpTool } from "./parse-http-tool.ts";

type Fields = Readonly<Record<string, unknown>>;

const any = { type: ["string", "number", "boolean", "null", "array", "object"] };
const input = { type: "object", properties: { id: any, list: any, h: any }, required: ["id"] };

function build(http: Fields, args: Fields, secret: readonly [string, string] | null = null): BuiltRequest {
  const definition = { name: "t", version: "1.0.0", description: "d", input, http: { method: "POST", ...http } };
  return buildRequest(compileExchange(parseHttpTool(definition).http), args, secret);
}

function refusalOf(http: Fields, args: Fields): string {
  try {
    build(http, args);
  } catch (error) {
    expect(error).toBeInstanceOf(ToolError);
    const { toolCode, effect, retryable, message } = error as ToolError;
    expect({ toolCode, effect, retryable }).toEqual({ toolCode: "INVALID_ARGUMENT", effect: "none", retryable: false });
    return message;
  }
  return "";
}

const path = { url: "https://a.example/{id}" };
const query = { method: "GET", url: "https://a.example/x" };
const STEP = 'is, or holds between slashes, "." or "..", a step to another path';
const NOT_SCALAR = "is, or holds, an object, an array or null where text, a number or a boolean is sent";

describe("an argument is refused", () => {
  test.each([
    [path, { id: "" }, "is empty, and would leave out a part of the path"],
    [path, { id: ".." }, STEP],
    [path, { id: "a/../b" }, STEP],
    [path, { id: "%252e%252E" }, STEP],
    [path, { id: "..;x" }, STEP],
    [{ url: "https://a.example/.{id}" }, { id: "." }, STEP],
    [path, { id: "a\nb" }, "holds a control character, which no path has"],
    [path, { id: "\ud800" }, "holds half of a surrogate pair, which is no text"],
    [path, { id: null }, NOT_SCALAR],
    [path, { id: {} }, NOT_SCALAR],
    [query, { id: "\ud800" }, "holds half of a surrogate pair, which is no text"],
    [query, { id: [["a"]] }, NOT_SCALAR],
    [query, { id: [null] }, NOT_SCALAR],
  ])("for %j with %j", (http, args, problem) => {
    expect(refusalOf(http, args)).toBe(`The argument "id" ${problem}. Nothing was sent.`);
  });

  test.each([
    ["a\r\nX: y", "holds a character that no header is sent with: visible ASCII is, and spaces within it"],
    ["é", "holds a character that no header is sent with: visible ASCII is, and spaces within it"],
    [" a", "holds a character that no header is sent with: visible ASCII is, and spaces within it"],
    ["", "is empty"],
    ["x".repeat(4_097), "has 4097 characters, at most 4096 are sent in a header"],
    [[], NOT_SCALAR],
  ])("in a header: %j", (h, problem) => {
    const http = { ...query, parameters: { h: { in: "header", name: "X-H" } } };
    expect(refusalOf(http, { id: 1, h })).toBe(`The argument "h" ${problem}. Nothing was sent.`);
  });

  test("with a comma where commas part items", () => {
    const http = { ...query, parameters: { list: { in: "query", style: "comma" } } };
    const expected =
      'The argument "list" has an item with a comma, which would be two items to the upstream. Nothing was sent.';
    expect(refusalOf(http, { id: 1, list: ["a,b"] })).toBe(expected);
  });

  test("when the URL would be too long", () => {
    const expected = "The arguments make a URL of more than 8192 characters; shorten them.";
    expect(refusalOf(query, { id: "x".repeat(8_192) })).toBe(expected);
  });
});

describe("a request", () => {
  test("encodes what has a meaning in a path", () => {
    expect(build(path, { id: "a/b?c#d@e%2f ü'" }).url).toBe("https://a.example/a%2Fb%3Fc%23d%40e%252f%20%C3%BC%27");
  });

  test("has arrays in the style of their parameter", () => {
    const comma = { ...query, parameters: { list: { in: "query", style: "comma" } } };
    expect(build(comma, { id: 1, list: ["a b", 2, true] }).url).toBe("https://a.example/x?id=1&list=a%20b,2,true");
    expect(build(query, { id: 1, list: ["a,b", 2] }).url).toBe("https://a.example/x?id=1&list=a%2Cb&list=2");
    expect(build(comma, { id: 1, list: [] }).url).toBe("https://a.example/x?id=1");
  });

  test("leaves out what is absent, and null outside of JSON", () => {
    expect(build(query, { id: 1, list: null }).url).toBe("https://a.example/x?id=1");
    expect(build({ url: "https://a.example/x" }, { id: null }).body).toBe('{"id":null}');
  });

  test("has numbers as they were sent", () => {
    const args = { id: 9007199254740993n, list: [-0, 1e21, 0.1, -9007199254740993n] };
    expect(build({ url: "https://a.example/x" }, args).body).toBe(
      '{"id":9007199254740993,"list":[-0,1e+21,0.1,-9007199254740993]}',
    );
    expect(build(query, args).url).toContain(
      "?id=9007199254740993&list=-0&list=1e%2B21&list=0.1&list=-9007199254740993",
    );
  });

  test("has the names that the upstream knows, whatever they are", () => {
    const names = { id: { in: "body", name: "__proto__" }, list: { in: "body", name: "constructor" } };
    const { body } = build({ url: "https://a.example/x", parameters: names }, { id: "a", list: "b" });
    expect(body).toBe('{"__proto__":"a","constructor":"b"}');
    expect(({} as Fields)["a"]).toBeUndefined();
  });

  test("has a form where that is asked for", () => {
    const { body, headers } = build({ url: "https://a.example/x", body: "form" }, { id: "a b&c=é", list: [1, 2] });
    expect(body).toBe("id=a%20b%26c%3D%C3%A9&list=1&list=2");
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  test("has a body of JSON even when no argument is given", () => {
    expect(build({ url: "https://a.example/x" }, {}).body).toBe("{}");
    expect(build(query, {}).body).toBeNull();
    expect(build(query, {}).headers).toEqual({ accept: "application/json" });
  });

  test("keeps halves of surrogate pairs in JSON, where they can be written", () => {
    expect(build({ url: "https://a.example/x" }, { id: "\ud800" }).body).toBe('{"id":"\\ud800"}');
  });

  test("says what it accepts, unless the definition does", () => {
    expect(build({ ...query, response: { text: true } }, {}).headers["accept"]).toBe("text/*, application/json");
    const fixed = { Accept: "application/vnd.shop+json" };
    expect(build({ ...query, headers: fixed }, {}).headers).toEqual(fixed);
  });

  test("has the secret in its query, encoded, after everything else", () => {
    expect(build({ ...query, url: "https://a.example/x?v=1" }, { id: 1 }, ["key", "a&b"]).url).toBe(
      "https://a.example/x?v=1&id=1&key=a%26b",
    );
  });
});
