// `allOf` as one schema: a part alone takes the place of the whole, several are intersected. Where references among the
// parts lead is written out, and told, so that nobody writes out the same schema within itself for ever.
import { isObject } from "../../kernel/json.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import { resolveRef } from "../../tool/schema/resolve-ref.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { intersect } from "./intersect.ts";
import { toModernForm } from "../../tool/schema/modern-form.ts";
import { isAnything } from "./keywords.ts";

export interface Merged {
  /** Without `allOf`; with `$ref` only where it stands alone. */
  readonly schema: JsonSchema;
  /** Targets of references that were written out. */
  readonly inlined: readonly JsonSchema[];
  /** What could not be said in one schema, and was left out. */
  readonly conflicts: readonly string[];
}

const MAX_PARTS = 256;

/**
 * `schema`, in its modern form, without `allOf`, and without `$ref` unless only annotations are beside it.
 * `open`: what is being written out already.
 */
export function mergeAllOf(root: JsonSchema, schema: JsonSchema, open: readonly JsonSchema[]): Merged {
  const parts: JsonSchema[] = [];
  const inlined = new Set<JsonSchema>();
  const conflicts: string[] = [];

  const addTarget = (ref: string, depth: number): void => {
    const target = resolveRef(root, ref);
    const isOpen = isSchema(target) && (open.includes(target) || inlined.has(target));
    if (target === undefined || isOpen || parts.length > MAX_PARTS || depth > MAX_PARTS) conflicts.push("$ref");
    else {
      if (isSchema(target)) inlined.add(target);
      flatten(target, depth + 1, false);
    }
  };

  const flatten = (given: unknown, depth: number, isAlone: boolean): void => {
    if (given === false) conflicts.push("false");
    if (!isSchema(given)) return;
    const { allOf, ...rest } = toModernForm(given);
    const { $ref, ...siblings } = rest;
    if (typeof $ref === "string" && !isAlone) {
      parts.push(siblings);
      addTarget($ref, depth);
    } else parts.push(rest);
    if (Array.isArray(allOf)) for (const part of allOf) flatten(part, depth + 1, isAlone);
  };

  // A reference to which nothing is added stays one.
  const isAlone = countConstrained(schema) === 1;
  flatten(schema, 0, isAlone);
  let merged: JsonSchema = parts[0] ?? {};
  for (const part of parts.slice(1, MAX_PARTS)) {
    const { schema: joined, conflicts: found } = intersect(merged, part);
    merged = joined;
    conflicts.push(...found);
  }
  return { schema: merged, inlined: [...inlined], conflicts: [...new Set(conflicts)] };
}

/** Schemas within `allOf`, however deep, that say anything about which values are valid; up to 2. */
function countConstrained(schema: unknown, depth = 0): number {
  if (schema === false) return 2;
  if (!isObject(schema) || depth > MAX_PARTS) return 0;
  const { allOf, ...rest } = schema;
  const { $ref, ...siblings } = rest;
  let count = typeof $ref === "string" ? 1 : 0;
  if (!isAnything(siblings)) count++;
  for (const part of Array.isArray(allOf) ? allOf : []) {
    if (count > 1) return count;
    count += countConstrained(part, depth + 1);
  }
  return count;
}
