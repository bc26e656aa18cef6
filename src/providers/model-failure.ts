// What went wrong with a model's API, in words for people. The client's error holds headers and, from some servers, a
// part of the key: its message is never passed on as it is, and it is not kept as a cause.
import { ToolyardError } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import { parseJson } from "../kernel/parse-json.ts";

const MAX_MESSAGE = 300;
const SECRET =
  /\b(?:(?:Bearer|Basic)\s+\S+|(?:sk|rk|pk|key|sess|org|proj)[-_][A-Za-z0-9_*.-]{4,}|eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*)/gi;
// `token=…`, `api-key: …`; who is before the @ of a URL; and any run of 16 characters or more that has a digit.
const NAMED = /\b((?:api[-_ ]?key|token|password|passwd|secret|authorization)["']?\s*[:=]\s*)\S+/gi;
const USER_INFO = /\/\/[^\s/]{1,256}@/g;
const LONG_RUN = /(?=[A-Za-z_-]{0,255}\d)[A-Za-z0-9_-]{16,}/g;

/** MODEL_FAILED with a text that names the model, the status and, where it is the request's fault, the API's reason. */
export function toModelFailure(model: string, error: unknown): ToolyardError {
  if (error instanceof ToolyardError) return error;
  const status = isObject(error) || error instanceof Error ? (error as { status?: unknown }).status : undefined;
  const known = typeof status === "number" ? toStatusText(status, error as object) : toConnectionText(error);
  const id = (error as { requestID?: unknown } | null)?.requestID;
  const request = typeof id === "string" && /^[\w-]{1,64}$/.test(id) ? ` Request ${id}.` : "";
  const retryAfterMs = known.retryable ? readRetryAfterMs(error) : null;
  return createModelFailure(model, `${known.text}${request}`, known.retryable, retryAfterMs);
}

/** MODEL_FAILED with this text. */
export function createModelFailure(
  model: string,
  text: string,
  retryable = false,
  retryAfterMs: number | null = null,
): ToolyardError {
  const message = `The model ${JSON.stringify(model)} failed: ${text}`;
  return new ToolyardError("MODEL_FAILED", message, { retryable, retryAfterMs });
}

/** MODEL_FAILED for an error in the middle of a stream: the API's own reason, redacted. */
export function toBrokenOff(model: string, error: unknown): ToolyardError {
  return createModelFailure(model, `its API broke off the answer: ${toGivenReason(error)}`, true);
}

/** The reason that an API gives, without what looks like a secret. */
export function toGivenReason(source: unknown): string {
  if (!isObject(source)) return "it gave no reason";
  const reason = source["message"] ?? source["reason"] ?? source["code"];
  return typeof reason === "string" ? redact(reason) : "it gave no reason";
}

// Longer than anybody waits; and what is no number in a header must not become one.
const MAX_RETRY_AFTER_MS = 86_400_000;

/** `retry-after-ms`, or `retry-after` in seconds (RFC 9110, section 10.2.3); null for a date, which needs a clock. */
function readRetryAfterMs(error: unknown): number | null {
  const headers = isObject(error) || error instanceof Error ? (error as { headers?: unknown }).headers : undefined;
  if (!(headers instanceof Headers)) return null;
  for (const [name, unit] of [
    ["retry-after-ms", 1],
    ["retry-after", 1_000],
  ] as const) {
    const text = headers.get(name)?.trim() ?? "";
    if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Math.min(Number(text) * unit, MAX_RETRY_AFTER_MS);
  }
  return null;
}

interface Known {
  readonly text: string;
  readonly retryable: boolean;
}

function toStatusText(status: number, error: object): Known {
  if (status === 401)
    return { text: "its API did not accept the key (401). Check the key and the base URL.", retryable: false };
  if (status === 403) return { text: "its API does not permit this to the key (403).", retryable: false };
  if (status === 404) return { text: "its API has no such model, or the base URL is wrong (404).", retryable: false };
  if (status === 429) return { text: "its API's rate limit or quota is used up (429).", retryable: true };
  if (status >= 500) return { text: `its API failed (${status}).`, retryable: true };
  const reason = toReason(error);
  return { text: `its API refused the request (${status})${reason === "" ? "." : `: ${reason}`}`, retryable: false };
}

function toConnectionText(error: unknown): Known {
  const name = error instanceof Error ? error.constructor.name : "";
  if (name === "APIConnectionTimeoutError") return { text: "its API did not answer in time.", retryable: true };
  if (error instanceof SyntaxError) return { text: "its API sent something that cannot be read.", retryable: false };
  // An error event in a stream has no status, and a reason of the API's own.
  const reason = isObject(error) || error instanceof Error ? toReason(error) : "";
  if (reason !== "") return { text: `its API broke off the answer: ${reason}`, retryable: true };
  return { text: "the connection to its API failed.", retryable: true };
}

/** The API's own message, from the body of its answer, without anything that looks like a secret. */
function toReason(error: object): string {
  const { error: body, message: text } = error as { error?: unknown; message?: unknown };
  // OpenAI's client has the error itself, Anthropic's the body that it stands in.
  const inner = isObject(body) && isObject(body["error"]) ? body["error"] : body;
  const message = isObject(inner) ? inner["message"] : readReason(text);
  return typeof message === "string" ? redact(message) : "";
}

// A body within a body is what a server in between may send; deeper it is nobody's.
const MAX_NESTED = 3;

/** The reason in a text that holds the body of an answer, as Google's client has it for its message. */
function readReason(text: unknown): string | null {
  let found: string | null = null;
  let next: unknown = text;
  for (let depth = 0; depth < MAX_NESTED && typeof next === "string"; depth++) {
    const parsed = parseJson(next.slice(Math.max(0, next.indexOf("{"))));
    const body: unknown = parsed.ok && isObject(parsed.value) ? parsed.value["error"] : undefined;
    next = isObject(body) ? body["message"] : undefined;
    if (typeof next === "string") found = next;
  }
  return found;
}

/** A text of the API's, shortened, without what looks like a key or a token. */
export function redact(text: string): string {
  return text
    .slice(0, MAX_MESSAGE * 4)
    .replaceAll(SECRET, "[redacted]")
    .replaceAll(NAMED, "$1[redacted]")
    .replaceAll(USER_INFO, "//[redacted]@")
    .replaceAll(LONG_RUN, "[redacted]")
    .slice(0, MAX_MESSAGE);
}
