import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EgressError } from "./egress-error.ts";
import { parseLocation, parseTarget } from "./target.ts";

describe("a target", () => {
  test("is what the URL parser makes of it", () => {
    expect(parseTarget("HTTPS://API.Example.com:443/a/../b?q=1#part")).toEqual({
      ...{ origin: "https://api.example.com", secure: true, hostname: "api.example.com", isAddress: false },
      ...{ port: 443, path: "/b?q=1", url: "https://api.example.com/b?q=1" },
    });
    expect(parseTarget("http://[::1]:8080")).toMatchObject({ hostname: "::1", isAddress: true, port: 8080, path: "/" });
    expect(parseTarget("http://0x7f.1/")).toMatchObject({ hostname: "127.0.0.1", isAddress: true, port: 80 });
  });

  test.each([
    ["", "absolute URL"],
    ["/relative", "absolute URL"],
    ["http:host", "absolute URL"],
    ["ftp://host/", 'scheme is "ftp:"'],
    ["http://host:0/", "port is 0"],
    ["http://host:65536/", "absolute URL"],
    ["http://user@host/", "user or password"],
    ["http://@host/", "user or password"],
    ["http://host/a b", "blank"],
    ["http://host/\u007F", "control character"],
    ["http://host\\path", "backslash"],
    [`http://host/${"x".repeat(20_000)}`, "20012 characters"],
    [`http://${"a".repeat(301)}/`, "host has 301 characters"],
  ])("is refused: %j", (text, problem) => {
    expect(() => parseTarget(text)).toThrow(problem);
  });

  test("is refused when it is no text", () => {
    expect(() => parseTarget(new URL("http://host/") as unknown as string)).toThrow("received object");
  });

  test("is a target or a refusal for any text", () => {
    const parts = fc.tuple(fc.constantFrom("http://", "https://", "//", ""), fc.domain(), fc.string());
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          parts.map((list) => list.join("")),
        ),
        (text) => {
          try {
            const target = parseTarget(text);
            expect(target.url).toBe(`${target.origin}${target.path}`);
            expect(parseTarget(target.url)).toEqual(target);
          } catch (error) {
            expect(error).toBeInstanceOf(EgressError);
            expect(error).toMatchObject({ code: "REFUSED_URL", sent: false });
          }
        },
      ),
    );
  });
});

describe("where an answer leads", () => {
  const from = parseTarget("https://api.example.com/v1/things?x=1");

  test.each([
    ["other", "https://api.example.com/v1/other"],
    ["/top?y", "https://api.example.com/top?y"],
    ["?z", "https://api.example.com/v1/things?z"],
    ["//evil.example/", "https://evil.example/"],
    ["http://api.example.com/", "http://api.example.com/"],
  ])("is resolved: %s", (location, url) => {
    expect(parseLocation(location, from).url).toBe(url);
  });

  test.each(["https://a:b@api.example.com/", "\\\\evil.example\\", "/a\tb", "javascript:alert(1)", "http://["])(
    "is refused: %j",
    (location) => {
      expect(() => parseLocation(location, from)).toThrow(EgressError);
    },
  );
});
