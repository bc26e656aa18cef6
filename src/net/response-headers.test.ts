import { describe, expect, test } from "vitest";
import { readRetryAfter, toHeaders, withoutEncoding } from "./response-headers.ts";

describe("the headers of an answer", () => {
  test("have names in lower case, lines joined, and nothing of the connection", () => {
    const raw = ["X-A", "1", "x-a", "2", "Connection", "close", "transfer-encoding", "chunked", "Set-Cookie", "a=b"];
    expect({ ...toHeaders(raw.map((text) => Buffer.from(text))) }).toEqual({ "x-a": "1, 2", "set-cookie": "a=b" });
  });

  test("are a record that names of Object do not reach", () => {
    const headers = toHeaders(["__proto__", "a", "constructor", "b"]);
    expect(Object.entries(headers)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
    expect(headers["toString"]).toBeUndefined();
  });

  test("lose what describes an encoded body", () => {
    const raw = ["content-encoding", "gzip", "content-length", "5", "content-type", "a/b"];
    expect({ ...withoutEncoding(toHeaders(raw)) }).toEqual({ "content-type": "a/b" });
  });
});

describe("when to come back", () => {
  const now = Date.UTC(2026, 0, 1);
  test.each([
    [undefined, null],
    ["5", 5000],
    ["0", 0],
    ["-1", null],
    ["soon", null],
    ["99999999999", null],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ])("is read from %j", (value, expected) => {
    expect(readRetryAfter(value, now)).toBe(expected);
  });
});
