// Reading a property whose name a stranger chose. `record["constructor"]` finds Object's; this does not.

/** The own property `key` of `record`, or undefined. Never looks at the prototype. */
export function getOwn<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
