// Lists of values, in which one value is found at once: a list may have as many thousands as its author likes.
import { toCanonicalJson } from "../../../kernel/canonical-json.ts";
import { isJsonEqual } from "../../../kernel/json-equal.ts";

/** Shorter lists are looked through. */
const FEW = 8;
const sets = new WeakMap<readonly unknown[], ReadonlySet<string>>();

/** Whether `values`, which never changes, has an equal of `value`. */
export function holdsValue(values: readonly unknown[], value: unknown): boolean {
  if (values.length <= FEW) return values.some((one) => isJsonEqual(one, value));
  let keys = sets.get(values);
  if (keys === undefined) sets.set(values, (keys = new Set(values.map(toKey))));
  return keys.has(toKey(value));
}

/** Text that two JSON values share exactly when they are equal. */
function toKey(value: unknown): string {
  // What is not a text begins otherwise.
  return typeof value === "string" ? `"${value}` : toCanonicalJson(value);
}

/** `values` without one for each equal one of `others`. */
export function withoutValues(values: readonly unknown[], others: readonly unknown[]): unknown[] {
  const left = new Map<string, number>();
  for (const other of others) {
    const key = toKey(other);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return values.filter((value) => {
    const key = toKey(value);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}
