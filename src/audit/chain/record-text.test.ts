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

  it("refuses what JSON cannot hold", () => {
    expect(() => createBodyWriter()({ a: Number.NaN })).toThrow();
    expect(() => createBodyWriter()({ a: "\ud800" })).toThrow();
  });
});
