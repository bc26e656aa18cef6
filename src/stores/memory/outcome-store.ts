// Calls whose effect is not known, in memory: in the order they were added, each with a number that says where it stands.
// Nothing is ever dropped, because nobody else remembers these calls; it ends with the process all the same.
import { type BoundedMap, createBoundedMap } from "../../kernel/bounded-map.ts";
import type {
  OutcomeCount,
  OutcomeFilter,
  OutcomeOwner,
  OutcomeStore,
  UnknownOutcome,
} from "../../ports/outcome-store.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
// Removed ids whose place is remembered, so that paging goes on where it was.
const MAX_REMEMBERED = 10_000;

/** An outcome store that answers at once. */
export interface MemoryOutcomeStore extends OutcomeStore {
  /** Lists the outcome; one whose id is listed already stays as it is. */
  add(outcome: UnknownOutcome): void;
  get(id: string): UnknownOutcome | null;
  /**
   * Oldest first. When the one named by `after` was removed meanwhile, the page goes on from where it stood, for the
   * last 10,000 that were removed; after an id that was never listed, or is not remembered, the page is the first one.
   * A limit out of its range is brought into it.
   */
  list(filter: OutcomeFilter): readonly UnknownOutcome[];
  remove(id: string): boolean;
  count(of?: OutcomeOwner): OutcomeCount;
}

/** Creates a store in which nothing is listed. */
export function createMemoryOutcomeStore(): MemoryOutcomeStore {
  return new OutcomesInMemory();
}

function toOwnerKey({ tenant, principal, tool }: OutcomeOwner): string {
  return `${tenant}\0${principal}\0${tool}`;
}

interface Listed {
  /** Grows from one to the next; 1 or more. */
  readonly place: number;
  readonly outcome: UnknownOutcome;
}

class OutcomesInMemory implements MemoryOutcomeStore {
  readonly #byId = new Map<string, Listed>();
  /** In the order of their places. */
  readonly #listed: Listed[] = [];
  /** By tenant, principal and tool. */
  readonly #counts = new Map<string, number>();
  readonly #removed: BoundedMap<string, number> = createBoundedMap(MAX_REMEMBERED);
  #lastPlace = 0;

  add(outcome: UnknownOutcome): void {
    if (this.#byId.has(outcome.id)) return;
    const listed: Listed = { place: ++this.#lastPlace, outcome: Object.freeze({ ...outcome }) };
    this.#byId.set(outcome.id, listed);
    this.#listed.push(listed);
    this.#counts.set(toOwnerKey(outcome), this.count(outcome).own + 1);
  }

  get(id: string): UnknownOutcome | null {
    return this.#byId.get(id)?.outcome ?? null;
  }

  list({ tenant, tool, limit = DEFAULT_LIMIT, after }: OutcomeFilter): readonly UnknownOutcome[] {
    const most = Math.min(Math.max(1, limit), MAX_LIMIT);
    const page: UnknownOutcome[] = [];
    const start = after === undefined ? 0 : this.#findAfter(this.#placeOf(after));
    for (let index = start; index < this.#listed.length && page.length < most; index++) {
      const { outcome } = this.#listed[index] as Listed;
      if (tenant !== undefined && outcome.tenant !== tenant) continue;
      if (tool === undefined || outcome.tool === tool) page.push(outcome);
    }
    return page;
  }

  remove(id: string): boolean {
    const listed = this.#byId.get(id);
    if (listed === undefined) return false;
    this.#byId.delete(id);
    this.#listed.splice(this.#findAfter(listed.place - 1), 1);
    this.#removed.set(id, listed.place);
    const left = this.count(listed.outcome).own - 1;
    if (left === 0) this.#counts.delete(toOwnerKey(listed.outcome));
    else this.#counts.set(toOwnerKey(listed.outcome), left);
    return true;
  }

  count(of?: OutcomeOwner): OutcomeCount {
    const own = of === undefined ? 0 : (this.#counts.get(toOwnerKey(of)) ?? 0);
    return { all: this.#listed.length, own };
  }

  #placeOf(id: string): number {
    return this.#byId.get(id)?.place ?? this.#removed.get(id) ?? 0;
  }

  /** Index of the first that stands after `place`. */
  #findAfter(place: number): number {
    let low = 0;
    let high = this.#listed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#listed[middle] as Listed).place <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
