// What is kept of a call with an idempotency key: under what, for which arguments, and its outcome as text. A stored
// outcome is read by later versions of this file: its form only grows.
import type { ContentPart } from "../../call/content.ts";
import type { Failure, Outcome, OutcomeMeta } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import type { Clock } from "../../kernel/clock.ts";
import { toDigest } from "../../kernel/canonical-json.ts";
import { isObject } from "../../kernel/json.ts";
import type { IdempotencyRecord } from "../../ports/idempotency-store.ts";
import type { UnknownOutcome } from "../../ports/outcome-store.ts";
import type { Call } from "../call.ts";
import { toError } from "../outcomes.ts";
import { toReceivedData } from "../received-data.ts";

const NO_CONTENT: readonly ContentPart[] = Object.freeze([]);

/** `<tenant>\0<principal>\0<tool>\0<key>`. */
export function toRecordKey({ tenant, id }: Pick<Principal, "tenant" | "id">, tool: string, key: string): string {
  return `${tenant}\0${id}\0${tool}\0${key}`;
}

/**
 * Whether `key` can be an idempotency key: 1 to 255 characters. No lone surrogates: in UTF-8 two different ones become the
 * same bytes, and a store would take two keys for one.
 */
export function isIdempotencyKey(key: unknown): key is string {
  return typeof key === "string" && key.length > 0 && key.length <= 255 && key.isWellFormed();
}

/**
 * The key that a tool passes on, of 64 characters: two principals that choose the same key share an account out there, and
 * must not get each other's results from it.
 */
export function toPassedKey(recordKey: string): string {
  return toDigest(recordKey).slice("sha256:".length);
}

/** The same for an outcome that is listed; null when its call had no key. */
export function toListedKey({ tenant, principal, tool, idempotencyKey }: UnknownOutcome): string | null {
  return idempotencyKey === null ? null : toRecordKey({ tenant, id: principal }, tool, idempotencyKey);
}

/**
 * Digest of arguments as received: the same for JSON text and the data it stands for. Data that cannot be written
 * canonically has one as well, since some of it is valid: other amounts, as BigInt, are other arguments. What cannot be
 * written at all has the digest of its type: validation is about to refuse it.
 */
export function toArgumentsDigest(received: unknown): string {
  try {
    const data = toReceivedData(received);
    return tryDigest(data) ?? toDigest(["as told apart", toDistinctText(data)]);
  } catch {
    return toDigest(["not JSON", typeof received]);
  }
}

function tryDigest(data: unknown): string | null {
  try {
    return toDigest(data);
  } catch {
    return null;
  }
}

/** JSON text that is another one for other data; texts and what JSON has no word for are told apart by a letter. */
function toDistinctText(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value === "string") return `s${value}`;
    if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) return `n${value}`;
    if (!isObject(value) || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** The outcome as JSON text. */
export function toOutcomeText(outcome: Outcome): string {
  return JSON.stringify(outcome);
}

/** The stored outcome as the answer to `call`, which asks again. */
export function fromOutcomeText(text: string, call: Call, clock: Clock): Outcome {
  const stored = JSON.parse(text) as Outcome;
  const meta: OutcomeMeta = {
    ...stored.meta,
    callId: call.id,
    durationMs: clock.monotonic() - call.startedAt,
    dryRun: call.request.dryRun,
    attempts: 0,
    replayOf: stored.meta.callId,
  };
  if (stored.ok) return { ...stored, meta };
  // JSON has no undefined.
  return { ...stored, error: { ...stored.error, details: stored.error.details }, meta };
}

/** Whether what became of the call is known: it is not when its owner is gone, nor when the stored outcome says so. */
export function isKnown(record: IdempotencyRecord): boolean {
  if (record.state !== "stored") return false;
  const stored = JSON.parse(record.outcome) as Outcome;
  return stored.ok || !isLost(stored);
}

/**
 * Whether nobody has heard what became of the effect. A tool that refused on purpose has answered, also where it did not
 * say what it did.
 */
export function isLost(outcome: Outcome): boolean {
  return !outcome.ok && outcome.error.effect === "unknown" && outcome.error.code !== "TOOL_ERROR";
}

/** What is stored once an effect turns out to have happened: a success when its output is known too. */
export function toAppliedText(meta: OutcomeMeta, known: { readonly output: unknown } | null): string {
  return toOutcomeText(
    known === null ? toOutputLost(meta) : { ok: true, output: known.output, content: NO_CONTENT, meta },
  );
}

/** The meta of the call whose outcome is stored. */
export function toStoredMeta(text: string): OutcomeMeta {
  return (JSON.parse(text) as Outcome).meta;
}

function toOutputLost(meta: OutcomeMeta): Failure {
  const message = "The effect has happened, but the output of the call is not known.";
  return { ok: false, error: toError("OUTPUT_LOST", message, "applied"), continuation: null, meta };
}
