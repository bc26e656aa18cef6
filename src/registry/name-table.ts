// An immutable map from names to values, in shards: a change copies one shard and the list of shards, never the whole
// table. So publishing the 10,001st tool costs as little as the first, and a reader keeps the table it has.

const SHARDS = 256;

export interface NameTable<T> {
  readonly size: number;
  get(name: string): T | undefined;
  /** A table with these changes; `null` removes. This one stays as it is. */
  with(changes: ReadonlyMap<string, T | null>): NameTable<T>;
  /** In no particular order. */
  values(): IterableIterator<T>;
}

type Shard<T> = ReadonlyMap<string, T>;

class ShardedTable<T> implements NameTable<T> {
  readonly size: number;
  readonly #shards: readonly Shard<T>[];

  constructor(shards: readonly Shard<T>[], size: number) {
    this.#shards = shards;
    this.size = size;
  }

  get(name: string): T | undefined {
    return this.#shards[toShard(name)]?.get(name);
  }

  with(changes: ReadonlyMap<string, T | null>): NameTable<T> {
    const shards = this.#shards.slice();
    const copied = new Map<number, Map<string, T>>();
    let size = this.size;
    for (const [name, value] of changes) {
      const index = toShard(name);
      let shard = copied.get(index);
      if (shard === undefined) {
        shard = new Map(shards[index]);
        copied.set(index, shard);
        shards[index] = shard;
      }
      const before = shard.size;
      if (value === null) shard.delete(name);
      else shard.set(name, value);
      size += shard.size - before;
    }
    return new ShardedTable(shards, size);
  }

  *values(): IterableIterator<T> {
    for (const shard of this.#shards) yield* shard.values();
  }
}

/** FNV-1a over the UTF-16 units. */
function toShard(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % SHARDS;
}

/** A table without names. */
export function createNameTable<T>(): NameTable<T> {
  const empty: Shard<T> = new Map();
  return new ShardedTable<T>(
    Array.from({ length: SHARDS }, () => empty),
    0,
  );
}
