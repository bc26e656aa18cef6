import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson, type ParsedJson } from "./parse-json.ts";

// Generous: it is the machine that may be slow, and nothing here depends on time.
const PATIENT = { timeout: 60_000 };

function reasonOf(text: string): string {
  const parsed = parseJson(text);
  return parsed.ok ? "ok" : parsed.reason;
}

function accepted(parsed: ParsedJson): Extract<ParsedJson, { ok: true }> {
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed;
}

/** JSON text of `value` with its strings written as escapes, at random. */
function escapeSome(text: string, seed: number): string {
  let state = seed;
  return text.replaceAll(/[a-z]/g, (letter) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % 3 === 0 ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}` : letter;
  });
}

describe("what is accepted", () => {
  test("accepts exactly what JSON.parse accepts", PATIENT, () => {
    const fragments = [
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      '"a"',
      '"b"',
      "\\",
      "0",
      "1",
      "-",
      ".",
      "e",
      "+",
      "true",
      "nul",
      "null",
      " ",
      "\n",
      "\t",
      "\u0000",
      "é",
      "\ud800",
      "\\u00",
      "4f",
    ];
    const noise = fc.array(fc.constantFrom(...fragments), { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(noise, (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(["SYNTAX", "TRAILING_TEXT", "DUPLICATE_KEY"]).toContain(reasonOf(text));
          return;
        }
        const parsed = parseJson(text);
        if (parsed.ok) expect(parsed.value).toStrictEqual(expected);
        else expect(parsed.reason).toBe("DUPLICATE_KEY");
      }),
      { numRuns: 5_000 },
    );
  });

  test("gives what JSON.parse gives for every JSON value", PATIENT, () => {
    const pretty = fc.constantFrom(0, 1, 2, "\t");
    fc.assert(
      fc.property(fc.json({ maxDepth: 8, stringUnit: "binary" }), pretty, (compact, indent) => {
        const value: unknown = JSON.parse(compact);
        const text = JSON.stringify(value, null, indent);
        fc.pre(!text.includes("__proto__"));
        expect(accepted(parseJson(text)).value).toStrictEqual(value);
      }),
      { numRuns: 600 },
    );
  });

  test("keeps -0, lone surrogates and empty names", () => {
    const { value } = accepted(parseJson('{"":-0,"\\ud800":"\udc00"}'));
    expect(value).toStrictEqual({ "": -0, "\ud800": "\udc00" });
  });
});

describe("what is refused", () => {
  test("refuses a key that occurs twice, however it is written", PATIENT, () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const others = fc.uniqueArray(fc.string({ maxLength: 5 }), { maxLength: 20 });
    fc.assert(
      fc.property(key, others, fc.nat(), fc.nat(20), (name, rest, seed, at) => {
        const members = rest
          .filter((other) => other !== name && other !== "__proto__")
          .map((other) => `${JSON.stringify(other)}:1`);
        members.splice(at % (members.length + 1), 0, `"${name}":{"${name}":1}`);
        expect(reasonOf(`{${members.join(",")}}`)).toBe("ok");
        members.splice(seed % (members.length + 1), 0, `"${escapeSome(name, seed)}" :2`);
        expect(reasonOf(`[{${members.join(",")}}]`)).toBe("DUPLICATE_KEY");
      }),
      { numRuns: 600 },
    );
  });

  test("refuses __proto__ as a key, also escaped, and only as a key", () => {
    expect(reasonOf('{"__proto__":{}}')).toBe("PROTO_KEY");
    expect(reasonOf('{"a":[{"\\u005f_proto__":1}]}')).toBe("PROTO_KEY");
    expect(reasonOf('{"a":"__proto__","constructor":1,"toString":2}')).toBe("ok");
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("refuses nesting over the limit and accepts nesting at it", () => {
    expect(reasonOf("[".repeat(64) + "]".repeat(64))).toBe("ok");
    expect(reasonOf("[".repeat(65) + "]".repeat(65))).toBe("TOO_DEEP");
    expect(reasonOf(`${'{"a":['.repeat(32)}1${"]}".repeat(32)}`)).toBe("ok");
    expect(reasonOf('{"a":'.repeat(1_000_000))).toBe("TOO_LARGE");
    expect(parseJson("[[1]]", { maxDepth: 1 })).toMatchObject({ ok: false, reason: "TOO_DEEP" });
  });

  test("refuses text over the limit in bytes, not in characters", () => {
    expect(parseJson('"éé"', { maxBytes: 6 }).ok).toBe(true);
    expect(parseJson('"éé"', { maxBytes: 5 })).toMatchObject({ ok: false, reason: "TOO_LARGE" });
    expect(parseJson(`"${"a".repeat(1_048_574)}"`).ok).toBe(true);
    expect(reasonOf(`"${"a".repeat(1_048_575)}"`)).toBe("TOO_LARGE");
  });

  test("tells text after the value from other faults", () => {
    expect(reasonOf('{"a":1} {"b":2}')).toBe("TRAILING_TEXT");
    expect(reasonOf("nullx")).toBe("TRAILING_TEXT");
    expect(reasonOf("")).toBe("SYNTAX");
  });

  test.each([
    [
      '{"a":1,}',
      'found "}" where a property name in double quotes is expected, at position 7 (line 1, column 8), near "{\\"a\\":1,}"',
    ],
    [
      "{'a':1}",
      'found "\'" where a property name in double quotes is expected, at position 1 (line 1, column 2), near "{\'a\':1}"',
    ],
    ['{"a":1', 'the text ends where "," or "}" is expected, at position 6 (line 1, column 7), near "{\\"a\\":1"'],
    [
      '{\n  "a": tru\n}',
      'found "t" where a value is expected, at position 9 (line 2, column 8), near "{\\n  \\"a\\": tru\\n}"',
    ],
    [
      '["a\nb"]',
      'a control character in a string is not escaped, at position 3 (line 1, column 4), near "[\\"a\\nb\\"]"',
    ],
    ['"\\x"', 'a backslash begins no known escape, at position 1 (line 1, column 2), near "\\"\\\\x\\""'],
    ["[01]", 'a number begins with a needless 0, at position 1 (line 1, column 2), near "[01]"'],
  ])("says what is wrong with %s and where", (text, message) => {
    expect(parseJson(text)).toStrictEqual({ ok: false, reason: expect.any(String) as string, message });
  });

  test("shows an excerpt, never the whole text", () => {
    const parsed = parseJson(`{"a":"${"x".repeat(5_000)}" "b"}`);
    expect(parsed.ok ? "" : parsed.message.length).toBeLessThan(200);
  });
});

describe("numbers a double cannot hold", () => {
  test("are named with path, literal and kind, in a value that is what JSON.parse gives", () => {
    const text = '{"id":9007199254740993,"list":[1,{"x":1e400}],"tiny":-1e-400,"ok":[0.1,3.14159265358979323846,1e21]}';
    const parsed = accepted(parseJson(text));
    expect(parsed.value).toStrictEqual(JSON.parse(text));
    expect(parsed.inexact).toStrictEqual([
      { path: ["id"], literal: "9007199254740993", kind: "INTEGER" },
      { path: ["list", 1, "x"], literal: "1e400", kind: "OVERFLOW" },
      { path: ["tiny"], literal: "-1e-400", kind: "UNDERFLOW" },
    ]);
  });

  test("are found without an exponent, however long they are", () => {
    const tiny = `0.${"0".repeat(400)}1`;
    expect(accepted(parseJson(`[${tiny}]`)).inexact).toStrictEqual([{ path: [0], literal: tiny, kind: "UNDERFLOW" }]);
  });

  test("are found at the root too", () => {
    expect(parseJson("12345678901234567890")).toStrictEqual({
      ok: true,
      value: 12345678901234567000,
      inexact: [{ path: [], literal: "12345678901234567890", kind: "INTEGER" }],
    });
  });

  test("are bounded in number", () => {
    expect(reasonOf(`[${Array.from({ length: 10_000 }, () => "9007199254740993").join()}]`)).toBe("ok");
    expect(reasonOf(`[${Array.from({ length: 10_001 }, () => "9007199254740993").join()}]`)).toBe("TOO_MANY_INEXACT");
  });

  test("leave every number alone that JSON.stringify has written", PATIENT, () => {
    const double = fc.double({ noDefaultInfinity: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(double), (numbers) => {
        expect(accepted(parseJson(JSON.stringify(numbers))).inexact).toStrictEqual([]);
      }),
      { numRuns: 600 },
    );
  });
});

test("reads every character a bounded number of times", PATIENT, () => {
  // Counted, not timed: a string whose every access is counted.
  const count = (text: string): number => {
    let reads = 0;
    const counted = new Proxy(Object(text) as object, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== "function") return member;
        return (...parameters: unknown[]): unknown => {
          reads++;
          return Reflect.apply(member, target, parameters);
        };
      },
    });
    parseJson(counted as unknown as string);
    return reads;
  };
  for (const unit of ["[", '{"k":', '"\\u0061",', "1e5,", " ", '{"a":1},', "true,", '"a",', "1234567890123456789,"]) {
    const small = count(`[${unit.repeat(500)}`);
    expect(small).toBeGreaterThan(60);
    const large = count(`[${unit.repeat(5_000)}`);
    expect(large).toBeLessThanOrEqual(small * 10 + 100);
  }
});
