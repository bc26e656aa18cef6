import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyReader } from "../kernel/secret-name.ts";
import { REDACTED, redactText } from "./secret-text.ts";

const redact = (text: string): string => redactText(text, createKeyReader());

// Made up, and never in one piece in this file, so that no scanner of repositories takes them for real.
const body = (length: number): string => "Zx9Qw3Er7Ty1Ui5Op8As2Df6Gh4Jk0Lz9Xc3Vb7Nm1".slice(0, length);

describe("redactText", () => {
  it.each([
    ["an OpenAI key", `sk-${body(24)}`],
    ["a project key", `sk-proj-${body(32)}`],
    ["a Stripe key", `sk_live_${body(24)}`],
    ["a GitHub token", `ghp_${body(36)}`],
    ["a Slack token", `xoxb-1234567890-${body(16)}`],
    ["an AWS key id", ["AKIA", "IOSFODNN7EXAMPLE"].join("")],
    ["an AWS secret", ["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"].join("")],
    ["a Google key", `AIza${body(35)}`],
    ["a JWT", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${body(30)}`],
    ["hexadecimal", "9f86d081884c7d659a2feaa0c55ad015"],
    ["base64 with padding", Buffer.from(`${body(12)}?${body(17)}`).toString("base64")],
  ])("takes out %s, alone and in a sentence", (_, secret) => {
    expect(redact(secret)).toBe(REDACTED);
    expect(redact(`use ${secret} for it`)).toBe(`use ${REDACTED} for it`);
    expect(redact(`https://api.example.com/v1?q=${secret}&page=2`)).toContain("&page=2");
    expect(redact(`https://api.example.com/v1?q=${secret}&page=2`)).not.toContain(secret);
  });

  it.each([
    ["Authorization: Bearer abc.def", "Authorization: [redacted]"],
    ["curl -H x Bearer abcdefgh https://a.example", "curl -H x Bearer [redacted] https://a.example"],
    ["Basic dXNlcjpwYXNz", "Basic [redacted]"],
    ["postgres://app:hunter2@db.example/orders", "postgres://app:[redacted]@db.example/orders"],
    ["https://x.example/?api_key=abc&page=2", "https://x.example/?api_key=[redacted]&page=2"],
    [
      "https://x.example/?some_long_access_token=abc&page=2",
      "https://x.example/?some_long_access_token=[redacted]&page=2",
    ],
    ['{"password": "a \\" b", "n": 1}', '{"password": "[redacted]", "n": 1}'],
    ["DB_PASSWORD=hun!ter2 npm start", "DB_PASSWORD=[redacted] npm start"],
    ["user: bob\npassword: correct horse\nn: 1", "user: bob\npassword: [redacted]\nn: 1"],
    ["login --password hunter2 --user bob", "login --password [redacted] --user bob"],
    ["before -----BEGIN PRIVATE KEY-----\nMIIE", "before [redacted]"],
  ])("takes the secret out of %j", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "",
    "Berlin",
    "The quick brown fox jumps over the lazy dog.",
    "550e8400-e29b-41d4-a716-446655440000",
    "/Users/John/Documents/Report2024Final/v2/index.test.ts",
    "https://example.com/articles/2026/11/how-we-built-the-registry?page=2",
    "my-blog-post-about-2024-things-and-more-stuff",
    "getUserAccountPreferencesFromDatabaseOrCache",
    "the bearer of good news",
    "basic training",
    "2026-11-24T11:44:00.000Z",
    "support@example.com",
    "00000000000000000000000000000000000000",
    "id: o_17, total: 12.50",
    "http://localhost:8080/a@b",
  ])("leaves %j as it is", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("recognises random base64 and hexadecimal of 32 characters and more", () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 64 });
    let missed = 0;
    let tried = 0;
    fc.assert(
      fc.property(bytes, fc.constantFrom("hex" as const, "base64url" as const), (data, encoding) => {
        // fast-check likes small and repeated bytes; a secret has none of either.
        const secret = Buffer.from(data.map((byte, index) => (byte * 167 + index * 91 + 13) & 255)).toString(encoding);
        if (new Set(secret).size < 12) return;
        tried++;
        if (redact(`x ${secret} y`) !== `x ${REDACTED} y`) missed++;
      }),
      { seed: 7, numRuns: 2_000 },
    );
    expect(tried).toBeGreaterThan(1_500);
    expect(missed / tried).toBeLessThan(0.02);
  });

  // What is quadratic anywhere takes minutes over these, and the test never ends.
  it.each([
    "password=",
    "bearer ",
    "://",
    "a:b@",
    '"',
    'password:"\\',
    "--token ",
    "-----",
    "eyJ.",
    "sk-",
    "a=",
    " ",
    "aA1",
  ])("is soon done with 300,000 characters of %j", (part) => {
    const text = part.repeat(300_000 / part.length);
    expect(redact(text).length).toBeLessThanOrEqual(text.length * 3);
  });
});
