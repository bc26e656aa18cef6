// What a handler returned to what callers get: JSON data that fits the output schema.
import type { Issue } from "../../call/issue.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { PublishedTool } from "../tool-version.ts";
import { copyJson } from "./copy-json.ts";
import type { Validation } from "./schema.ts";

export type CheckedOutput =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

// An output may nest deeper than arguments, since no model writes it; the bound keeps every later walk within the stack.
const COPY_RULES = { maxDepth: 512, instances: "convert", bigints: false } as const;

/**
 * Checks a handler's output. Without a schema, undefined becomes null. With a Standard Schema callers get what the schema
 * gives (defaults filled in, unknown members gone). Refused: what JSON cannot hold (functions, BigInt, NaN, cycles, Map,
 * Set) and what the schema refuses. What has a `toJSON`, such as a Date, becomes what it gives. Never throws.
 */
export function checkOutput(tool: Pick<PublishedTool, "output">, output: unknown): MaybePromise<CheckedOutput> {
  const schema = tool.output;
  if (schema === null) return toData(output);
  if (schema.vendor === null) {
    const data = output === undefined ? { ok: true as const, value: undefined } : copyJson(output, COPY_RULES);
    return data.ok ? toChecked(schema.validate(data.value) as Validation) : { ok: false, issues: data.issues };
  }
  // The library first: it may strip what JSON could not hold.
  const validation = schema.validate(output);
  return isPromiseLike(validation) ? validation.then(toCheckedData) : toCheckedData(validation);
}

function toChecked(validation: Validation): CheckedOutput {
  return validation.ok ? { ok: true, value: validation.value } : { ok: false, issues: validation.issues };
}

function toCheckedData(validation: Validation): CheckedOutput {
  return validation.ok ? toData(validation.value) : { ok: false, issues: validation.issues };
}

function toData(value: unknown): CheckedOutput {
  if (value === undefined) return { ok: true, value: null };
  const copied = copyJson(value, COPY_RULES);
  return copied.ok ? { ok: true, value: copied.value } : { ok: false, issues: copied.issues };
}
