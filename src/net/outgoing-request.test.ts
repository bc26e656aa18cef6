import { describe, expect, test } from "vitest";
import { EgressError } from "./egress-error.ts";
import type { EgressRequest } from "./egress-request.ts";
import { type OutgoingRequest, toOutgoing } from "./outgoing-request.ts";
import { parseTarget } from "./target.ts";

const target = parseTarget("https://api.example.com/");
const pool = { tenant: "default", upstream: "api", credential: "" };
const outgoing = (more: Partial<EgressRequest>): OutgoingRequest =>
  toOutgoing({ method: "POST", url: target.url, pool, ...more }, target);

describe("what goes out", () => {
  test("has header names in lower case, and says which encodings are taken", () => {
    const { headers } = outgoing({ headers: { "X-One": "a", "content-TYPE": "text/plain" } });
    expect(Object.fromEntries(headers)).toEqual({
      ...{ "x-one": "a", "content-type": "text/plain" },
      "accept-encoding": "gzip, br, zstd, deflate",
    });
    expect(outgoing({ headers: { "Accept-Encoding": "identity" } }).headers.get("accept-encoding")).toBe("identity");
  });

  test("has the bytes of its body", () => {
    expect(outgoing({ body: "ü" }).body).toEqual(new Uint8Array([0xc3, 0xbc]));
    expect(outgoing({ body: new Uint8Array([1]) }).body).toEqual(new Uint8Array([1]));
    expect([outgoing({ body: "" }).body, outgoing({ body: null }).body, outgoing({}).body]).toEqual([null, null, null]);
  });

  test.each([
    ["host", "a"],
    ["Content-Length", "1"],
    ["Transfer-Encoding", "chunked"],
    ["connection", "close"],
    ["keep-alive", "1"],
    ["Proxy-Authorization", "x"],
    ["te", "trailers"],
    ["Upgrade", "websocket"],
    ["expect", "100-continue"],
  ])("does not say %s by itself", (name, value) => {
    expect(() => outgoing({ headers: { [name]: value } })).toThrow("concerns the connection");
    expect(() => outgoing({ credential: { origin: target.origin, headers: { [name]: value } } })).toThrow(EgressError);
  });

  test.each(["", "a b", "a:b", "a\r\nb", "ä", "a\u0000", "x".repeat(257), "(a)"])("has no header named %j", (name) => {
    expect(() => outgoing({ headers: { [name]: "value" } })).toThrow("no header's");
  });

  test.each(["a\r\nx: y", "a\nb", "a\rb", "a\u0000b", "a\u007Fb", "snow \u2603"])(
    "has no value such as %j",
    (value) => {
      expect(() => outgoing({ headers: { "x-value": value } })).toThrow("the value of x-value");
    },
  );

  test("has no header twice", () => {
    expect(() => outgoing({ headers: { "X-A": "1", "x-a": "2" } })).toThrow("x-a is there twice");
  });

  test("treats names that objects have as names", () => {
    const headers = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    expect([...outgoing({ headers }).headers.keys()]).toEqual(["__proto__", "constructor", "accept-encoding"]);
  });

  test.each(["get", "GET POST", "GET\r\n", "", "CONNECT", "TRACE", "TRACK", "Ä", "A".repeat(33)])(
    "has no method such as %j",
    (method) => {
      expect(() => outgoing({ method })).toThrow("the request is refused: method");
    },
  );

  test.each(["GET", "HEAD"])("has no body with %s", (method) => {
    expect(() => outgoing({ method, body: "x" })).toThrow(`received 1 bytes with ${method}`);
    expect(outgoing({ method, body: "" }).body).toBe(null);
  });
});

describe("a credential", () => {
  const credential = (origin: string): NonNullable<EgressRequest["credential"]> => ({
    origin,
    headers: { "X-Key": "secret" },
  });

  test.each(["https://api.example.com", "https://API.example.com:443/", "https://api.example.com/path"])(
    "for %s goes out",
    (origin) => {
      expect(outgoing({ credential: credential(origin) }).headers.get("x-key")).toBe("secret");
    },
  );

  test.each([
    "http://api.example.com",
    "https://api.example.com:8443",
    "https://example.com",
    "https://api.example.com.",
  ])("for %s stays here", (origin) => {
    expect(outgoing({ credential: credential(origin) }).headers.has("x-key")).toBe(false);
  });

  test.each(["", "api.example.com", "data:,", "*"])("for no origin is refused: %j", (origin) => {
    expect(() => outgoing({ credential: credential(origin) })).toThrow("credential.origin");
  });
});
