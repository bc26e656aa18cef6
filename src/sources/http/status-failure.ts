// What a status other than 2xx means. The definition's own rules come first; this table is what holds without them, and is
// documented in docs/http-tools.md (parity: status-failure.test.ts).
import { type EffectState, ToolError } from "../../errors/tool-error.ts";
import { getOwn } from "../../kernel/own.ts";
import { neutralise } from "../../call/neutral-text.ts";
import { LostAnswerError, toFailure } from "./failure.ts";
import type { HttpErrorRule } from "./http-tool-definition.ts";

export interface StatusMeaning {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Of a tool that writes; `lost`: it is listed as an outcome that nobody knows. */
  readonly effect: EffectState | "lost";
}

/** What an answer says of its failure. */
export interface FailedAnswer {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** The text at a pointer of the answer, without the secret; null when there is none. */
  textAt(pointer: string): string | null;
}

const MAX_TEXT = 500;

const row = (code: string, message: string, retryable: boolean, effect: StatusMeaning["effect"]): StatusMeaning =>
  Object.freeze({ code, message, retryable, effect });

const REFUSED = row("UPSTREAM_REFUSED", "The upstream refused the request", false, "none");
const UNAUTHORIZED = row(
  "UPSTREAM_UNAUTHORIZED",
  "The upstream does not let the tool in; its operator has to look",
  false,
  "none",
);
const NOT_FOUND = row("NOT_FOUND", "The upstream has no such thing", false, "none");
const CONFLICT = row("CONFLICT", "The request does not fit the state that the upstream is in", false, "none");
const LATER = row("UPSTREAM_BUSY", "The upstream takes no request of the tool now", true, "none");
// A proxy in front of an upstream that was too slow says the same.
const BUSY = row("UPSTREAM_BUSY", "The upstream is not available now", true, "unknown");
const FAILED = row("UPSTREAM_FAILED", "The upstream failed", true, "lost");
const UNEXPECTED = row(
  "UNEXPECTED_ANSWER",
  "The upstream gave an answer that the tool does not take",
  false,
  "unknown",
);

/** Statuses with a meaning of their own. */
export const STATUS_MEANINGS: ReadonlyMap<number, StatusMeaning> = new Map([
  [401, UNAUTHORIZED],
  [403, UNAUTHORIZED],
  [404, NOT_FOUND],
  [408, LATER],
  [409, CONFLICT],
  [410, NOT_FOUND],
  [412, CONFLICT],
  [425, LATER],
  [429, LATER],
  [501, REFUSED],
  [503, BUSY],
]);

/** What a status means without a rule for it. */
export function toStatusMeaning(status: number): StatusMeaning {
  const own = STATUS_MEANINGS.get(status);
  if (own !== undefined) return own;
  if (status >= 500 && status <= 599) return FAILED;
  return status >= 400 && status <= 499 ? REFUSED : UNEXPECTED;
}

/** The error for an answer with a status other than 2xx, by `rules`. */
export function toStatusFailure(
  answer: FailedAnswer,
  rules: Readonly<Record<string, HttpErrorRule>> | undefined,
  writes: boolean,
): ToolError | LostAnswerError {
  const { status, retryAfterMs } = answer;
  const meaning = toStatusMeaning(status);
  const rule = findRule(status, rules);
  if (rule === undefined && meaning.effect === "lost" && writes)
    return new LostAnswerError(`the upstream answered a write with ${status}`);
  const { code, message, retryable, effect } = { ...meaning, message: `${meaning.message} (${status}).`, ...rule };
  const text = rule?.pointer === undefined ? null : answer.textAt(rule.pointer);
  const details = { status, ...(text === null ? {} : { upstream: neutralise(text.slice(0, MAX_TEXT)) }) };
  return toFailure(writes, code, message, {
    effect: effect === "lost" ? "unknown" : effect,
    retryable,
    retryAfterMs,
    details,
  });
}

/** The rule of a status, or else of its class. */
function findRule(status: number, rules: Readonly<Record<string, HttpErrorRule>> = {}): HttpErrorRule | undefined {
  return getOwn(rules, String(status)) ?? getOwn(rules, `${Math.floor(status / 100)}xx`);
}
