// That the search finds what it is there to find.
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createKeyCanary, createTextCanary, createWordCanary, findCanaries } from "./canary-forms.ts";

const text = createTextCanary("text");
const word = createWordCanary("word");
const key = createKeyCanary("key");

const around = (bytes: Buffer): Buffer => Buffer.concat([randomBytes(7), bytes, randomBytes(5)]);

test.each([text, word, key])("finds a $what in every form, whatever stands around it", (canary) => {
  const { bytes } = canary;
  const asText = bytes.toString("utf8");
  const hidden = [
    around(bytes),
    around(Buffer.from(bytes.toString("hex"))),
    around(Buffer.from(bytes.toString("hex").toUpperCase())),
    ...[0, 1, 2, 3].flatMap((before) =>
      (["base64", "base64url"] as const).map((encoding) =>
        Buffer.from(Buffer.concat([randomBytes(before), bytes, randomBytes(4)]).toString(encoding)),
      ),
    ),
    ...(canary === key
      ? []
      : [
          Buffer.from(encodeURIComponent(`a=${asText}&b`)),
          Buffer.from(JSON.stringify({ asText })),
          Buffer.from(JSON.stringify({ inner: JSON.stringify({ asText }) })),
          Buffer.from(`x${asText}y`, "utf16le"),
        ]),
  ];
  for (const [index, content] of hidden.entries()) {
    expect(findCanaries([canary], new Map([["here", content]])), `form ${index}`).not.toEqual([]);
  }
  expect(findCanaries([canary], new Map([["here", randomBytes(10_000)]]))).toEqual([]);
});
