import { describe, expect, it } from "vitest";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { toLater, toRefusal, toThrownRefusal } from "./problem.ts";

describe("a refusal", () => {
  it("has the status and the title of its code", () => {
    expect(toRefusal("UNKNOWN_TOOL", "Here.").details).toEqual({
      ...{ type: "urn:toolyard:error:unknown_tool", title: "There is no such tool for this principal.", status: 404 },
      ...{ detail: "Here.", code: "UNKNOWN_TOOL" },
    });
  });

  it.each([
    [1, "1"],
    [1_000, "1"],
    [1_001, "2"],
    [0, "1"],
  ])("tells %d ms as %s s, never earlier", (ms, seconds) => {
    expect(toLater("RATE_LIMITED", "", ms).headers["retry-after"]).toBe(seconds);
  });
});

describe("what was thrown", () => {
  it("says nothing of itself when nobody planned for it (S-72)", () => {
    const { details } = toThrownRefusal(new Error("select * from keys where pepper = 'x'"));
    expect([details.status, details.code]).toEqual([500, "INTERNAL"]);
    expect(JSON.stringify(details)).not.toMatch(/select|pepper/);
  });

  it("says nothing of itself when it is the server's own fault", () => {
    expect(
      JSON.stringify(toThrownRefusal(new ToolyardError("SECRET_UNUSABLE", "env:DB_PASSWORD is not set"))),
    ).not.toContain("DB_PASSWORD");
    const failed = toThrownRefusal(new ToolyardError("STORE_FAILED", "disk /var/lib/x is full"));
    expect([failed.details.status, failed.headers["retry-after"]]).toEqual([503, "1"]);
    expect(JSON.stringify(failed)).not.toContain("/var/lib");
  });

  it("says what is wrong when the request is, with at most 32 problems", () => {
    const problems = Array.from({ length: 100 }, (_, index) => ({ path: `a[${index}]`, message: "is wrong" }));
    const { details } = toThrownRefusal(new ToolyardError("INVALID_DEFINITION", "100 problems", { problems }));
    expect([details.status, details.problems?.length]).toEqual([422, 32]);
  });
});
