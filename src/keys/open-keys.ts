// API keys over a store: made, listed, rotated, revoked, verified. The pepper is checked before anything is done with it: keys hashed
// under one are worth nothing under another.
import { ToolyardError } from "../errors/toolyard-error.ts";
import { readOptions } from "../errors/option-problems.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { createSecretText } from "../kernel/secret-text.ts";
import type { ActRecorder, RecordedAct } from "../ports/act-recorder.ts";
import type { KeySource } from "../ports/key-source.ts";
import type { KeyFilter, KeyStore, StoredKey } from "../ports/key-store.ts";
import { describeKey } from "./describe-key.ts";
import { createKeyText, isKeyId } from "./key-format.ts";
import { createKeyHasher, type KeyHasher, toPepperMark } from "./key-hasher.ts";
import { createKeyVerifier, type KeyVerifier } from "./key-verifier.ts";
import type { CreatedKey, KeyDescription, Keys, KeyInput, RevokeOptions, RotateOptions } from "./keys.ts";
import { createLastUses, type LastUses } from "./last-uses.ts";
import { readKeyInput, readRevocation, readRotation } from "./read-key-input.ts";

export interface KeysOptions {
  readonly store: KeyStore;
  /** What keys are hashed under. */
  readonly pepper: KeySource;
  readonly clock?: Clock;
  /** Told of every key that is made, rotated or revoked. @default nobody */
  readonly acts?: ActRecorder;
  /**
   * How long a key that was found is believed without asking the store again, milliseconds, 0 to 60,000: a key that another
   * process revokes works for so long here. @default 1,000
   */
  readonly cacheMs?: number;
  /** Keys that are believed at once, 1 to 1,000,000. @default 10,000 */
  readonly cacheSize?: number;
  /** How long last uses are gathered before they are written, milliseconds, 10 to 600,000. @default 10,000 */
  readonly usesEveryMs?: number;
  /** Told when last uses could not be written. @default nobody */
  readonly report?: (error: unknown) => void;
}

const OPTIONS = ["store", "pepper", "clock", "acts", "cacheMs", "cacheSize", "usesEveryMs", "report"];

/**
 * Opens the keys of a store. Rejects with INVALID_OPTION, and with SECRET_UNUSABLE when there is no pepper or it is not the
 * one under which the keys of the store are hashed; then nothing was changed.
 */
export async function openKeys(options: KeysOptions): Promise<Keys> {
  const reader = readOptions("keys", options, OPTIONS);
  const cacheMs = reader.integer("cacheMs", 0, 60_000, 1_000);
  const cacheSize = reader.integer("cacheSize", 1, 1_000_000, 10_000);
  const everyMs = reader.integer("usesEveryMs", 10, 600_000, 10_000);
  reader.done();
  const { store, clock = systemClock, report = (): void => {} } = options;
  const hasher = createKeyHasher(await openPepper(options));
  const uses = createLastUses({ store, clock, everyMs, report });
  const verifier = createKeyVerifier({ store, hasher, clock, uses, cacheMs, cacheSize });
  return new OpenKeys({ store, clock, hasher, uses, verifier, acts: options.acts ?? null });
}

async function openPepper({ store, pepper }: KeysOptions): Promise<Uint8Array> {
  const known = await store.readMark();
  const key = await pepper.read(known === null ? null : (candidate) => toPepperMark(candidate) === known);
  // Another process may have been faster; then its pepper counts.
  const kept = known ?? (await store.keepMark(toPepperMark(key)));
  if (toPepperMark(key) === kept) return key;
  const message =
    `${pepper.name} is not the pepper under which the API keys of this store are hashed, and none of them would be accepted. ` +
    "Give back the one that was used; nothing was changed";
  throw new ToolyardError("SECRET_UNUSABLE", message);
}

interface Parts {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly hasher: KeyHasher;
  readonly uses: LastUses;
  readonly verifier: KeyVerifier;
  readonly acts: ActRecorder | null;
}

