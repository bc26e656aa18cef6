import { describe, expect, it } from "vitest";
import { createRegistry } from "../core/create-registry.ts";
import type { Effect } from "../tool/effect.ts";
import { defineTool } from "../tool/define-tool.ts";
import { isLostAnswer } from "./lost-answer.ts";

const withCode = (code: unknown): Error => Object.assign(new Error("x"), { code });
const causedBy = (cause: unknown, depth: number): unknown =>
  depth === 0 ? cause : new TypeError("fetch failed", { cause: causedBy(cause, depth - 1) });

describe("a lost answer", () => {
  it.each([
    "ECONNABORTED",
    "ECONNRESET",
    "ENETDOWN",
    "ENETRESET",
    "EPIPE",
    "ERR_HTTP2_STREAM_ERROR",
    "ERR_STREAM_PREMATURE_CLOSE",
    "ETIMEDOUT",
    "UND_ERR_ABORTED",
    "UND_ERR_BODY_TIMEOUT",
    "UND_ERR_HEADERS_TIMEOUT",
    "UND_ERR_SOCKET",
  ])("is a connection that broke: %s", (code) => {
    expect(isLostAnswer(withCode(code))).toBe(true);
    expect(isLostAnswer({ code })).toBe(true);
  });

  it("is somebody's deadline", () => {
    expect(isLostAnswer(new DOMException("x", "TimeoutError"))).toBe(true);
    expect(isLostAnswer(new DOMException("x", "AbortError"))).toBe(true);
  });

  it("is what one of them caused, as fetch says it", () => {
    for (const depth of [1, 2, 7]) expect(isLostAnswer(causedBy(withCode("ECONNRESET"), depth))).toBe(true);
  });

  it.each([
    ["a connection that never stood", withCode("ECONNREFUSED")],
    ["a name that nobody knows", withCode("ENOTFOUND")],
    ["a connection that took too long to make", withCode("UND_ERR_CONNECT_TIMEOUT")],
    ["another code", withCode("EACCES")],
    ["a code that is no text", withCode(104)],
    ["a code that only looks similar", withCode("econnreset")],
    ["any other exception", new Error("ECONNRESET")],
    ["a text", "ECONNRESET"],
    ["nothing", undefined],
    ["null", null],
    ["a cause too deep to be one", causedBy(withCode("ECONNRESET"), 8)],
  ])("is not %s", (_, error) => {
    expect(isLostAnswer(error)).toBe(false);
  });

  it("is not what cannot be read, or has no end", () => {
    const cyclic = new Error("x");
    cyclic.cause = cyclic;
    expect(isLostAnswer(cyclic)).toBe(false);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isLostAnswer(proxy)).toBe(false);
    const throwing = Object.defineProperty({}, "code", {
      get() {
        throw new Error("x");
      },
    });
    expect(isLostAnswer(throwing)).toBe(false);
  });

  it.each<[Effect, string, string]>([
    ["read", "TOOL_FAILED", "none"],
    ["write", "OUTCOME_UNKNOWN", "unknown"],
    ["destructive", "OUTCOME_UNKNOWN", "unknown"],
  ])("of a tool whose effect is %s is %s", async (effect, code, state) => {
    const tool = defineTool({
      name: "t",
      version: "1.0.0",
      description: "For tests.",
      effect,
      handler: () => Promise.reject(withCode("ECONNRESET")),
    });
    const registry = createRegistry({ tools: [tool], retry: false });
    const outcome = await registry.execute(tool, {});
    expect(outcome).toMatchObject({ ok: false, error: { code, effect: state } });
    const listed = await registry.outcomes.list();
    expect(listed).toMatchObject(state === "unknown" ? [{ tool: "t", id: outcome.meta.callId, code }] : []);
    if (!outcome.ok && state === "unknown") expect(outcome.error.message).toContain("The connection");
    for (const { id } of listed) await registry.outcomes.resolve(id, { effect: "none" });
    expect(await registry.outcomes.list()).toEqual([]);
  });
});
