// Schemas that refer to themselves. Alternatives within such a schema multiply at each level of a value, so that a few
// hundred bytes, nested deep enough, would keep a validator busy for hours: their values have a depth of their own.
import { isSchema } from "./json-type.ts";
import { resolveRef } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";

/** Levels of objects and arrays in a value of a schema that refers to itself. */
export const MAX_RECURSIVE_DEPTH = 16;

/** Whether `root` reaches itself, or a part of it reaches that part, through `$ref`. */
export function isRecursive(root: JsonSchema): boolean {
  const open = new Set<object>();
  const done = new Set<object>();
  const visit = (node: unknown): boolean => {
    if (typeof node !== "object" || node === null || done.has(node)) return false;
    if (open.has(node)) return true;
    open.add(node);
    const target = isSchema(node) && typeof node["$ref"] === "string" ? resolveRef(root, node["$ref"]) : undefined;
    const found = visit(target) || Object.values(node).some(visit);
    open.delete(node);
    done.add(node);
    return found;
  };
  return visit(root);
}

/** Whether `value` has more than `levels` levels of objects and arrays. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.some((member) => isDeeper(member, levels - 1));
}
