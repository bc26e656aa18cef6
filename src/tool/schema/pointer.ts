// JSON Pointers (RFC 6901) as Ajv writes them.

/** `pointer` into `value` as keys and, where there is an array, indices. */
export function fromPointer(pointer: string, value: unknown): (string | number)[] {
  if (pointer === "") return [];
  const path: (string | number)[] = [];
  let current: unknown = value;
  for (const token of pointer.slice(1).split("/")) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(current) ? Number(key) : key);
    const isContainer = typeof current === "object" && current !== null;
    current =
      isContainer && Object.hasOwn(current as object, key) ? (current as Record<string, unknown>)[key] : undefined;
  }
  return path;
}