class OpenKeys implements Keys {
  readonly #parts: Parts;
  readonly verify: Keys["verify"];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.verify = parts.verifier.verify;
  }

  async create(input: KeyInput): Promise<CreatedKey> {
    const { lifetimeMs, by, ...whose } = readKeyInput(input);
    const createdAt = this.#parts.clock.now();
    const expiresAt = lifetimeMs === null ? null : createdAt + lifetimeMs;
    const { created, stored } = this.#make({ ...whose, createdAt, createdBy: by, expiresAt });
    await this.#recorded("key.created", stored, toDetails(stored, by), async () => {
      if (!(await this.#parts.store.add(stored)))
        throw new ToolyardError("STORE_FAILED", `the id ${stored.id} is taken`);
    });
    return created;
  }

  async list(filter: KeyFilter = {}): Promise<readonly KeyDescription[]> {
    const now = this.#parts.clock.now();
    return (await this.#parts.store.list(filter)).map((key) => describeKey(key, now));
  }

  async rotate(id: string, options: RotateOptions = {}): Promise<CreatedKey> {
    const { overlapMs, lifetimeMs: asked, by } = readRotation(options);
    const { store, clock, verifier } = this.#parts;
    const old = await this.#find(id);
    const now = clock.now();
    const lifetimeMs = asked === undefined ? toLifetime(old) : asked;
    const { name, env, tenant, principal, roles, scopes } = old;
    const expiresAt = lifetimeMs === null ? null : now + lifetimeMs;
    const whose = { name, env, tenant, principal, roles, scopes };
    const { created, stored } = this.#make({ ...whose, createdAt: now, createdBy: by, expiresAt });
    assertLives(old, now);
    const details = { ...toDetails(stored, by), replaces: id, overlapMs };
    await this.#recorded("key.rotated", old, details, async () => {
      if (await store.replace(id, stored, now + overlapMs)) return;
      // Somebody was faster, and it can be told what they did.
      assertLives(await this.#find(id), now);
      throw new ToolyardError("STORE_FAILED", `the id ${stored.id} is taken`);
    });
    verifier.forget();
    return created;
  }

  async revoke(id: string, options: RevokeOptions = {}): Promise<boolean> {
    const { by, reason } = readRevocation(options);
    const { store, clock, verifier } = this.#parts;
    const key = await this.#find(id);
    if (key.revokedAt !== null) return false;
    let revoked = false;
    const details = { keyId: id, name: key.name, by, reason };
    await this.#recorded("key.revoked", key, details, async () => {
      revoked = await store.revoke(id, clock.now());
    });
    verifier.forget();
    return revoked;
  }

  flush(): Promise<void> {
    return this.#parts.uses.flush();
  }

  async close(): Promise<void> {
    this.#parts.verifier.forget();
    await this.#parts.uses.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #make(of: Omit<StoredKey, "id" | "hash" | "revokedAt" | "lastUsedAt" | "replacedBy">): {
    readonly created: CreatedKey;
    readonly stored: StoredKey;
  } {
    const { text, id } = createKeyText(of.env);
    const hash = this.#parts.hasher.hash(text).toString("hex");
    const stored: StoredKey = { ...of, id, hash, revokedAt: null, lastUsedAt: null, replacedBy: null };
    return { created: { key: createSecretText(text), description: describeKey(stored, of.createdAt) }, stored };
  }

  async #find(id: string): Promise<StoredKey> {
    const found = isKeyId(id) ? await this.#parts.store.get(id) : null;
    if (found !== null) return found;
    // What was received may be a whole key, mistyped, so it is not repeated.
    const received = isKeyId(id) ? JSON.stringify(id) : "something that is no id";
    throw new ToolyardError(
      "UNKNOWN_KEY",
      `there is no API key of this id: received ${received}; list shows those there are`,
    );
  }

  async #recorded(
    type: RecordedAct["type"],
    { tenant, principal }: StoredKey,
    details: RecordedAct["details"],
    change: () => Promise<void>,
  ): Promise<void> {
    const { acts } = this.#parts;
    const act: RecordedAct = { type, subject: { tenant, principal }, details };
    await acts?.intend(act);
    await change();
    await acts?.record(act);
  }
}

function toDetails({ id, name, env, roles, scopes, expiresAt }: StoredKey, by: string | null): RecordedAct["details"] {
  return { keyId: id, name, env, roles, scopes, expiresAt, by };
}

function toLifetime({ createdAt, expiresAt }: StoredKey): number | null {
  return expiresAt === null ? null : expiresAt - createdAt;
}

function assertLives({ id, revokedAt, expiresAt, replacedBy }: StoredKey, now: number): void {
  const ended = (what: string): ToolyardError => new ToolyardError("KEY_ENDED", `the API key ${id} ${what}`);
  const at = (time: number): string => new Date(time).toISOString();
  if (revokedAt !== null) throw ended(`was revoked at ${at(revokedAt)}; create a new one`);
  if (replacedBy !== null) throw ended(`was rotated already: its successor is ${replacedBy}`);
  if (expiresAt !== null && expiresAt <= now) throw ended(`expired at ${at(expiresAt)}; create a new one`);
}
