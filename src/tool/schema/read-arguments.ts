// From what a caller or a model sent to what a handler gets: text or data, read once, validated as it is, repaired where
// the schema refuses it and clearly says how, validated again; or everything that is wrong, at once.
import type { Coercion, Issue } from "../../call/issue.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { parseJson, type InexactNumber } from "../../kernel/parse-json.ts";
import type { PublishedTool } from "../tool-version.ts";
import { coerceValue } from "./coerce.ts";
import { copyJson } from "./copy-json.ts";
import { hasExact, markExact } from "./exact-numbers.ts";
import { formatIssue } from "./format-issues.ts";
import { validateExact } from "./validate-exact.ts";
import type { Validation } from "./schema.ts";

export type ReadArguments =
  | {
      readonly ok: true;
      /** What the handler gets. Nobody else holds it. */
      readonly value: unknown;
      /** What was repaired. */
      readonly coerced: readonly Coercion[];
    }
  | {
      readonly ok: false;
      readonly code: "INVALID_JSON" | "INVALID_INPUT";
      readonly message: string;
      readonly issues: readonly Issue[];
    };

const MAX_DEPTH = 64;
// A second one for what a library says only once the first faults are gone.
const MAX_ROUNDS = 2;
const COPY_RULES = { maxDepth: MAX_DEPTH, instances: "refuse", bigints: false } as const;
const COPY_RULES_EXACT = { ...COPY_RULES, bigints: true } as const;
const NONE: readonly Coercion[] = Object.freeze([]);
const NO_INEXACT: readonly InexactNumber[] = Object.freeze([]);

/**
 * Reads the arguments of a call: JSON text (at most 1 MiB) or JSON data. Nothing, `""` and `null` mean `{}`. Refuses with
 * INVALID_JSON text that is not JSON, holds a key twice or `__proto__`, or nests deeper than 64 levels; with
 * INVALID_INPUT, and all issues, what the schema refuses even after repair, and data that JSON cannot hold.
 *
 * A number that a double cannot hold (9007199254740993, 1e400, 1e-400) is refused by name, unless the schema wants text
 * there. With `exactNumbers` it arrives as the text that was sent, or as BigInt (then also an integer that its double
 * only reads back as): a JSON Schema judges the nearest finite double and the exact value takes its place afterwards; a
 * Standard Schema, which may transform, sees the exact value itself and has to accept it
 * (`z.union([z.number(), z.string()])` for "text"). A fraction, or an integer of more than 1,000 digits, is no BigInt and
 * stays refused. Never throws.
 */
export function readArguments(tool: PublishedTool, received: unknown): MaybePromise<ReadArguments> {
  if (typeof received === "string") return readText(tool, received);
  if (received === undefined || received === null) return decide(tool, {}, NO_INEXACT);
  const copied = copyJson(received, tool.version.exactNumbers === null ? COPY_RULES : COPY_RULES_EXACT);
  return copied.ok ? decide(tool, copied.value, copied.inexact) : refuse(copied.issues);
}

function readText(tool: PublishedTool, text: string): MaybePromise<ReadArguments> {
  if (text.trim() === "") return decide(tool, {}, NO_INEXACT);
  const parsed = parseJson(text, { maxDepth: MAX_DEPTH, exactIntegers: tool.version.exactNumbers === "bigint" });
  if (parsed.ok) return decide(tool, parsed.value ?? {}, parsed.inexact);
  const what =
    parsed.reason === "SYNTAX" || parsed.reason === "TRAILING_TEXT" ? "are not JSON" : "are not JSON that is accepted";
  return {
    ok: false,
    code: "INVALID_JSON",
    message: `The arguments ${what}: ${parsed.message}. Send one JSON object.`,
    issues: [],
  };
}

function decide(tool: PublishedTool, value: unknown, inexact: readonly InexactNumber[]): MaybePromise<ReadArguments> {
  if (inexact.length > 0) {
    const marked = markExact(value, inexact);
    return whenDone(validateExact(tool, marked), (validation) => repair(tool, marked, validation, NONE));
  }
  const validation = tool.input.validate(value);
  if (isPromiseLike(validation)) return validation.then((settled) => repair(tool, value, settled, NONE));
  return validation.ok ? { ok: true, value: validation.value, coerced: NONE } : repair(tool, value, validation, NONE);
}

/** `value` is what was validated, an `ExactNumber` where one was sent; `done` is what was repaired before. */
function repair(
  tool: PublishedTool,
  value: unknown,
  validation: Validation,
  done: readonly Coercion[],
  round = 0,
): MaybePromise<ReadArguments> {
  if (validation.ok) return { ok: true, value: validation.value, coerced: done };
  if (round >= MAX_ROUNDS) return refuse(validation.issues);
  const { value: repaired, coerced } = coerceValue(tool.input.jsonSchema, value, {
    mayChange: (path) => validation.blames?.(path) ?? true,
    exactIntegers: tool.version.exactNumbers === "bigint",
  });
  if (coerced.length === 0) return refuse(validation.issues);
  const next = hasExact(repaired) ? validateExact(tool, repaired) : tool.input.validate(repaired);
  return whenDone(next, (again) => repair(tool, repaired, again, [...done, ...coerced], round + 1));
}

function whenDone<T, R>(value: MaybePromise<T>, goOn: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromiseLike(value) ? value.then(goOn) : goOn(value);
}

function refuse(issues: readonly Issue[]): ReadArguments {
  const [first] = issues;
  const summary = first === undefined ? "" : ` ${formatIssue(first)}`;
  const more = issues.length > 1 ? ` And ${issues.length - 1} more.` : "";
  return {
    ok: false,
    code: "INVALID_INPUT",
    message: `The arguments do not fit the tool's input schema.${summary}${more}`,
    issues,
  };
}
