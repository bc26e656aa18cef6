// Secrets by reference, wherever they are. A value leaves here only in a holder that does not print; what cannot be had is told by its
// reference.
import { formatReceived, type OptionReader, readOptions } from "../errors/option-problems.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { createSecretText, isSecretText, type SecretText } from "../kernel/secret-text.ts";
import type { ActRecorder } from "../ports/act-recorder.ts";
import type { KeySource } from "../ports/key-source.ts";
import type { SecretStore } from "../ports/secret-store.ts";
import { readEnvSecret, type SecretEnvironment } from "./env-secrets.ts";
import { createFileSecrets, type FileSecrets } from "./file-secrets.ts";
import { createMasterKeyHolder } from "./master-key-holder.ts";
import type { SecretProvider } from "./provider.ts";
import { isSecretName, parseReference, type Reference, SECRET_NAME_EXPECTED } from "./reference.ts";
import { unusableSecret } from "./secret-error.ts";
import { findValueProblem } from "./secret-value.ts";
import type { ResolveOptions, SecretChange, SecretDescription, SecretPage, Secrets } from "./secrets.ts";
import { type CheckedChange, Vault } from "./vault.ts";
import { TOO_LATE, withinTime } from "./within-time.ts";

export interface SecretsOptions {
  /** The environment that `env:` reads. */
  readonly env: SecretEnvironment;
  /** What `vault:` reads, and the key it is encrypted under. @default none */
  readonly vault?: { readonly store: SecretStore; readonly masterKey: KeySource };
  /** Further schemes. @default none */
  readonly providers?: readonly SecretProvider[];
  readonly clock?: Clock;
  /** Told of every change of the vault. @default nobody */
  readonly acts?: ActRecorder;
  /** How long a file or a provider is waited for, milliseconds, 10 to 600,000. @default 5,000 */
  readonly timeoutMs?: number;
  /** How long a value of the vault is kept in memory, milliseconds, 0 to 60,000. @default 1,000 */
  readonly cacheMs?: number;
  /** Values of the vault that are kept in memory, 1 to 10,000. @default 256 */
  readonly cacheSize?: number;
  /** Told of a file that everybody on the machine may read. @default nobody */
  readonly onExposed?: (reference: string) => void;
}

const OPTIONS = ["env", "vault", "providers", "clock", "acts", "timeoutMs", "cacheMs", "cacheSize", "onExposed"];
const BUILT_IN = ["env", "file", "vault"];
const SCHEME = /^[a-z][a-z0-9+.-]{1,31}$/;

/**
 * Opens the secrets. Rejects with INVALID_OPTION, and with SECRET_UNUSABLE when the vault holds secrets and the master key is not
 * there or is another one; then nothing was changed.
 */
export async function openSecrets(options: SecretsOptions): Promise<Secrets> {
  const reader = readOptions("secrets", options, OPTIONS);
  const cacheMs = reader.integer("cacheMs", 0, 60_000, 1_000);
  const cacheSize = reader.integer("cacheSize", 1, 10_000, 256);
  const timeoutMs = reader.integer("timeoutMs", 10, 600_000, 5_000);
  const providers = readProviders(reader, options);
  reader.done();
  const { env, clock = systemClock, onExposed = (): void => {}, acts = null, vault } = options;
  let opened: Vault | null = null;
  if (vault !== undefined) {
    const master = createMasterKeyHolder(vault.store, vault.masterKey);
    await master.open();
    opened = new Vault({ store: vault.store, master, clock, acts, cacheMs, cacheSize });
  }
  const files = createFileSecrets(onExposed);
  return new OpenSecrets({ env, clock, timeoutMs, providers, files, vault: opened });
}

function readProviders(reader: OptionReader, options: SecretsOptions): ReadonlyMap<string, SecretProvider> {
  const providers = new Map<string, SecretProvider>();
  for (const [index, provider] of (options?.providers ?? []).entries()) {
    const scheme: unknown = (provider as SecretProvider | null)?.scheme;
    const refuse = (message: string): void => {
      reader.refuse(`providers[${index}].scheme`, message);
    };
    if (typeof scheme !== "string" || !SCHEME.test(scheme))
      refuse(`received ${formatReceived(scheme)}, expected 2 to 32 of a to z, 0 to 9, +, - and ., a letter first`);
    else if (BUILT_IN.includes(scheme) || providers.has(scheme)) refuse(`${scheme}: is taken; expected another scheme`);
    else providers.set(scheme, provider);
  }
  return providers;
}

