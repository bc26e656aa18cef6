// How a tool says who it is. A definition holds the reference to a secret and never the secret.
// INVARIANT: what stands in the place of a reference is not repeated in a message, because it may be the secret itself
// ("does not repeat a secret that stands in place of its reference" in parse-http-tool.test.ts).
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { parseReference } from "../../secrets/reference.ts";
import type { FieldReader } from "../../tool/publishing/field-reader.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import { findHeaderNameProblem, findHeaderValueProblem } from "./header-rules.ts";
import type { HttpAuth } from "./http-tool-definition.ts";
import type { NameClaims } from "./name-claims.ts";
import { toPresent } from "./present-members.ts";
import type { UrlTemplate } from "./url-template.ts";

const KINDS = ["header", "query", "basic"] as const;
const KEYS = [...KINDS, "scheme", "secret", "overHttp"];
/** What references are read without further ado. */
export const BUILT_IN_SCHEMES: readonly string[] = Object.freeze(["env", "file", "vault"]);
const SCHEME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const MAX_NAME = 256;
const EXAMPLE = '{ header: "Authorization", secret: "vault:orders/token" }';

/** Reads the field `auth`, whose secret is a reference of one of `schemes`; undefined when there is none. */
export function readAuth(
  reader: FieldReader,
  fields: Readonly<Record<string, unknown>>,
  template: UrlTemplate | null,
  { claims, schemes }: { readonly claims: NameClaims; readonly schemes: readonly string[] },
): HttpAuth | undefined {
  const raw = fields["auth"];
  if (raw !== undefined && !isSchema(raw)) {
    reader.report("auth", `expected an object, such as ${EXAMPLE}`);
    return undefined;
  }
  const inner = reader.record("auth", KEYS, EXAMPLE);
  if (inner === undefined || raw === undefined) return undefined;
  const secret = readSecret(inner, raw["secret"], schemes);
  const overHttp = inner.flag("overHttp") ?? false;
  if (template !== null && !template.isSecure && !template.isLoopback && !overHttp) {
    const remedy = "write an https: url, or overHttp: true";
    reader.report("auth", `would send a secret over http:, where everybody on the way can read it; ${remedy}`);
  }
  return readWay(reader, inner, { secret, ...(overHttp ? { overHttp } : {}) }, claims);
}

/** How the secret is sent. */
function readWay(
  reader: FieldReader,
  inner: FieldReader,
  common: Pick<HttpAuth, "secret" | "overHttp">,
  claims: NameClaims,
): HttpAuth | undefined {
  const given = KINDS.filter((kind) => inner.has(kind));
  const [kind] = given;
  const scheme = readScheme(inner);
  if (kind === undefined || given.length > 1) {
    const received = kind === undefined ? "none of them" : given.join(" and ");
    reader.report("auth", `received ${received}, expected exactly one of header, query and basic`);
    return undefined;
  }
  const name = inner.text(kind, MAX_NAME);
  if (inner.has("scheme") && kind !== "header")
    inner.report("scheme", `stands before a secret in a header, and this one goes into ${kind}; leave it out`);
  if (name === undefined) return undefined;
  checkName(inner, kind, name, claims);
  switch (kind) {
    case "query":
      return { query: name, ...common };
    case "basic":
      return { basic: name, ...common };
    case "header":
      return toPresent({ header: name, scheme: scheme ?? toScheme(name), ...common });
  }
}

function toScheme(header: string): string | undefined {
  return header.toLowerCase() === "authorization" ? "Bearer" : undefined;
}

function readScheme(inner: FieldReader): string | undefined {
  const scheme = inner.text("scheme", 64);
  if (scheme === undefined || SCHEME.test(scheme)) return scheme;
  inner.report("scheme", "expected one word, such as Bearer");
  return undefined;
}

function checkName(inner: FieldReader, kind: (typeof KINDS)[number], name: string, claims: NameClaims): void {
  if (kind === "header") {
    const problem = findHeaderNameProblem(name, "auth");
    if (problem !== null) inner.report(kind, problem);
  }
  if (kind === "basic" && (name.includes(":") || findHeaderValueProblem(name) !== null))
    inner.report(kind, "expected the name of a user: visible ASCII characters without a colon");
  const owner = claims.claim(kind === "query" ? "query" : "header", kind === "basic" ? "authorization" : name, "auth");
  if (owner !== null) inner.report(kind, `sets what ${owner} sets already`);
}

function readSecret(inner: FieldReader, secret: unknown, schemes: readonly string[]): string {
  if (secret === undefined) {
    inner.report("secret", 'is missing, expected a reference such as "vault:orders/token"');
    return "";
  }
  try {
    return parseReference(secret, schemes).text;
  } catch (error) {
    inner.report("secret", error instanceof ToolyardError ? error.message : "cannot be read");
    return "";
  }
}
