import { describe, expect, it } from "vitest";
import { createKeyReader, splitWords, toKeySecrecy } from "./secret-name.ts";

describe("splitWords", () => {
  it.each([
    ["dbPassword2", ["db", "password"]],
    ["DB_PASSWORD", ["db", "password"]],
    ["x-api-key", ["x", "api", "key"]],
    ["APIKeyID", ["api", "key", "id"]],
    ["", []],
    ["123", []],
  ])("splits %j", (name, words) => {
    expect(splitWords(name)).toEqual(words);
  });
});

describe("toKeySecrecy", () => {
  it.each(
    "password PASSWORD userPassword password_hash passwordConfirm db-password2 passwd pwd passphrase secret clientSecret client_secret clientsecret token accessToken access_token refreshtoken idTokens authorization Authorization auth bearer jwt cookie set-cookie sessionId credential credentials awsCredentials apiKey api_key apikey X-API-Key privateKey private_key accessKeyId signingKey pin PIN userPin ssn cvv cvc cardNumber card_number creditCard otp totp connectionString ｐａｓｓｗｏｒｄ".split(
      " ",
    ),
  )("knows that %s is a secret", (key) => {
    expect(toKeySecrecy(key)).toBe("secret");
  });

  it.each(
    "id name city author authorId keyboard key keys idempotencyKey primaryKey monkey pinned spinner opinion ping compass passenger bypass number description".split(
      " ",
    ),
  )("knows that %s is none", (key) => {
    expect(toKeySecrecy(key)).toBe("open");
  });

  it.each(["maxTokens", "max_tokens", "tokenCount", "total_tokens", "promptTokens"])("lets %s be a number", (key) => {
    expect(toKeySecrecy(key)).toBe("secret-unless-number");
  });
});

describe("createKeyReader", () => {
  it("answers the same when it has forgotten what it knew", () => {
    const secrecyOf = createKeyReader();
    expect(secrecyOf("password")).toBe("secret");
    for (let index = 0; index < 10_000; index++) expect(secrecyOf(`k${index}x`)).toBe("open");
    expect(secrecyOf("password")).toBe("secret");
    expect(secrecyOf("constructor")).toBe("open");
  });
});
