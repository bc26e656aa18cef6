// Changing one place in arguments. What is given stays as it is; no key can reach a prototype.
import { isObject } from "../../kernel/json.ts";

type Path = readonly (string | number)[];

/** What stands at `path`; undefined when nothing does. */
export function getAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

/** A copy with `next` at `path`; missing objects on the way are added. */
export function setAt(value: unknown, path: Path, next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (typeof key === "number") {
    const items: unknown[] = Array.isArray(value) ? [...(value as unknown[])] : [];
    if (key <= items.length) items[key] = setAt(items[key], rest, next);
    return items;
  }
  const entries = isObject(value) ? Object.entries(value) : [];
  if (!entries.some(([name]) => name === key)) entries.push([key, undefined]);
  return Object.fromEntries(entries.map(([name, member]) => [name, name === key ? setAt(member, rest, next) : member]));
}

/** A copy without what stands at `path`. */
export function removeAt(value: unknown, path: Path): unknown {
  const key = path.at(-1);
  const parentPath = path.slice(0, -1);
  const parent = getAt(value, parentPath);
  if (key === undefined) return value;
  if (Array.isArray(parent))
    return setAt(
      value,
      parentPath,
      parent.filter((_item, index) => index !== key),
    );
  if (!isObject(parent)) return value;
  return setAt(value, parentPath, Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key)));
}
