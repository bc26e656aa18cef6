import fc from "fast-check";
import { expect, test } from "vitest";
import { isSecretName, parseReference } from "./reference.ts";

const SCHEMES = ["env", "file", "vault", "aws-sm"];

function refusalOf(text: unknown): string {
  try {
    parseReference(text, SCHEMES);
    return "";
  } catch (error) {
    expect(error).toMatchObject({ code: "SECRET_UNUSABLE" });
    return (error as Error).message;
  }
}

test.each([
  ["env:CRM_TOKEN", "env", "CRM_TOKEN"],
  ["file:/run/secrets/crm token", "file", "/run/secrets/crm token"],
  ["file:C:\\secrets\\crm", "file", "C:\\secrets\\crm"],
  ["vault:crm/token-2.x", "vault", "crm/token-2.x"],
  ["aws-sm:arn:aws:x/y#z", "aws-sm", "arn:aws:x/y#z"],
])("reads %j", (text, scheme, name) => {
  expect(parseReference(text, SCHEMES)).toEqual({ text, scheme, name });
});

test.each([
  ["env:", /a reference env: needs the name of a variable/],
  ["env:crm-token", /a reference env: needs/],
  ["env:A B", /a reference env: needs/],
  ["file:secrets/x", /a reference file: needs an absolute path/],
  ["file:/a\nb", /a reference file: needs/],
  ["vault:", /a reference vault: needs/],
  ["vault:-x", /a reference vault: needs/],
  ["vault:ü", /a reference vault: needs/],
  [`vault:${"a".repeat(129)}`, /received 129 characters/],
  ["aws-sm:", /a reference aws-sm: needs/],
  ["ev:CRM_TOKEN", /did you mean env:\?/],
  ["Vault:x", /did you mean vault:\?/],
  ["toString:x", /expected a reference to a secret \(env:, file:, vault:, aws-sm:\)/],
  ["", /received 0 characters that are none/],
  [null, /received null/],
  [["env:X"], /received an array/],
])("refuses %j", (text, message) => {
  expect(refusalOf(text)).toMatch(message);
});

test("repeats nothing of what is no reference: it may be the secret itself", () => {
  const secrets = [
    "sk-live-canary-7d1a",
    "postgres://app:canary-7d1a@db/x",
    "env:canary-7d1a",
    "vault:canary 7d1a",
    "file:canary-7d1a",
    "ty_live_canary7d1a",
  ];
  for (const secret of secrets) expect(refusalOf(secret)).not.toContain("7d1a");
});

test("reads what it accepts, or refuses, and nothing else, whatever it is given", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.constantFrom(...SCHEMES).chain((s) => fc.string().map((t) => `${s}:${t}`)),
      ),
      (text) => {
        if (refusalOf(text) !== "") return;
        const { scheme, name } = parseReference(text, SCHEMES);
        expect(`${scheme}:${name}`).toBe(text);
      },
    ),
  );
});

test("tells names of the vault", () => {
  expect(["a", "A9", "crm/token", "x".repeat(128)].every(isSecretName)).toBe(true);
  expect(["", "/a", ".a", "a b", "a:b", "x".repeat(129), null, 1].some(isSecretName)).toBe(false);
});
