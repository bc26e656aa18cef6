import { expect, it } from "vitest";
import { readIfMatch, toETag } from "./etag.ts";

it("reads back the entity tags that it writes", () => {
  for (const revision of [0, 1, 7, 123_456, Number.MAX_SAFE_INTEGER])
    expect(readIfMatch(toETag(revision))).toBe(revision);
});

it("asks for no revision without a header, and where any will do", () => {
  expect([readIfMatch(undefined), readIfMatch("*"), readIfMatch(" * ")]).toEqual([undefined, undefined, undefined]);
});

it("matches nothing by a weak tag, a list, or a tag of somebody else's", () => {
  for (const header of ['W/"7"', '"7", "8"', '"07"', "7", '""', '"-1"', '"1e3"', '"9007199254740993"', ""]) {
    expect(readIfMatch(header), header).toBeNull();
  }
});
