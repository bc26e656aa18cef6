// What the way out reports, as what the tool came to. Its messages name hosts and addresses, which is for the operator; a model
// is told what it can do about it.
import { isObject } from "../../kernel/json.ts";
import type { EgressCode } from "../../net/index.ts";
import { LostAnswerError, toFailure } from "./failure.ts";

interface Meaning {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

const meaning = (code: string, message: string, retryable: boolean): Meaning =>
  Object.freeze({ code, message, retryable });

const REFUSED = meaning(
  "UPSTREAM_NOT_ALLOWED",
  "The tool may not talk to its upstream; its operator has to look.",
  false,
);
const UNREACHABLE = meaning("UPSTREAM_UNREACHABLE", "The tool's upstream cannot be reached.", true);
const BROKEN = meaning("UPSTREAM_FAILED", "The connection to the tool's upstream broke before it had answered.", true);

const MEANINGS: Readonly<Record<EgressCode, Meaning>> = {
  REFUSED_URL: REFUSED,
  REFUSED_ADDRESS: REFUSED,
  RESOLVE_FAILED: UNREACHABLE,
  CONNECT_FAILED: UNREACHABLE,
  TLS_FAILED: meaning(
    "UPSTREAM_UNREACHABLE",
    "The tool's upstream cannot prove who it is; its operator has to look.",
    false,
  ),
  TIMEOUT: meaning("UPSTREAM_TIMEOUT", "The tool's upstream did not answer in time.", true),
  CANCELLED: meaning("UPSTREAM_UNREACHABLE", "The request to the tool's upstream was cancelled.", true),
  TOO_LARGE: meaning("ANSWER_TOO_LARGE", "The upstream's answer is larger than the tool takes; ask for less.", false),
  BAD_RESPONSE: meaning("BAD_ANSWER", "The upstream's answer cannot be read.", false),
  CONNECTION_LOST: BROKEN,
  TOO_MANY_REDIRECTS: meaning("UNEXPECTED_ANSWER", "The upstream redirects too often.", false),
};

/**
 * The error of a tool for `error`, with which an exchange ended: a ToolError, with effect none when certainly nothing
 * was sent; for a tool that writes, once something may have arrived, a LostAnswerError.
 */
export function toEgressFailure(error: unknown, writes: boolean): Error {
  // By its form: the egress may be anybody's, and what it throws need not be of our class.
  const failed = isObject(error) || error instanceof Error ? (error as Readonly<Record<string, unknown>>) : {};
  const { code, sent, retryAfterMs } = failed;
  const known = typeof code === "string" && Object.hasOwn(MEANINGS, code) ? MEANINGS[code as EgressCode] : BROKEN;
  const wasSent = sent !== false;
  if (writes && wasSent) return new LostAnswerError(`${known.message} (${String(code)})`, { cause: error });
  return toFailure(writes, known.code, known.message, {
    retryable: known.retryable,
    retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : null,
    cause: error,
  });
}
