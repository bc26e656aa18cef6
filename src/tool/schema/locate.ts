// Finds the part of a schema, and of a value, that a path speaks of: what a library's issue does not say itself.
import { findBranch } from "./branches.ts";
import { isSchema } from "./json-type.ts";
import { subschemasOf } from "./members.ts";
import { derefSchema } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";

const MAX_BRANCHES = 64;

export interface Located {
  /** The subschema for the path; undefined where the schema does not describe it. */
  readonly schema: unknown;
  /** The schema of the object or array that holds it. */
  readonly parent: JsonSchema | undefined;
  /** The value at the path; undefined when there is none. */
  readonly value: unknown;
  /** The object or array that holds it. */
  readonly container: unknown;
}

/** What `root` and `value` hold at `path`. */
export function locate(root: JsonSchema, value: unknown, path: readonly (string | number)[]): Located {
  let schema: unknown = root;
  let parent: JsonSchema | undefined;
  let current = value;
  let container: unknown;
  for (const key of path) {
    const holder = findHolder(root, schema, current, key);
    parent = holder;
    schema = holder === undefined ? undefined : subschemasOf(holder, key)[0];
    container = current;
    const isContainer = typeof current === "object" && current !== null;
    current =
      isContainer && Object.hasOwn(current as object, key)
        ? (current as Record<string | number, unknown>)[key]
        : undefined;
  }
  return { schema, parent, value: current, container };
}

/** The schema object within `schema` that describes the member `key` of `value`; else the first that could hold it. */
function findHolder(root: JsonSchema, schema: unknown, value: unknown, key: string | number): JsonSchema | undefined {
  const pending: unknown[] = [schema];
  let first: JsonSchema | undefined;
  for (let visited = 0; pending.length > 0 && visited < MAX_BRANCHES; visited++) {
    const next = pending.shift();
    const target = isSchema(next) ? derefSchema(root, next) : undefined;
    if (!isSchema(target)) continue;
    first ??= target;
    if (subschemasOf(target, key).length > 0) return target;
    for (const keyword of ["allOf", "anyOf", "oneOf"]) {
      const branches = target[keyword];
      if (!Array.isArray(branches)) continue;
      const branch = keyword === "allOf" ? null : findBranch(branches, value, root);
      pending.push(...(branch === null ? (branches as unknown[]) : [branch]));
    }
  }
  return first;
}
