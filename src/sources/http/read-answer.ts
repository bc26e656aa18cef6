// From an upstream's answer to the tool's output. The answer is a stranger's text: bounded, of the type that was asked for, and
// without the tool's own secret before anything else sees it.
import { follow, toKeys } from "../../kernel/json-pointer.ts";
import { getOwn } from "../../kernel/own.ts";
import { type InexactNumber, parseJson } from "../../kernel/parse-json.ts";
import type { EgressResponse } from "../../net/index.ts";
import { readRetryAfter } from "../../net/response-headers.ts";
import { quote } from "../../tool/schema/describe-value.ts";
import type { CompiledExchange } from "./compile-exchange.ts";
import { toFailure } from "./failure.ts";
import type { Scrub } from "./scrub-secret.ts";
import { toStatusFailure } from "./status-failure.ts";

/** Levels of objects and arrays in an answer. */
const MAX_DEPTH = 64;
const JSON_TYPE = /^(?:application\/json|[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.-]+\+json)$/;

export interface AnswerContext {
  readonly writes: boolean;
  readonly scrub: Scrub;
  /** Epoch ms, for dates in `Retry-After`. */
  readonly now: number;
}

type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

/** The output in `response`. Throws a ToolError, or a LostAnswerError when a write may have had its effect. */
export function readAnswer(response: EgressResponse, compiled: CompiledExchange, context: AnswerContext): unknown {
  const { exchange, outputKeys } = compiled;
  const { writes, scrub } = context;
  const clean = (value: unknown): unknown => (scrub === null ? value : scrub(value));
  if (response.status < 200 || response.status > 299) {
    const textAt = (pointer: string): string | null =>
      toText(clean(follow(readJson(response, exchange.response.maxBytes), toKeys(pointer))));
    const retryAfterMs = readRetryAfter(getOwn(response.headers, "retry-after"), context.now);
    throw toStatusFailure({ status: response.status, retryAfterMs, textAt }, exchange.errors, writes);
  }
  const isText = exchange.response.text === true;
  if (exchange.method === "HEAD" || response.body.byteLength === 0) return isText ? "" : null;
  const read = isText ? readText(response) : readOutput(response, exchange.response.maxBytes, outputKeys);
  if (read.ok) return clean(read.value);
  // It answered with success: what it was to do is done.
  throw toFailure(writes, "BAD_ANSWER", `The upstream's answer ${read.problem}.`, { effect: "applied" });
}

function readOutput(response: EgressResponse, maxBytes: number, keys: readonly string[]): Read {
  const { type } = toMediaType(response);
  if (type !== null && !JSON_TYPE.test(type)) return { ok: false, problem: `is ${quote(type)}, expected JSON` };
  const text = decode(response.body, "utf-8");
  if (text === null) return { ok: false, problem: "is no UTF-8" };
  const parsed = parseJson(text, { maxBytes, maxDepth: MAX_DEPTH });
  // The message of the parser shows a piece of the text.
  if (!parsed.ok) return { ok: false, problem: `is not JSON that is accepted (${parsed.reason})` };
  const value = follow(withExactNumbers(parsed.value, parsed.inexact), keys);
  return value === undefined
    ? { ok: false, problem: "has nothing where the tool's output should be" }
    : { ok: true, value };
}

function readText(response: EgressResponse): Read {
  const { type, charset } = toMediaType(response);
  if (type !== null && !type.startsWith("text/") && !JSON_TYPE.test(type))
    return { ok: false, problem: `is ${quote(type)}, expected text` };
  const value = decode(response.body, charset);
  return value === null ? { ok: false, problem: "is no text in the encoding it names" } : { ok: true, value };
}

/** The JSON of an answer that failed, whatever it says it is; undefined when it is none. */
function readJson(response: EgressResponse, maxBytes: number): unknown {
  const text = decode(response.body, "utf-8");
  const parsed = text === null ? null : parseJson(text, { maxBytes, maxDepth: MAX_DEPTH });
  return parsed?.ok === true ? parsed.value : undefined;
}

function toText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A number that a double cannot hold comes as the text that was sent, where a schema may take or refuse it. */
function withExactNumbers(value: unknown, inexact: readonly InexactNumber[]): unknown {
  let root = value;
  for (const { path, literal } of inexact) {
    const last = path.at(-1);
    const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], root);
    if (last === undefined) root = literal;
    else (parent as Record<string | number, unknown>)[last] = literal;
  }
  return root;
}

function toMediaType({ headers }: EgressResponse): { readonly type: string | null; readonly charset: string } {
  const [type = "", ...parameters] = (getOwn(headers, "content-type") ?? "").split(";").map((part) => part.trim());
  const named = parameters.find((parameter) => /^charset=/i.test(parameter));
  const charset = named?.slice("charset=".length).replaceAll('"', "") ?? "utf-8";
  return { type: type === "" ? null : type.toLowerCase(), charset };
}

/** The text of `bytes`; null when they are none in this encoding, or it is not known. */
function decode(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
