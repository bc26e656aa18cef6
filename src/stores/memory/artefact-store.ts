// Large results in memory, bounded by the bytes they take: those whose time has passed go first, then the oldest ones.
// The owner is part of the key: an id alone, however it was come by, reads nothing.
import type { Clock } from "../../kernel/clock.ts";
import type { ArtefactOwner, ArtefactStore } from "../../ports/artefact-store.ts";
import { assertBound } from "./bound-option.ts";
import { type Expiry, ExpiryQueue } from "./expiry-queue.ts";
import { type Sized, SizedMap, toEntryBytes } from "./sized-map.ts";

// How many expired texts one call clears away without needing their room: bounds its pause.
const MAX_CLEARED = 32;

export interface MemoryArtefactStoreOptions {
  readonly clock: Clock;
  /**
   * Bytes kept at the most, 1 or more: 2 for each UTF-16 unit of owner, id and text, and 320 for each text. One that takes
   * more than a quarter of it is refused. @default 67,108,864 (64 MiB)
   */
  readonly maxBytes?: number;
}

/** An artefact store that answers at once. */
export interface MemoryArtefactStore extends ArtefactStore {
  put(owner: ArtefactOwner, id: string, text: string, keepMs: number): boolean;
  get(owner: ArtefactOwner, id: string): string | null;
  /** Texts kept now; some may be expired and wait to be cleared away. */
  readonly size: number;
  /** Bytes they take. */
  readonly bytes: number;
}

/** Creates an empty store. Throws INVALID_OPTION for a `maxBytes` that is no integer of 1 or more. */
export function createMemoryArtefactStore(options: MemoryArtefactStoreOptions): MemoryArtefactStore {
  const { clock, maxBytes = 67_108_864 } = options;
  assertBound("maxBytes", maxBytes);
  return new ArtefactsInMemory(clock, maxBytes);
}

interface Artefact extends Sized {
  readonly text: string;
  readonly expiry: Expiry;
}

class ArtefactsInMemory implements MemoryArtefactStore {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #artefacts = new SizedMap<Artefact>();
  readonly #expiries = new ExpiryQueue();

  constructor(clock: Clock, maxBytes: number) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#artefacts.size;
  }

  get bytes(): number {
    return this.#artefacts.bytes;
  }

  put(owner: ArtefactOwner, id: string, text: string, keepMs: number): boolean {
    const now = this.#clock.monotonic();
    const key = toKey(owner, id);
    // Also when the new text is refused: the earlier one is not what was put last.
    this.#delete(key);
    const bytes = toEntryBytes(key, text);
    if (bytes > this.#maxBytes / 4 || !(keepMs > 0)) return false;
    this.#makeRoom(bytes, now);
    this.#artefacts.add({ key, bytes, text, expiry: this.#expiries.add(key, now + keepMs) });
    return true;
  }

  get(owner: ArtefactOwner, id: string): string | null {
    const key = toKey(owner, id);
    const artefact = this.#artefacts.get(key);
    if (artefact === undefined) return null;
    if (artefact.expiry.at > this.#clock.monotonic()) return artefact.text;
    this.#delete(key);
    return null;
  }

  #makeRoom(bytes: number, now: number): void {
    for (let cleared = 0; cleared < MAX_CLEARED || !this.#fits(bytes); cleared++) {
      const expired = this.#expiries.findExpired(now);
      if (expired === undefined) break;
      this.#delete(expired);
    }
    while (!this.#fits(bytes)) {
      const oldest = this.#artefacts.takeOldest();
      if (oldest !== undefined) this.#expiries.remove(oldest.expiry);
    }
  }

  #fits(bytes: number): boolean {
    return this.#artefacts.bytes + bytes <= this.#maxBytes;
  }

  #delete(key: string): void {
    const artefact = this.#artefacts.get(key);
    if (artefact === undefined) return;
    this.#artefacts.delete(artefact);
    this.#expiries.remove(artefact.expiry);
  }
}

// Tenant and principal hold no \0 (`call/principal.ts`), so two owners never share a key, whatever the ids.
function toKey({ tenant, principal }: ArtefactOwner, id: string): string {
  return `${tenant}\0${principal}\0${id}`;
}
