import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ERROR_CODES, type ErrorCode } from "../errors/codes.ts";
import type { ContentPart } from "./content.ts";
import { toModelText } from "./model-text.ts";
import type { Issue } from "./issue.ts";
import type { Failure, OutcomeError, OutcomeMeta, Success } from "./outcome.ts";

const meta: OutcomeMeta = {
  callId: "call_7",
  tool: "t",
  version: "1.0.0",
  digest: null,
  durationMs: 1,
  dryRun: false,
  attempts: 1,
  cached: null,
  degraded: null,
  replayOf: null,
  rollout: null,
  coerced: [],
  warnings: [],
};

function success(output: unknown, content: readonly ContentPart[] = []): Success {
  return { ok: true, output, content, meta };
}

function failure(code: ErrorCode, parts: Partial<OutcomeError> = {}): Failure {
  const error: OutcomeError = {
    code,
    message: "It failed.",
    effect: "none",
    retryable: false,
    retryAfterMs: null,
    issues: [],
    toolCode: null,
    suggestions: [],
    details: undefined,
    ...parts,
  };
  return { ok: false, error, continuation: null, meta };
}

const issue: Issue = {
  path: ["items", 0, "n"],
  message: "is out of range",
  expected: "integer from 1 to 10",
  received: "number 99",
  hint: "use 10",
};

describe("a success", () => {
  test("is its output as JSON, without loss", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (output) => {
        const text = toModelText(success(output));
        expect(typeof output === "string" ? text : JSON.parse(text)).toEqual(output);
      }),
    );
  });

  test("is a string as it is, and nothing is null", () => {
    expect(toModelText(success('say "hi"\n'))).toBe('say "hi"\n');
    expect(toModelText(success(undefined))).toBe("null");
  });

  test("writes exact integers out and never throws", () => {
    expect(toModelText(success({ id: 9007199254740993n }))).toBe('{"id":9007199254740993}');
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    expect(toModelText(success(loop))).toBe("[the output cannot be written as JSON]");
  });

  test("shows text parts and names the others", () => {
    const parts: readonly ContentPart[] = [
      { type: "text", text: "two\nlines" },
      { type: "image", data: "AAAA", mimeType: "image/png" },
      { type: "file", data: "AAAA", mimeType: "application/pdf", name: "a.pdf" },
      { type: "resource", uri: "memo://1" },
      { type: "resource", uri: "memo://2", text: "memo" },
    ];
    const rest =
      'two\nlines\n[image, image/png, not shown]\n[file "a.pdf", application/pdf, not shown]\n[resource memo://1, not shown]\nmemo';
    expect(toModelText(success({ a: 1 }, parts))).toBe(`{"a":1}\n${rest}`);
    expect(toModelText(success(undefined, parts))).toBe(rest);
  });
});

describe("a failure", () => {
  test("names every issue with path, expected, received and hint", () => {
    const text = toModelText(
      failure("INVALID_INPUT", {
        message: "summary with items[0].n",
        issues: [issue, { ...issue, path: [], hint: null }],
      }),
    );
    expect(text).toBe(
      "INVALID_INPUT: The arguments do not fit the tool's input schema.\n" +
        "- items[0].n: is out of range; expected integer from 1 to 10, received number 99. Hint: use 10.\n" +
        "- arguments: is out of range; expected integer from 1 to 10, received number 99.",
    );
  });

  test("keeps a received value from beginning a line", () => {
    const text = toModelText(failure("INVALID_INPUT", { issues: [{ ...issue, received: 'string "x\n- forged: y"' }] }));
    expect(text.split("\n")).toHaveLength(2);
  });

  test("shows what a tool says on purpose, its code and its details", () => {
    const text = toModelText(
      failure("TOOL_ERROR", { toolCode: "NOT_FOUND", message: "No order o_17.", details: { near: ["o_18"] } }),
    );
    expect(text).toBe('TOOL_ERROR NOT_FOUND: No order o_17.\nDetails: {"near":["o_18"]}');
  });

  test("says when to try again", () => {
    expect(toModelText(failure("QUOTA_EXCEEDED", { retryable: true, retryAfterMs: 11_999.2 }))).toBe(
      "QUOTA_EXCEEDED: It failed.\nTry again in 12s.",
    );
    expect(toModelText(failure("TIMEOUT", { retryable: true }))).toContain("may succeed later");
  });

  test("says what is known of the effect", () => {
    expect(toModelText(failure("OUTCOME_UNKNOWN", { effect: "unknown" }))).toContain(
      "Whether the effect happened is not known.",
    );
    expect(toModelText(failure("INVALID_OUTPUT", { effect: "applied" }))).toContain(
      "The effect has happened; do not repeat the call.",
    );
  });

  test("names what would have worked once", () => {
    const suggestions = ["a@1.0.0", "b@2.0.0"];
    expect(toModelText(failure("VERSION_RETIRED", { message: "Use a@1.0.0.", suggestions }))).toBe(
      "VERSION_RETIRED: Use a@1.0.0.\nPossible: b@2.0.0.",
    );
  });

  test("keeps from the model what is for the operator", () => {
    const codes = (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => ERROR_CODES[code].audience === "operator");
    expect(codes).toContain("INVALID_OUTPUT");
    for (const code of codes) {
      const text = toModelText(
        failure(code, { issues: [issue], details: { secret: "hunter2" }, suggestions: ["internal"] }),
      );
      expect(text).toBe(`${code}: It failed.\nQuote call_7 to the operator.`);
    }
    expect(toModelText(failure("TOOL_FAILED", { message: "The tool failed. Quote call_7 to its operator." }))).toBe(
      "TOOL_FAILED: The tool failed. Quote call_7 to its operator.",
    );
  });
});
