// The master key of a store: checked against the one the store's secrets are sealed under before anything is done with it, made at
// first use, read again when another process has changed it.
import { ToolyardError } from "../errors/toolyard-error.ts";
import { checkKeyBytes, KEY_TEXT_EXPECTED } from "../kernel/key-bytes.ts";
import type { KeySource } from "../ports/key-source.ts";
import type { SecretStore } from "../ports/secret-store.ts";
import { createMasterKey, type MasterKey, toMasterKeyId } from "./master-key.ts";

export interface MasterKeyHolder {
  /** Reads the key that the store depends on, if it depends on one. Rejects with SECRET_UNUSABLE when it is another one. */
  open(): Promise<MasterKey | null>;
  /** The key, made now when there is none. */
  need(): Promise<MasterKey>;
  /** The key of this id; reads it again when it is not the one that is held. Null: it is not the store's any more. */
  find(id: string): Promise<MasterKey | null>;
  /** What is held from now on. */
  replace(key: MasterKey): void;
}

export function createMasterKeyHolder(store: SecretStore, source: KeySource): MasterKeyHolder {
  let held: MasterKey | null = null;

  const read = async (known: string | null): Promise<MasterKey> => {
    const bytes = await source.read(known === null ? null : (key) => toMasterKeyId(key) === known);
    const checked = checkKeyBytes(bytes);
    if (!checked.ok) {
      const message = `the master key of ${source.name}: ${checked.problem}, expected ${KEY_TEXT_EXPECTED}`;
      throw new ToolyardError("SECRET_UNUSABLE", message);
    }
    const key = createMasterKey(bytes);
    // Another process may have been faster; then its key counts.
    const kept = known ?? (await store.keepMasterKeyId(key.id));
    if (key.id === kept) return (held = key);
    const message =
      `${source.name} is not the master key that the secrets of this store are encrypted under. ` +
      "Give back the one that was used, or, after a rotation, the new one; nothing was changed";
    throw new ToolyardError("SECRET_UNUSABLE", message);
  };

  const open = async (): Promise<MasterKey | null> => {
    const known = await store.readMasterKeyId();
    if (known === null) return null;
    return held?.id === known ? held : read(known);
  };

  return {
    open,
    need: async () => (await open()) ?? read(null),
    async find(id) {
      if (held?.id === id) return held;
      const key = await open();
      return key?.id === id ? key : null;
    },
    replace(key) {
      held = key;
    },
  };
}
