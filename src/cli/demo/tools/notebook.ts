// Notes in memory, one page per tenant and principal. Bounded: a model in a loop must not eat the process.
import type { Clock, Principal } from "../../../index.ts";

export interface Note {
  readonly id: number;
  readonly text: string;
  readonly tags: readonly string[];
  /** ISO 8601, UTC. */
  readonly addedAt: string;
}

export interface Notebook {
  /** Adds a note; null when the owner's page or the whole book is full. */
  add(owner: Principal, text: string, tags: readonly string[]): Note | null;
  /** The newest first. */
  list(owner: Principal): readonly Note[];
  /** Removes every note of the owner, and says how many there were. */
  clear(owner: Principal): number;
}

/** Notes of one principal. */
export const MAX_NOTES_PER_OWNER = 200;
const MAX_OWNERS = 1_000;

/** Creates an empty notebook. */
export function createNotebook(clock: Clock): Notebook {
  const pages = new Map<string, Note[]>();
  let lastId = 0;
  // Neither part of a principal may hold a control character, so two owners never share a page.
  const keyOf = (owner: Principal): string => `${owner.tenant}\0${owner.id}`;

  return {
    add(owner, text, tags) {
      const key = keyOf(owner);
      const page = pages.get(key) ?? [];
      if (page.length >= MAX_NOTES_PER_OWNER || (page.length === 0 && pages.size >= MAX_OWNERS)) return null;
      const note: Note = { id: ++lastId, text, tags, addedAt: new Date(clock.now()).toISOString() };
      page.unshift(note);
      pages.set(key, page);
      return note;
    },
    list: (owner) => pages.get(keyOf(owner)) ?? [],
    clear(owner) {
      const key = keyOf(owner);
      const removed = pages.get(key)?.length ?? 0;
      pages.delete(key);
      return removed;
    },
  };
}
