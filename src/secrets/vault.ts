// Our own table of secrets. Values are sealed before they reach the store, and kept in memory for a moment once they were opened.
// INVARIANT: no value that was read before a change is given after it, see "gives the new value at once after a change".
import { ToolyardError } from "../errors/toolyard-error.ts";
import { createBoundedMap } from "../kernel/bounded-map.ts";
import type { Clock } from "../kernel/clock.ts";
import { checkKeyBytes, KEY_TEXT_EXPECTED } from "../kernel/key-bytes.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { ActRecorder, RecordedAct } from "../ports/act-recorder.ts";
import type { SealedSecret, SecretStore } from "../ports/secret-store.ts";
import { createMasterKey, type MasterKey } from "./master-key.ts";
import type { MasterKeyHolder } from "./master-key-holder.ts";
import { unusableSecret } from "./secret-error.ts";
import type { SecretDescription } from "./secrets.ts";

export interface VaultParts {
  readonly store: SecretStore;
  readonly master: MasterKeyHolder;
  readonly clock: Clock;
  readonly acts: ActRecorder | null;
  /** How long an opened value is kept, milliseconds: what another process changes is seen after it. */
  readonly cacheMs: number;
  readonly cacheSize: number;
}

/** By whom and why. */
export interface CheckedChange {
  readonly by: string | null;
  readonly reason: string | null;
}

interface Kept {
  readonly value: string;
  readonly until: number;
}

/** Attempts to write over what somebody else is writing at the same time. */
const ATTEMPTS = 5;

export class Vault {
  readonly #parts: VaultParts;
  readonly #kept;
  /** Of changes: what was asked before one is not kept after it. */
  #round = 0;

  constructor(parts: VaultParts) {
    this.#parts = parts;
    this.#kept = createBoundedMap<string, Kept>(parts.cacheSize);
  }

  async read(name: string): Promise<string> {
    const { store, clock, cacheMs } = this.#parts;
    const known = this.#kept.get(name);
    if (known !== undefined && clock.monotonic() < known.until) return known.value;
    const round = this.#round;
    const secret = await store.get(name);
    if (secret === null) throw await this.#missing(name);
    const value = this.#open(secret, await this.#parts.master.find(secret.masterKeyId));
    if (cacheMs > 0 && round === this.#round) this.#kept.set(name, { value, until: clock.monotonic() + cacheMs });
    return value;
  }

  async set(name: string, value: string, change: CheckedChange): Promise<number> {
    const { acts } = this.#parts;
    const act: RecordedAct = { type: "secret.changed", subject: null, details: { name, ...change } };
    await acts?.intend(act);
    const revision = await this.#write(name, value, change);
    await acts?.record({ ...act, details: { ...act.details, revision } });
    return revision;
  }

  async remove(name: string, change: CheckedChange): Promise<boolean> {
    const { store } = this.#parts;
    if ((await store.get(name)) === null) return false;
    const act: RecordedAct = { type: "secret.removed", subject: null, details: { name, ...change } };
    return this.#recorded(act, () => store.remove(name));
  }

  async list(after: string | null, limit: number): Promise<readonly SecretDescription[]> {
    const secrets = await this.#parts.store.page(after, limit);
    return secrets.map(({ name, revision, at, by, reason }) => ({ name, revision, at, by, reason }));
  }

  async rotate(bytes: Uint8Array, change: CheckedChange): Promise<number> {
    const { store, master } = this.#parts;
    const checked = checkKeyBytes(bytes);
    if (!checked.ok) throw invalidKey(`${checked.problem}, expected ${KEY_TEXT_EXPECTED}`);
    const [current, next] = [await master.need(), createMasterKey(bytes)];
    if (current.id === next.id) throw invalidKey("it is the present one; expected another");
    const details = { from: current.id, to: next.id, ...change };
    let count: number | null = null;
    await this.#recorded({ type: "secrets.rewrapped", subject: null, details }, async () => {
      count = await store.replaceMasterKey(current.id, next.id, (secret) => this.#rewrap(secret, current, next));
      if (count !== null) return true;
      throw new ToolyardError(
        "REVISION_CONFLICT",
        "the master key was changed by another process; nothing was changed",
      );
    });
    master.replace(next);
    return count ?? 0;
  }

  forget(): void {
    this.#round++;
    this.#kept.clear();
  }

  async #write(name: string, value: string, change: CheckedChange): Promise<number> {
    const { store, master, clock } = this.#parts;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const key = await master.need();
      const revision = ((await store.get(name))?.revision ?? 0) + 1;
      const sealed = key.seal(value, { name, revision });
      const secret = { name, revision, masterKeyId: key.id, sealed, at: clock.now(), ...change };
      const isWritten = await store.set(secret, revision - 1);
      this.forget();
      if (isWritten) return revision;
    }
    const message = `the secret vault:${name} is being changed by others; try again`;
    throw new ToolyardError("REVISION_CONFLICT", message, { retryable: true });
  }

  #rewrap(secret: SealedSecret, current: MasterKey, next: MasterKey): SealedSecret {
    return { ...secret, masterKeyId: next.id, sealed: next.seal(this.#open(secret, current), secret) };
  }

  #open(secret: SealedSecret, key: MasterKey | null): string {
    const value = key?.open(secret) ?? null;
    if (value !== null) return value;
    const reason =
      key === null
        ? "it is encrypted under another master key than the store says"
        : "it cannot be decrypted: its row was changed, or belongs to another name or revision. Set it again";
    throw unusableSecret(`vault:${secret.name}`, reason);
  }

  async #missing(name: string): Promise<ToolyardError> {
    const names = (await this.#parts.store.page(null, 1_000)).map((secret) => secret.name);
    const near = findNearest(name, names, 1)[0];
    const hint = near === undefined ? "" : `; did you mean vault:${near}?`;
    return unusableSecret(`vault:${name}`, `there is none of this name${hint}`);
  }

  /** Does `change`, told before and, when it was done, after it. */
  async #recorded(act: RecordedAct, change: () => boolean | PromiseLike<boolean>): Promise<boolean> {
    const { acts } = this.#parts;
    await acts?.intend(act);
    const isDone = await change();
    this.forget();
    if (isDone) await acts?.record(act);
    return isDone;
  }
}

function invalidKey(problem: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", `the new master key: ${problem}`);
}
