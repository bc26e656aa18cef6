// Who wants to know when something changes, per key. A key is there only while somebody watches it, so that the size is
// bounded by those who do.

interface Watcher {
  readonly onChange: () => void;
}

export class Watchers {
  readonly #watched = new Map<string, Set<Watcher>>();

  /** Keys that are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Calls `onChange`, which must not throw, at each `wake` of `key`, until the returned function is called. */
  watch(key: string, onChange: () => void): () => void {
    // An object of its own: one function may watch twice, and each of the two is stopped by itself.
    const watcher: Watcher = { onChange };
    const known = this.#watched.get(key);
    const watchers = known ?? new Set();
    watchers.add(watcher);
    if (known === undefined) this.#watched.set(key, watchers);
    return () => {
      watchers.delete(watcher);
      // Stopped twice, it may meet the set of those who came later.
      if (watchers.size === 0 && this.#watched.get(key) === watchers) this.#watched.delete(key);
    };
  }

  wake(key: string): void {
    const watchers = this.#watched.get(key);
    if (watchers === undefined) return;
    // A copy: who watches again as soon as he is woken would be woken for ever.
    for (const watcher of [...watchers]) if (watchers.has(watcher)) watcher.onChange();
  }
}
