// A map that never holds more than `maxSize` entries: the least recently used one goes first. For caches whose keys a
// stranger chooses. Relies on Map keeping insertion order; a read moves its entry to the end.

export interface BoundedMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): boolean;
  clear(): void;
  readonly size: number;
}

/** Creates an empty map of at most `maxSize` entries (1 or more). `onEvict` sees what is dropped for want of room. */
export function createBoundedMap<K, V>(maxSize: number, onEvict?: (key: K, value: V) => void): BoundedMap<K, V> {
  const entries = new Map<K, V>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined && entries.size > 1) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= maxSize) return;
      for (const [oldest, dropped] of entries) {
        entries.delete(oldest);
        onEvict?.(oldest, dropped);
        break;
      }
    },
    delete: (key) => entries.delete(key),
    clear: () => {
      entries.clear();
    },
    get size() {
      return entries.size;
    },
  };
}
