// Levels of quotas in memory: what a store in a database is held against, and for tests.
import { compareBytes } from "../../kernel/compare-bytes.ts";
import type { QuotaLevel, QuotaLevelStore } from "../../ports/quota-level-store.ts";

/** A store of levels that answers at once. */
export interface MemoryQuotaLevelStore extends QuotaLevelStore {
  put(levels: readonly QuotaLevel[]): void;
  page(now: number, after: string | null, limit: number): readonly QuotaLevel[];
  prune(now: number): number;
}

/** Creates an empty store. */
export function createMemoryQuotaLevelStore(): MemoryQuotaLevelStore {
  const kept = new Map<string, QuotaLevel>();
  return {
    put(levels) {
      for (const level of levels) kept.set(level.key, level);
    },
    page: (now, after, limit) =>
      [...kept.values()]
        .filter(({ key, until }) => until > now && (after === null || compareBytes(after, key) < 0))
        .sort((a, b) => compareBytes(a.key, b.key))
        .slice(0, limit),
    prune(now) {
      const over = [...kept.values()].filter(({ until }) => until <= now);
      for (const { key } of over) kept.delete(key);
      return over.length;
    },
  };
}
