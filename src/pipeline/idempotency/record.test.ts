import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome, OutcomeMeta } from "../../call/outcome.ts";
import { createScope } from "../../kernel/scope.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { beginCall } from "../call.ts";
import { toFailure, toSuccess } from "../outcomes.ts";
import {
  fromOutcomeText,
  isIdempotencyKey,
  isKnown,
  toAppliedText,
  toArgumentsDigest,
  toListedKey,
  toOutcomeText,
  toPassedKey,
  toRecordKey,
  toStoredMeta,
} from "./record.ts";

const clock = createManualClock();
const toCall = (id: string, dryRun = false) =>
  beginCall(
    id,
    {
      ref: "pay",
      received: {},
      principal: null,
      principalProblem: null,
      signal: null,
      timeoutMs: null,
      idempotencyKey: "k",
      digest: null,
      dryRun,
      emit: null,
      parent: null,
    },
    createScope(),
    clock.monotonic(),
  );

describe("the digest of arguments", () => {
  const data = fc.dictionary(fc.string(), fc.jsonValue());

  it("is that of their JSON text, whatever the order of its keys and its spaces", () => {
    const reverse = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reverse);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reverse(member)]),
      );
    };
    fc.assert(
      fc.property(
        data.filter((value) => !JSON.stringify(value).includes("__proto__")),
        (value) => {
          const digest = toArgumentsDigest(value);
          expect(toArgumentsDigest(JSON.stringify(value))).toBe(digest);
          expect(toArgumentsDigest(JSON.stringify(value, null, 2))).toBe(digest);
          expect(toArgumentsDigest(reverse(value))).toBe(digest);
        },
      ),
    );
  });

  it("is another one for other data", () => {
    fc.assert(
      fc.property(data, data, (one, other) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(toArgumentsDigest(one) === toArgumentsDigest(other)).toBe(isSame);
      }),
    );
  });

  // Each is a set of arguments that some tool accepts.
  const distinct: readonly unknown[] = [
    {},
    { amount: 10n },
    { amount: 20n },
    { amount: "10" },
    { amount: "n10" },
    { amount: 10n, note: "x" },
    '{"amount":12345678901234567890}',
    '{"amount":12345678901234567891}',
    { note: "\ud800" },
    { note: "\udfff" },
    { note: ["\ud800"] },
    { note: { 0: "\ud800" } },
    { amount: 10n, note: "\ud800" },
    { amount: "10", note: "\ud800" },
    { amount: "n10", note: "\ud800" },
    { amount: 10, note: "\ud800" },
    { amount: null, note: "\ud800" },
  ];

  it("tells apart what JSON cannot hold but tools accept: BigInt, numbers beyond a double, lone surrogates", () => {
    expect(new Set(distinct.map(toArgumentsDigest)).size).toBe(distinct.length);
    expect(toArgumentsDigest('{"note":"\\ud800","amount":1}')).toBe(toArgumentsDigest({ amount: 1, note: "\ud800" }));
    expect(toArgumentsDigest({ b: 1n, a: 2n })).toBe(toArgumentsDigest({ a: 2n, b: 1n }));
  });

  it("is there for what no tool accepts", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const trap = {
      get x(): never {
        throw new Error("x");
      },
    };
    for (const value of [cycle, trap, () => 1, Symbol("x"), Number.NaN, { a: Number.NaN }, "{", "[1"]) {
      expect(toArgumentsDigest(value)).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
    expect(toArgumentsDigest({ a: Number.NaN })).not.toBe(toArgumentsDigest({ a: null }));
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([key, member]) => [key, sorted(member)]);
}

describe("an idempotency key", () => {
  it("is a text of 1 to 255 characters that UTF-8 can hold", () => {
    for (const key of ["k", "😀", "k".repeat(255), " ", "\0", "__proto__"]) expect(isIdempotencyKey(key)).toBe(true);
    for (const key of ["", "k".repeat(256), "\ud800", "a\udfff", 1, null, undefined, {}, ["k"]])
      expect(isIdempotencyKey(key)).toBe(false);
  });

  it("is passed on as another one for another principal, tenant, tool or key", () => {
    const keys = ["t\0p\0pay\0k", "u\0p\0pay\0k", "t\0q\0pay\0k", "t\0p\0look\0k", "t\0p\0pay\0l"].map(toPassedKey);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("the key of a record", () => {
  it("is that of the outcome that is listed", () => {
    const line = {
      id: "c",
      tenant: "t",
      principal: "p",
      tool: "pay",
      version: "1.0.0",
      code: "TIMEOUT",
      at: 0,
    } as const;
    expect(toListedKey({ ...line, idempotencyKey: "k" })).toBe("t\0p\0pay\0k");
    expect(toListedKey({ ...line, idempotencyKey: "k" })).toBe(toRecordKey({ tenant: "t", id: "p" }, "pay", "k"));
    expect(toListedKey({ ...line, idempotencyKey: null })).toBeNull();
  });
});

describe("an outcome", () => {
  const first = toCall("first");
  const failure = toFailure(first, clock, "TOOL_ERROR", "No.", { toolCode: "NO", details: { a: 1 }, effect: "none" });
  const success = toSuccess(first, clock, { n: 1 });

  it.each<[string, Outcome]>([
    ["a success", success],
    ["a success with content", { ...success, content: [{ type: "text", text: "x" }] }],
    ["a failure", failure],
    ["a failure without details", toFailure(first, clock, "TOOL_FAILED", "x", { effect: "unknown" })],
  ])("comes back as the answer of another call: %s", (_name, outcome) => {
    const again = toCall("again", true);
    expect(fromOutcomeText(toOutcomeText(outcome), again, clock)).toStrictEqual({
      ...outcome,
      meta: { ...outcome.meta, callId: "again", dryRun: true, attempts: 0, replayOf: "first" },
    });
  });

  it("is known unless it says that the effect is not, or its owner is gone", () => {
    const parts = { owner: "first", version: "1.0.0", argumentsDigest: "" };
    const toStored = (outcome: Outcome) => ({ ...parts, state: "stored", outcome: toOutcomeText(outcome) }) as const;
    expect(isKnown(toStored(success))).toBe(true);
    expect(isKnown(toStored(failure))).toBe(true);
    expect(isKnown(toStored(toFailure(first, clock, "TOOL_FAILED", "x", { effect: "applied" })))).toBe(true);
    expect(isKnown(toStored(toFailure(first, clock, "TOOL_FAILED", "x", { effect: "unknown" })))).toBe(false);
    expect(isKnown({ ...parts, state: "running" })).toBe(false);
    expect(isKnown({ ...parts, state: "abandoned" })).toBe(false);
  });

  it("that turned out to be applied is a success with its output, or says that the output is lost", () => {
    const meta: OutcomeMeta = toStoredMeta(toOutcomeText(failure));
    expect(meta).toStrictEqual(failure.meta);
    const parse = (known: { readonly output: unknown } | null): Outcome =>
      JSON.parse(toAppliedText(meta, known)) as Outcome;
    expect(parse({ output: { n: 2 } })).toEqual({ ok: true, output: { n: 2 }, content: [], meta });
    expect(parse(null)).toMatchObject({
      ok: false,
      error: { code: "OUTPUT_LOST", effect: "applied", retryable: false, toolCode: null },
      continuation: null,
      meta,
    });
  });
});
