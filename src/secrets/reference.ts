// What stands in a configuration in place of a secret: `env:NAME`, `file:/path`, `vault:name`, or a scheme of a provider.
// INVARIANT: a text that is no reference is not repeated in a message, because it may be the secret itself, put in its place.
import { formatReceived } from "../errors/option-problems.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";

export interface Reference {
  /** As written. */
  readonly text: string;
  readonly scheme: string;
  /** What follows the scheme. */
  readonly name: string;
}

/** What each built-in scheme accepts. */
const NAMES: ReadonlyMap<string, { readonly form: RegExp; readonly expected: string }> = new Map([
  ["env", { form: /^[A-Za-z_][A-Za-z0-9_]{0,255}$/, expected: "the name of a variable: letters, digits and _" }],
  ["file", { form: /^(?:\/|[A-Za-z]:[\\/])[^\p{Cc}]{0,1023}$/u, expected: "an absolute path" }],
  ["vault", { form: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/, expected: "1 to 128 letters, digits and . _ / -" }],
]);
const OTHER = { form: /^[^\p{Cc}]{1,1024}$/u, expected: "1 to 1,024 characters without control characters" };

/** Whether `text` can name a secret of the vault. */
export function isSecretName(text: unknown): text is string {
  return typeof text === "string" && NAMES.get("vault")?.form.test(text) === true;
}

/** What a name in the vault may be, for messages. */
export const SECRET_NAME_EXPECTED: string = NAMES.get("vault")?.expected ?? "";

/** The reference that `text` is, to one of `schemes`. Throws SECRET_UNUSABLE. */
export function parseReference(text: unknown, schemes: readonly string[]): Reference {
  if (typeof text !== "string") throw refuse(`received ${formatReceived(text)}`, schemes);
  const colon = text.indexOf(":");
  const scheme = text.slice(0, Math.max(0, colon));
  const name = text.slice(colon + 1);
  if (!schemes.includes(scheme)) {
    // Beyond 16 characters, and where nothing is near, it is no scheme that somebody mistyped.
    const near = colon > 0 && colon <= 16 ? findNearest(scheme, schemes, 1)[0] : undefined;
    const hint = near === undefined ? "is it the secret itself?" : `did you mean ${near}:?`;
    throw refuse(`received ${text.length} characters that are none; ${hint}`, schemes);
  }
  const { form, expected } = NAMES.get(scheme) ?? OTHER;
  if (form.test(name)) return { text, scheme, name };
  const message = `a reference ${scheme}: needs ${expected}; received ${name.length} characters that are not`;
  throw new ToolyardError("SECRET_UNUSABLE", message);
}

function refuse(received: string, schemes: readonly string[]): ToolyardError {
  const expected = schemes.map((scheme) => `${scheme}:`).join(", ");
  return new ToolyardError("SECRET_UNUSABLE", `expected a reference to a secret (${expected}), and ${received}`);
}
