// The keys and secrets of a state, with the keys of our own that no database holds: files in the folder of the state, made at first
// use, or what the configuration names.
import { join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import { type Keys, openKeys } from "../../keys/index.ts";
import type { ActRecorder } from "../../ports/act-recorder.ts";
import type { KeySource } from "../../ports/key-source.ts";
import type { Stores } from "../../ports/stores.ts";
import { createReferenceKey, openSecrets, type SecretProvider, type Secrets } from "../../secrets/index.ts";
import { createKeyFile, type KeyFile } from "../../stores/file/index.ts";
import type { StatePlace } from "./open-state.ts";

/** The names of the files in the folder. */
const KEY_FILES = Object.freeze({ masterKey: "master.key", pepper: "pepper.key" });

export interface CredentialOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Told of every change. */
  readonly acts: ActRecorder;
  /** Told of a secret in a file that everybody on the machine may read, and of last uses that could not be written. */
  readonly warn: (message: string) => void;
  /** Further schemes of references. @default none */
  readonly providers?: readonly SecretProvider[];
}

export interface StateSecrets {
  readonly secrets: Secrets;
  /** The file of the master key; null: the configuration names another place. */
  readonly masterKeyFile: KeyFile | null;
}

/** Opens the API keys of a state. Rejects with SECRET_UNUSABLE when the pepper is not the one they are hashed under. */
export async function openStateKeys(
  { keys: store }: Pick<Stores, "keys">,
  place: StatePlace,
  options: CredentialOptions,
): Promise<Keys> {
  const { clock, acts, warn } = options;
  const pepper =
    place.pepper === null
      ? createKeyFile(join(place.dir, KEY_FILES.pepper))
      : await createKeyReference(place.pepper, options);
  const report = (error: unknown): void => {
    warn(`the last uses of API keys could not be written: ${(error as Error).message}`);
  };
  return openKeys({ store, pepper, clock, acts, report });
}

/** Opens the secrets of a state. Rejects with SECRET_UNUSABLE when the master key is not the one they are encrypted under. */
export async function openStateSecrets(
  { secrets: store }: Pick<Stores, "secrets">,
  place: StatePlace,
  options: CredentialOptions,
): Promise<StateSecrets> {
  const masterKeyFile = place.masterKey === null ? createKeyFile(join(place.dir, KEY_FILES.masterKey)) : null;
  const masterKey = masterKeyFile ?? (await createKeyReference(place.masterKey ?? "", options));
  const { env, clock, acts, providers = [] } = options;
  const onExposed = toExposed(options);
  const secrets = await openSecrets({ env, clock, acts, providers, onExposed, vault: { store, masterKey } });
  return { secrets, masterKeyFile };
}

/** The key that a reference names. It is in no vault: the vault is encrypted under it. */
export async function createKeyReference(reference: string, options: CredentialOptions): Promise<KeySource> {
  const { env, clock, providers = [] } = options;
  return createReferenceKey(reference, await openSecrets({ env, clock, providers, onExposed: toExposed(options) }));
}

function toExposed({ warn }: CredentialOptions): (reference: string) => void {
  return (reference) => {
    warn(`everybody on this machine may read the secret ${reference}; make it private: chmod 600`);
  };
}
