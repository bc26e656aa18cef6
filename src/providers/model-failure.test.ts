import { describe, expect, test } from "vitest";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { redact, toModelFailure } from "./model-failure.ts";

describe("the failure of a model's API", () => {
  test("never shows what looks like a key or a token", () => {
    const secrets = [
      "sk-proj-abc_DEF-1234",
      "sk-...wxyz",
      "Bearer abc.def.ghi",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.x-y_z",
      "key_live_123456",
      "org-AbCd1234",
    ];
    for (const secret of secrets) expect(redact(`Bad ${secret} there`)).toBe("Bad [redacted] there");
    expect(redact("The task-force is risky, says skipper")).toBe("The task-force is risky, says skipper");
    expect(redact("x".repeat(5_000))).toHaveLength(300);
  });

  test("is told by what is known of it", () => {
    const say = (error: unknown): string => toModelFailure("m", error).message.replace('The model "m" failed: ', "");
    class APIConnectionTimeoutError extends Error {}
    expect(say(new APIConnectionTimeoutError("x"))).toBe("its API did not answer in time.");
    expect(say(new SyntaxError("Unexpected token sk-1234567"))).toBe("its API sent something that cannot be read.");
    expect(say(new TypeError("terminated"))).toBe("the connection to its API failed.");
    expect(say({ status: 400, error: { message: "Too long." }, requestID: "req_1" })).toBe(
      "its API refused the request (400): Too long. Request req_1.",
    );
    expect(say({ status: 400, requestID: "a b" })).toBe("its API refused the request (400).");
    for (const odd of [null, undefined, 5, "x", {}]) expect(say(odd)).toBe("the connection to its API failed.");
  });

  test("is told by the body that a client has made its message", () => {
    const say = (message: string): string =>
      toModelFailure("m", Object.assign(new Error(message), { status: 400 })).message;
    const body = JSON.stringify({ error: { code: 400, message: "Bad key AIzaSy0123456789abcdef." } });
    const told = 'The model "m" failed: its API refused the request (400): Bad key [redacted].';
    expect(say(body)).toBe(told);
    expect(say(`got status: INVALID_ARGUMENT. ${body}`)).toBe(told);
    expect(say(JSON.stringify({ error: { message: body } }))).toBe(told);
    for (const other of ["{", "no body", '{"error":null}', '{"error":{"message":5}}', "[1]"]) {
      expect(say(other)).toBe('The model "m" failed: its API refused the request (400).');
    }
  });

  test("stays as it is when it is told already", () => {
    const error = new ToolyardError("MODEL_FAILED", "told");
    expect(toModelFailure("m", error)).toBe(error);
  });

  test("keeps nothing of the client's error", () => {
    const error = Object.assign(new Error("secret"), { status: 500, headers: { authorization: "Bearer x" } });
    expect(toModelFailure("m", error).cause).toBeUndefined();
  });

  test.each([
    [{ "retry-after": "7" }, 429, 7_000],
    [{ "retry-after": "0.25" }, 503, 250],
    [{ "retry-after-ms": "120", "retry-after": "7" }, 429, 120],
    [{ "retry-after": "999999999" }, 429, 86_400_000],
    [{ "retry-after": "-3" }, 429, null],
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, 429, null],
    [{}, 429, null],
    [{ "retry-after": "7" }, 400, null],
  ])("says when it may pass: %j of a %i", (headers, status, retryAfterMs) => {
    const error = Object.assign(new Error("x"), { status, headers: new Headers(headers) });
    expect(toModelFailure("m", error)).toMatchObject({ code: "MODEL_FAILED", retryAfterMs });
  });
});
