// A map that knows how many bytes its entries take and which of them is the oldest. It bounds nothing by itself: a store
// takes away what its own rule names until the bytes fit.
// INVARIANT: the list holds what the map holds, from the oldest to the youngest, and moving an entry allocates nothing. A
// Map with a live iterator for its oldest keeps every table it ever had until the iterator moves, 150 bytes for each
// entry made the youngest: "keeps nothing of its own past" in sized-map.test.ts.

/** Never changed once it is in a map. */
export interface Sized {
  readonly key: string;
  readonly bytes: number;
}

// What an entry takes besides its texts. Measured on Node 24: 340 (artefacts) and 394 bytes (cache) with 33 characters.
const ENTRY_BYTES = 320;
const UNIT_BYTES = 2;

/** Bytes that an entry of these texts counts for: 2 for each UTF-16 unit, and a constant. */
export function toEntryBytes(key: string, text: string): number {
  return ENTRY_BYTES + UNIT_BYTES * (key.length + text.length);
}

interface Link<Entry> {
  readonly entry: Entry;
  older: Link<Entry> | null;
  younger: Link<Entry> | null;
}

export class SizedMap<Entry extends Sized> {
  readonly #links = new Map<string, Link<Entry>>();
  #oldest: Link<Entry> | null = null;
  #youngest: Link<Entry> | null = null;
  #bytes = 0;

  get size(): number {
    return this.#links.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Entry | undefined {
    return this.#links.get(key)?.entry;
  }

  /** Adds `entry`, whose key has none, as the youngest. */
  add(entry: Entry): void {
    const link: Link<Entry> = { entry, older: null, younger: null };
    this.#links.set(entry.key, link);
    this.#append(link);
    this.#bytes += entry.bytes;
  }

  /** Makes an entry of the map the youngest. */
  renew(entry: Entry): void {
    const link = this.#links.get(entry.key);
    if (link === undefined || link === this.#youngest) return;
    this.#unlink(link);
    this.#append(link);
  }

  delete(entry: Entry): void {
    const link = this.#links.get(entry.key);
    if (link === undefined) return;
    this.#links.delete(entry.key);
    this.#unlink(link);
    this.#bytes -= entry.bytes;
  }

  /** Takes the oldest entry away; undefined when there is none. */
  takeOldest(): Entry | undefined {
    const oldest = this.#oldest?.entry;
    if (oldest !== undefined) this.delete(oldest);
    return oldest;
  }

  clear(): void {
    this.#links.clear();
    this.#oldest = null;
    this.#youngest = null;
    this.#bytes = 0;
  }

  #append(link: Link<Entry>): void {
    link.older = this.#youngest;
    if (this.#youngest === null) this.#oldest = link;
    else this.#youngest.younger = link;
    this.#youngest = link;
  }

  #unlink(link: Link<Entry>): void {
    const { older, younger } = link;
    if (older === null) this.#oldest = younger;
    else older.younger = younger;
    if (younger === null) this.#youngest = older;
    else younger.older = older;
    link.older = null;
    link.younger = null;
  }
}
