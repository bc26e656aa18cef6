import { describe, expect, it } from "vitest";
import { parseAuditKey } from "./audit-key.ts";

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));

describe("parseAuditKey", () => {
  it.each(["hex", "base64", "base64url"] as const)("reads %s, with white space around it", (encoding) => {
    expect(Buffer.from(parseAuditKey(` ${key.toString(encoding)}\n`))).toEqual(key);
  });

  it.each([
    ["hunter2hunter2", "received 10 bytes"],
    ["correct horse battery staple", "received 28 characters that are neither"],
    ["", "received 0 characters"],
  ])("refuses %j without showing it", (text, expected) => {
    let message = "";
    try {
      parseAuditKey(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(expected);
    if (text !== "") expect(message).not.toContain(text);
  });
});
