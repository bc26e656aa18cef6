// API keys, hashed, in memory: gone with the process. The model of what a database has to do.
import type { KeyFilter, KeyStore, KeyUse, StoredKey } from "../../ports/key-store.ts";

/** A key store that answers at once. */
export interface MemoryKeyStore extends KeyStore {
  readMark(): string | null;
  keepMark(mark: string): string;
  add(key: StoredKey): boolean;
  get(id: string): StoredKey | null;
  list(filter: KeyFilter): readonly StoredKey[];
  replace(id: string, successor: StoredKey, expiresAt: number): boolean;
  revoke(id: string, at: number): boolean;
  touch(uses: readonly KeyUse[]): void;
}

/** Creates a store without keys. */
export function createMemoryKeyStore(): MemoryKeyStore {
  const keys = new Map<string, StoredKey>();
  let kept: string | null = null;

  const put = (key: StoredKey): void => void keys.set(key.id, Object.freeze({ ...key }));

  return {
    readMark: () => kept,
    keepMark: (mark) => (kept ??= mark),
    add(key) {
      if (keys.has(key.id)) return false;
      put(key);
      return true;
    },
    get: (id) => keys.get(id) ?? null,
    list: ({ tenant, principal, after, limit = 100 }) =>
      [...keys.values()]
        .filter((key) => tenant === undefined || key.tenant === tenant)
        .filter((key) => principal === undefined || key.principal === principal)
        .filter((key) => after === undefined || key.id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, Math.min(Math.max(1, limit), 1_000)),
    replace(id, successor, expiresAt) {
      const old = keys.get(id);
      if (old === undefined || hasEnded(old, successor.createdAt) || keys.has(successor.id)) return false;
      put({ ...old, expiresAt: Math.min(expiresAt, old.expiresAt ?? expiresAt), replacedBy: successor.id });
      put(successor);
      return true;
    },
    revoke(id, at) {
      const key = keys.get(id);
      if (key === undefined || key.revokedAt !== null) return false;
      put({ ...key, revokedAt: at });
      return true;
    },
    touch(uses) {
      for (const { id, at } of uses) {
        const key = keys.get(id);
        if (key !== undefined && at > (key.lastUsedAt ?? -1)) put({ ...key, lastUsedAt: at });
      }
    },
  };
}

function hasEnded({ revokedAt, replacedBy, expiresAt }: StoredKey, now: number): boolean {
  return revokedAt !== null || replacedBy !== null || (expiresAt !== null && expiresAt <= now);
}
