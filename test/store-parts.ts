// The methods of the stores of keys and of unknown outcomes in memory, bound to them: a test spreads them and puts a faulty
// one in the place of one of them.
import type { MemoryIdempotencyStore, MemoryOutcomeStore } from "../src/stores/memory/index.ts";

export type IdempotencyStoreParts = Pick<MemoryIdempotencyStore, "read" | "claim" | "store" | "release" | "watch">;

export function toParts(store: MemoryIdempotencyStore): IdempotencyStoreParts {
  return {
    read: (key) => store.read(key),
    claim: (claim) => store.claim(claim),
    store: (...given) => store.store(...given),
    release: (...given) => store.release(...given),
    watch: (...given) => store.watch(...given),
  };
}

export function toList(list: MemoryOutcomeStore): MemoryOutcomeStore {
  return {
    add: (outcome) => {
      list.add(outcome);
    },
    get: (id) => list.get(id),
    list: (filter) => list.list(filter),
    remove: (id) => list.remove(id),
    count: (...given) => list.count(...given),
  };
}
