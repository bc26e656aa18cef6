// What of an answer is the output, and what its statuses mean.
import { isJsonPointer } from "../../kernel/json-pointer.ts";
import type { FieldReader } from "../../tool/publishing/field-reader.ts";
import { describeValue } from "../../tool/schema/describe-value.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import type { HttpErrorRule, HttpResponse } from "./http-tool-definition.ts";
import { toPresent } from "./present-members.ts";

const MAX_BYTES = 16_777_216;
const DEFAULT_BYTES = 1_048_576;
const MAX_POINTER = 256;
const MAX_MESSAGE = 500;
const MAX_RULES = 64;
const STATUS = /^(?:[345]\d\d|[45]xx)$/;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const EFFECT_STATES = ["none", "applied", "unknown"] as const;
const RULE_KEYS = ["code", "message", "retryable", "effect", "pointer"];

/** Reads the field `response`. */
export function readResponse(reader: FieldReader): HttpResponse {
  const inner = reader.record("response", ["pointer", "text", "maxBytes"], '{ pointer: "/data" }');
  if (inner === undefined) return { maxBytes: DEFAULT_BYTES };
  const pointer = readPointer(inner);
  const text = inner.flag("text") ?? false;
  if (text && pointer !== undefined)
    inner.report("pointer", "points into JSON, and text is true; leave one of them out");
  const maxBytes = inner.integer("maxBytes", 1, MAX_BYTES, "bytes") ?? DEFAULT_BYTES;
  return toPresent({ pointer, text: text || undefined, maxBytes });
}

/** Reads the field `errors`, `value`. */
export function readErrors(reader: FieldReader, value: unknown): Readonly<Record<string, HttpErrorRule>> | undefined {
  if (value === undefined) return undefined;
  const example = '{ "404": "NOT_FOUND" }';
  if (!isSchema(value) || Object.keys(value).length > MAX_RULES) {
    reader.report(
      "errors",
      `received ${describeValue(value)}, expected an object of at most ${MAX_RULES}, such as ${example}`,
    );
    return undefined;
  }
  const rules: [string, HttpErrorRule][] = [];
  for (const [status, rule] of Object.entries(value)) {
    const at = `errors.${status}`;
    if (!STATUS.test(status))
      reader.report(at, `is no status that may be mapped; expected one from 300 to 599, 4xx or 5xx`);
    else rules.push([status, readRule(reader.of({ [at]: toRecord(rule) }), at)]);
  }
  return Object.fromEntries(rules);
}

/** `NOT_FOUND` is short for `{ code: NOT_FOUND }`. */
function toRecord(rule: unknown): unknown {
  return typeof rule === "string" ? { code: rule } : rule;
}

function readRule(reader: FieldReader, at: string): HttpErrorRule {
  const inner = reader.record(at, RULE_KEYS, '{ code: "NOT_FOUND" }');
  if (inner === undefined) return { code: "" };
  const code = inner.text("code", 64) ?? "";
  if (!inner.has("code")) inner.report("code", "is missing");
  if (code !== "" && !CODE.test(code))
    inner.report("code", `received ${describeValue(code)}, expected SCREAMING_SNAKE, such as "NOT_FOUND"`);
  return toPresent({
    code,
    message: inner.text("message", MAX_MESSAGE),
    retryable: inner.flag("retryable"),
    effect: inner.choice("effect", EFFECT_STATES),
    pointer: readPointer(inner),
  });
}

function readPointer(inner: FieldReader): string | undefined {
  const pointer = inner.text("pointer", MAX_POINTER);
  if (pointer === undefined || isJsonPointer(pointer)) return pointer;
  inner.report(
    "pointer",
    `received ${describeValue(pointer)}, expected a JSON Pointer (RFC 6901), such as "/data/items"`,
  );
  return undefined;
}
