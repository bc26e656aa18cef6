// Sealed secrets in memory: gone with the process. The model of what a database has to do.
import type { SealedSecret, SecretStore } from "../../ports/secret-store.ts";

/** A secret store that answers at once. */
export interface MemorySecretStore extends SecretStore {
  readMasterKeyId(): string | null;
  keepMasterKeyId(masterKeyId: string): string;
  get(name: string): SealedSecret | null;
  page(after: string | null, limit: number): readonly SealedSecret[];
  set(secret: SealedSecret, expected: number): boolean;
  remove(name: string): boolean;
  replaceMasterKey(from: string, to: string, rewrap: (secret: SealedSecret) => SealedSecret): number | null;
}

/** Creates a store without secrets. */
export function createMemorySecretStore(): MemorySecretStore {
  let secrets: ReadonlyMap<string, SealedSecret> = new Map();
  let current: string | null = null;

  return {
    readMasterKeyId: () => current,
    keepMasterKeyId: (masterKeyId) => (current ??= masterKeyId),
    get: (name) => secrets.get(name) ?? null,
    page: (after, limit) =>
      [...secrets.values()]
        .filter(({ name }) => after === null || name > after)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, limit),
    set(secret, expected) {
      if (secret.masterKeyId !== current || (secrets.get(secret.name)?.revision ?? 0) !== expected) return false;
      secrets = new Map([...secrets, [secret.name, Object.freeze({ ...secret })]]);
      return true;
    },
    remove(name) {
      const left = new Map(secrets);
      const removed = left.delete(name);
      secrets = left;
      return removed;
    },
    replaceMasterKey(from, to, rewrap) {
      if (current !== from) return null;
      // Made whole before it is looked at: what throws has changed nothing.
      secrets = new Map([...secrets].map(([name, secret]) => [name, Object.freeze({ ...rewrap(secret) })]));
      current = to;
      return secrets.size;
    },
  };
}
