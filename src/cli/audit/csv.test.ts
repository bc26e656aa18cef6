import fc from "fast-check";
import { expect, test } from "vitest";
import { createChain } from "../../audit/chain/chain.ts";
import { CSV_HEADER, toCsvLine } from "./csv.ts";

/** The cells of a line after RFC 4180. */
function parse(line: string): readonly string[] {
  expect(line.endsWith("\r\n")).toBe(true);
  const cells: string[] = [];
  let rest = line.slice(0, -2);
  for (;;) {
    const [whole = "", quoted, plain = ""] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|$)/.exec(rest) ?? [];
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (whole.length === rest.length) return cells;
    expect(rest[whole.length]).toBe(",");
    rest = rest.slice(whole.length + 1);
  }
}

const COLUMNS = parse(CSV_HEADER);

test("writes every text so that it comes back, and none that a spreadsheet would run", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", '"', ",", "'"), fc.string())
      .map(([first, rest]) => first + rest),
  );
  fc.assert(
    fc.property(texts, texts, (principal, tool) => {
      const body = { principal, tool, arguments: { text: principal }, durationMs: -1.5 };
      const record = createChain({ writer: "w" }).append({ at: 0, kind: "call.succeeded", body });
      const cells = parse(toCsvLine(record));
      expect(cells).toHaveLength(COLUMNS.length);
      const cellOf = (column: string): string => cells[COLUMNS.indexOf(column)] as string;
      for (const [column, text] of [
        ["principal", principal],
        ["tool", tool],
      ] as const) {
        const cell = cellOf(column);
        expect([text.toWellFormed(), `'${text.toWellFormed()}`]).toContain(cell);
        if (!/^-\d+(\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/u);
      }
      expect(JSON.parse(cellOf("arguments"))).toEqual({ text: principal.toWellFormed() });
      expect(cellOf("durationMs")).toBe("-1.5");
      expect(cellOf("at")).toBe("1970-01-01T00:00:00.000Z");
    }),
  );
});

test("writes a body that is no JSON object as empty cells", () => {
  const record = createChain({ writer: "w" }).append({ at: 0, kind: "x", body: {} });
  const cells = parse(toCsvLine({ ...record, bodyText: "[" }));
  expect(cells.slice(0, 4)).toEqual(["1970-01-01T00:00:00.000Z", "x", "", ""]);
});