interface Parts {
  readonly env: SecretEnvironment;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly providers: ReadonlyMap<string, SecretProvider>;
  readonly files: FileSecrets;
  readonly vault: Vault | null;
}

class OpenSecrets implements Secrets {
  readonly #parts: Parts;
  readonly #schemes: readonly string[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#schemes = [...BUILT_IN, ...parts.providers.keys()];
  }

  async resolve(reference: string, { signal }: ResolveOptions = {}): Promise<SecretText> {
    const parsed = parseReference(reference, this.#schemes);
    const value: unknown = await this.#read(parsed, signal);
    const problem = findValueProblem(value);
    if (problem !== null) throw unusableSecret(parsed.text, problem);
    return createSecretText(value as string);
  }

  async set(name: string, value: string | SecretText, change: SecretChange = {}): Promise<number> {
    const text: unknown = isSecretText(value) ? value.reveal() : value;
    const reader = readOptions("secret", change, ["by", "reason"]);
    if (!isSecretName(name)) reader.refuse("name", `expected ${SECRET_NAME_EXPECTED}`);
    const problem = findValueProblem(text);
    if (problem !== null) reader.refuse("value", problem);
    const checked = readChange(reader, change);
    reader.done();
    return this.#needVault().set(name, text as string, checked);
  }

  async remove(name: string, change: SecretChange = {}): Promise<boolean> {
    const reader = readOptions("secret", change, ["by", "reason"]);
    if (!isSecretName(name)) reader.refuse("name", `expected ${SECRET_NAME_EXPECTED}`);
    const checked = readChange(reader, change);
    reader.done();
    return this.#needVault().remove(name, checked);
  }

  async list(page: SecretPage = {}): Promise<readonly SecretDescription[]> {
    const reader = readOptions("secrets.list", page, ["after", "limit"]);
    const limit = reader.integer("limit", 1, 1_000, 100);
    reader.done();
    return this.#needVault().list(page.after ?? null, limit);
  }

  async rotateMasterKey(next: Uint8Array, change: SecretChange = {}): Promise<number> {
    const reader = readOptions("rotation", change, ["by", "reason"]);
    const checked = readChange(reader, change);
    reader.done();
    return this.#needVault().rotate(next, checked);
  }

  forget(): void {
    this.#parts.files.forget();
    this.#parts.vault?.forget();
  }

  async #read(reference: Reference, signal: AbortSignal | undefined): Promise<unknown> {
    const { env, clock, timeoutMs, files, providers } = this.#parts;
    switch (reference.scheme) {
      case "env":
        return readEnvSecret(reference, env);
      case "vault":
        return this.#needVault().read(reference.name);
      default: {
        const provider = providers.get(reference.scheme);
        try {
          return await withinTime(clock, timeoutMs, signal, (ended) =>
            provider === undefined ? files.read(reference) : provider.resolve(reference.name, ended),
          );
        } catch (error) {
          if (signal?.aborted === true && error === signal.reason) throw error;
          throw error instanceof ToolyardError ? error : unusableSecret(reference.text, toReason(error, timeoutMs));
        }
      }
    }
  }

  #needVault(): Vault {
    if (this.#parts.vault !== null) return this.#parts.vault;
    throw new ToolyardError("SECRET_UNUSABLE", "there is no vault: this registry keeps no state; open one with state");
  }
}

/** Of an error that a provider threw only its kind: its text may hold the secret, or what the provider logs in with. */
function toReason(error: unknown, timeoutMs: number): string {
  if (error === TOO_LATE) return `it did not come within ${timeoutMs} ms`;
  const { name, code } = (error instanceof Error ? error : {}) as { readonly name?: unknown; readonly code?: unknown };
  const kinds = [name, code].filter((kind) => typeof kind === "string" && /^[A-Za-z0-9_]{1,64}$/.test(kind));
  return `its provider failed${kinds.length === 0 ? "" : ` (${kinds.join(" ")})`}`;
}

function readChange(reader: OptionReader, change: SecretChange): CheckedChange {
  const { by = null, reason = null } = change ?? {};
  for (const [key, value, max] of [
    ["by", by, 600],
    ["reason", reason, 1_024],
  ] as const) {
    if (value === null || (typeof value === "string" && value !== "" && value.length <= max)) continue;
    reader.refuse(key, `received ${formatReceived(value)}, expected 1 to ${max} characters`);
  }
  return { by, reason };
}
