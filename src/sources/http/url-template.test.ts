import { expect, test } from "vitest";
import { parseUrlTemplate } from "./url-template.ts";

const problemsOf = (text: string): readonly string[] => {
  const parsed = parseUrlTemplate(text);
  return parsed.ok ? [] : parsed.problems;
};

test("a template has an origin, segments, places and a fixed query", () => {
  expect(parseUrlTemplate("HTTPS://API.example.org:443/v1/{a}-{b}.json/?x=1&y=%20")).toEqual({
    ok: true,
    template: {
      origin: "https://api.example.org",
      isSecure: true,
      isLoopback: false,
      segments: [[{ literal: "v1" }], [{ place: "a" }, { literal: "-" }, { place: "b" }, { literal: ".json" }], []],
      places: ["a", "b"],
      query: "x=1&y=%20",
      queryNames: ["x", "y"],
    },
  });
});

const SHAPE =
  "expected an absolute http: or https: URL without backslashes, such as https://api.example.org/v1/orders/{id}";

test.each([
  ["orders/{id}", SHAPE],
  ["ftp://a.example/", SHAPE],
  ["file:///etc/passwd", SHAPE],
  ["https://a.example\\b", SHAPE],
  ["https://a.example/#x", "has a fragment, which is not sent; leave it out"],
  ["https://u:p@a.example/", "has a user or password before its host; write it to auth, as a reference"],
  ["https://{host}/", "has a place in its host; arguments never choose whom a tool talks to"],
  ["https://a.example:{port}/", "has a place in its host; arguments never choose whom a tool talks to"],
  ["https:///x", 'has the host "", which is none'],
  ["https://a b/", 'has the host "a b", which is none'],
  ["https://a.example:99999/", 'has the host "a.example:99999", which is none'],
  ["https://a.example//x", "has an empty segment (//) in its path"],
  ["https://a.example/{a b}", 'has the place {a b}, expected a name of 1 to 64 letters, digits, "_", "-" and "."'],
  ["https://a.example/{}", 'has the place {}, expected a name of 1 to 64 letters, digits, "_", "-" and "."'],
  ["https://a.example/{a", 'has "{a" in its path, with a character that has to be percent-encoded'],
  ["https://a.example/é", 'has "é" in its path, with a character that has to be percent-encoded'],
  ["https://a.example/%zz", 'has "%zz" in its path, with a character that has to be percent-encoded'],
  ["https://a.example/a/../b", 'has the segment "..", which a URL resolves; write the path it leads to'],
  ["https://a.example/%2E%2e/b", 'has the segment "%2E%2e", which a URL resolves; write the path it leads to'],
  ["https://a.example/.", 'has the segment ".", which a URL resolves; write the path it leads to'],
  ["https://a.example/{a}/{a}", "has the place {a} twice"],
  ["https://a.example/?q={q}", "has a place in its query; bind the argument with in: query, it is added there"],
  ["https://a.example/?q=a b", "has a query with a character that has to be percent-encoded"],
])("%s is refused", (text, problem) => {
  expect(problemsOf(text)).toEqual([problem]);
});
