// The secret of a tool, for one call: resolved when it is needed, handed on, and kept by nobody. How long a value may
// be remembered is decided where secrets are resolved.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Secrets } from "../../secrets/index.ts";
import { findHeaderValueProblem } from "./header-rules.ts";
import type { HttpAuth } from "./http-tool-definition.ts";

export interface Credential {
  /** Sent to the origin of the tool alone. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly query: readonly [string, string] | null;
  /** What no answer may repeat. */
  readonly texts: readonly string[];
}

export const NO_CREDENTIAL: Credential = Object.freeze({ headers: null, query: null, texts: Object.freeze([]) });
const MAX_HEADER_SECRET = 12_288;

/** Resolves the secret of `auth`. Rejects with SECRET_UNUSABLE, which names the reference and never the value. */
export async function resolveCredential(
  auth: HttpAuth,
  secrets: Pick<Secrets, "resolve">,
  signal: AbortSignal,
): Promise<Credential> {
  const secret = (await secrets.resolve(auth.secret, { signal })).reveal();
  if ("query" in auth) {
    if (!secret.isWellFormed()) throw refuse(auth, "it is no text");
    return { headers: null, query: [auth.query, secret], texts: [secret] };
  }
  if ("basic" in auth) {
    const pair = `${auth.basic}:${secret}`;
    return {
      headers: { authorization: `Basic ${Buffer.from(pair).toString("base64")}` },
      query: null,
      texts: [secret, pair],
    };
  }
  const problem = findHeaderValueProblem(secret, MAX_HEADER_SECRET);
  if (problem !== null) throw refuse(auth, `as a header's value it ${problem}`);
  const value = auth.scheme === undefined ? secret : `${auth.scheme} ${secret}`;
  return { headers: { [auth.header.toLowerCase()]: value }, query: null, texts: [secret] };
}

function refuse({ secret }: HttpAuth, reason: string): ToolyardError {
  return new ToolyardError("SECRET_UNUSABLE", `the secret ${secret} cannot be used: ${reason}`);
}
