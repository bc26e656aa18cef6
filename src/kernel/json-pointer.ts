// JSON Pointers (RFC 6901) into answers and claims. The value is a stranger's: only own members are found.

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/u;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** Whether `text` is a pointer. */
export function isJsonPointer(text: string): boolean {
  return POINTER.test(text);
}

/** The keys on the way. */
export function toKeys(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What the keys lead to in `value`; undefined when they lead nowhere. */
export function follow(value: unknown, keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (Array.isArray(current)) current = INDEX.test(key) ? (current as readonly unknown[])[Number(key)] : undefined;
    else if (typeof current === "object" && current !== null && Object.hasOwn(current, key))
      current = (current as Record<string, unknown>)[key];
    else return undefined;
  }
  return current;
}
