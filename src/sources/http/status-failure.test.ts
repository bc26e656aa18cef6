import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LostAnswerError } from "./failure.ts";
import { STATUS_MEANINGS, toStatusFailure, toStatusMeaning } from "./status-failure.ts";

const answer = (status: number, more = {}): Parameters<typeof toStatusFailure>[0] => ({
  ...{ status, retryAfterMs: null, textAt: () => null },
  ...more,
});

describe("a status", () => {
  test.each([
    [400, "UPSTREAM_REFUSED", false, "none"],
    [401, "UPSTREAM_UNAUTHORIZED", false, "none"],
    [404, "NOT_FOUND", false, "none"],
    [409, "CONFLICT", false, "none"],
    [429, "UPSTREAM_BUSY", true, "none"],
    [503, "UPSTREAM_BUSY", true, "unknown"],
    [302, "UNEXPECTED_ANSWER", false, "unknown"],
    [600, "UNEXPECTED_ANSWER", false, "unknown"],
    [501, "UPSTREAM_REFUSED", false, "none"],
  ])("of %i is %s for a tool that writes, retryable %s, effect %s", (status, toolCode, retryable, effect) => {
    expect(toStatusFailure(answer(status), undefined, true)).toMatchObject({
      ...{ toolCode, retryable, effect, details: { status } },
    });
  });

  test("of a failed upstream leaves unknown what a write has done, and a read may be tried again", () => {
    expect(toStatusFailure(answer(500), undefined, true)).toBeInstanceOf(LostAnswerError);
    const read = toStatusFailure(answer(500), undefined, false);
    expect(read).toMatchObject({ toolCode: "UPSTREAM_FAILED", retryable: true, effect: "none" });
    expect(read.message).toBe("The upstream failed (500).");
  });

  test("asks for a time only where it may be tried again", () => {
    expect(toStatusFailure(answer(429, { retryAfterMs: 2_000 }), {}, true)).toMatchObject({ retryAfterMs: 2_000 });
    expect(toStatusFailure(answer(400, { retryAfterMs: 2_000 }), {}, true)).toMatchObject({ retryAfterMs: null });
  });
});

describe("a rule", () => {
  const rules = {
    "409": { code: "TAKEN", message: "The slot is taken.", pointer: "/reason" },
    "4xx": { code: "REFUSED" },
    "5xx": { code: "DOWN", retryable: false, effect: "none" },
  } as const;

  test("of the status comes before one of its class, and that before the table", () => {
    expect(toStatusFailure(answer(409), rules, true)).toMatchObject({
      toolCode: "TAKEN",
      message: "The slot is taken.",
    });
    expect(toStatusFailure(answer(404), rules, true)).toMatchObject({ toolCode: "REFUSED", retryable: false });
    expect(toStatusFailure(answer(429), rules, true)).toMatchObject({ toolCode: "REFUSED", retryable: true });
    expect(toStatusFailure(answer(500), rules, true)).toMatchObject({
      toolCode: "DOWN",
      retryable: false,
      effect: "none",
    });
    expect(toStatusFailure(answer(500), { "5xx": { code: "DOWN" } }, true)).toMatchObject({ effect: "unknown" });
    expect(toStatusFailure(answer(500), { "5xx": { code: "DOWN", effect: "applied" } }, false)).toMatchObject({
      effect: "none",
    });
  });

  test("shows a text of the answer, shortened and with nothing hidden in it", () => {
    const textAt = (pointer: string): string => `${pointer}\u202e${"x".repeat(1_000)}`;
    const { details } = toStatusFailure(answer(409, { textAt }), rules, true) as { details?: unknown };
    expect(details).toEqual({ status: 409, upstream: `/reason<U+202E>${"x".repeat(492)}` });
  });
});

test("docs/http-tools.md has the table", () => {
  const document = readFileSync(new URL("../../../docs/http-tools.md", import.meta.url), "utf8");
  const groups = new Map<string, number[]>();
  for (const [status, { code, retryable, effect }] of STATUS_MEANINGS) {
    const key = `\`${code}\` | ${retryable ? "yes" : "no"} | ${effect}`;
    groups.set(key, [...(groups.get(key) ?? []), status]);
  }
  for (const [key, statuses] of groups) expect(document).toContain(`| ${statuses.join(", ")} | ${key} |`);
  for (const [label, status] of [
    ["other 4xx", 418],
    ["other 5xx", 500],
    ["others", 302],
  ] as const) {
    const { code, retryable, effect } = toStatusMeaning(status);
    expect(document).toContain(`| ${label} | \`${code}\` | ${retryable ? "yes" : "no"} | ${effect} |`);
  }
});
