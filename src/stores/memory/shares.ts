// The part of a store that each principal of each tenant has, so that nobody can fill it for all. A part is there only while
// it has records, so that the size is bounded by theirs.
import { Room } from "./room.ts";

export class Shares {
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  readonly #rooms = new Map<string, Room>();

  /** `maxRecords` and `maxBytes` of each part. */
  constructor(maxRecords: number, maxBytes: number) {
    this.#maxRecords = maxRecords;
    this.#maxBytes = maxBytes;
  }

  /** Principals that have records. */
  get size(): number {
    return this.#rooms.size;
  }

  /** The part to which the record of `key` belongs, when there is one. */
  find(key: string): Room | undefined {
    return this.#rooms.get(toPrincipalKey(key));
  }

  /** Counts a record of `key`; returns the part it belongs to. */
  add(key: string): Room {
    const principal = toPrincipalKey(key);
    const room = this.#rooms.get(principal) ?? new Room(this.#maxRecords, this.#maxBytes);
    this.#rooms.set(principal, room);
    room.records++;
    return room;
  }

  /** Counts a record of `key`, which was added, no more. */
  remove(key: string): void {
    const principal = toPrincipalKey(key);
    const room = this.#rooms.get(principal);
    if (room === undefined) return;
    room.records--;
    if (room.records === 0) this.#rooms.delete(principal);
  }
}

/** The first two segments of a key: tenant and principal. A key that has no more is all of it. */
function toPrincipalKey(key: string): string {
  const end = key.indexOf("\0", key.indexOf("\0") + 1);
  return end === -1 ? key : key.slice(0, end);
}
