// Whether two JSON values are the same, whatever the order of their members.
import { isObject } from "./json.ts";

/** Members in any order. Values are as deep as the schemas they come from, which are bounded where they are read. */
export function isJsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isJsonEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isJsonEqual(a[name], b[name]))
  );
}
