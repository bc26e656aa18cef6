import { describe, expect, test } from "vitest";
import { EgressError } from "../../net/index.ts";
import { toEgressFailure } from "./egress-failure.ts";
import { LostAnswerError } from "./failure.ts";

describe("an exchange that ended with", () => {
  test.each([
    ["REFUSED_URL", "UPSTREAM_NOT_ALLOWED", false],
    ["REFUSED_ADDRESS", "UPSTREAM_NOT_ALLOWED", false],
    ["RESOLVE_FAILED", "UPSTREAM_UNREACHABLE", true],
    ["CONNECT_FAILED", "UPSTREAM_UNREACHABLE", true],
    ["TLS_FAILED", "UPSTREAM_UNREACHABLE", false],
    ["TIMEOUT", "UPSTREAM_TIMEOUT", true],
    ["CANCELLED", "UPSTREAM_UNREACHABLE", true],
    ["TOO_LARGE", "ANSWER_TOO_LARGE", false],
    ["BAD_RESPONSE", "BAD_ANSWER", false],
    ["CONNECTION_LOST", "UPSTREAM_FAILED", true],
    ["TOO_MANY_REDIRECTS", "UNEXPECTED_ANSWER", false],
  ] as const)("%s is %s, retryable %s, unless a write may have arrived", (code, toolCode, retryable) => {
    const expected = { toolCode, retryable, retryAfterMs: retryable ? 3_000 : null, effect: "none" };
    for (const sent of [true, false]) {
      const error = new EgressError(code, "host.internal", { sent, retryAfterMs: 3_000 });
      const read = toEgressFailure(error, false);
      expect(read).toMatchObject(expected);
      const write = toEgressFailure(error, true);
      if (sent) expect(write).toBeInstanceOf(LostAnswerError);
      else expect(write).toMatchObject(expected);
      for (const shown of [read, write]) expect(shown.message).not.toContain("host.internal");
    }
  });

  test.each([
    ["what is no error of an egress", new Error("x")],
    ["nothing", null],
    ["text", "x"],
    ["a foreign code", { code: "constructor" }],
  ])("%s may have been sent", (_what, error) => {
    expect(toEgressFailure(error, true)).toBeInstanceOf(LostAnswerError);
    expect(toEgressFailure(error, false)).toMatchObject({
      toolCode: "UPSTREAM_FAILED",
      retryable: true,
      effect: "none",
    });
  });
});
