import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCanonicalJson } from "../../kernel/canonical-json.ts";
import { createBodyWriter, toRecordText } from "./record-text.ts";

const bodies = fc.dictionary(fc.string({ unit: "grapheme" }), fc.oneof(fc.jsonValue(), fc.constant(undefined)), {
  noNullPrototype: true,
});

describe("the text of a record", () => {
  it("is what the canonical form is, whatever was written before", () => {
    fc.assert(
      fc.property(fc.array(bodies, { maxLength: 4 }), fc.string({ unit: "grapheme" }), fc.nat(), (list, text, at) => {
        const toBodyText = createBodyWriter();
        for (const body of [...list, ...list]) {
          const plain = JSON.parse(JSON.stringify(body)) as unknown;
          expect(toBodyText(body)).toBe(toCanonicalJson(plain));
          const record = { writer: text, seq: 3, at, kind: text, bodyText: toBodyText(body), prev: "00" };
          const { bodyText: _, ...rest } = record;
          expect(toRecordText(record)).toBe(toCanonicalJson({ ...rest, body: plain }));
        }
      }),
    );
  });

  it("keeps what JSON cannot hold as JSON.stringify does, and halves of characters as U+FFFD", () => {
    const toBodyText = createBodyWriter();
    expect(toBodyText({ a: Number.NaN, b: [undefined, 1] })).toBe('{"a":null,"b":[null,1]}');
    expect(toBodyText({ a: "x\ud800y", "\udc00": ["😀", "\\ud800", "\\\ud800"] })).toBe(
      '{"a":"x\ufffdy","\ufffd":["😀","\\\\ud800","\\\\\ufffd"]}',
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, text) => {
        const body = { [name]: text, [`${name}\ud800`]: [`${text}\udfff`] };
        const written = toBodyText(body);
        expect(written.isWellFormed()).toBe(true);
        expect(toCanonicalJson(JSON.parse(written))).toBe(written);
        expect((JSON.parse(written) as Record<string, unknown>)[name.toWellFormed()]).toBe(text.toWellFormed());
      }),
    );
  });
});
