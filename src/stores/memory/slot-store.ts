// How many calls run, per key, in memory. A key is there only while something runs under it, so that the size is bounded
// by the running calls.
import type { SlotRequest, SlotStore, SlotsTaken } from "../../ports/quota-store.ts";

/** A slot store that answers at once. */
export interface MemorySlotStore extends SlotStore {
  take(requests: readonly SlotRequest[]): SlotsTaken;
  read(keys: readonly string[]): readonly number[];
  /** Keys under which something runs. */
  readonly size: number;
}

/** Creates a store in which nothing runs. */
export function createMemorySlotStore(): MemorySlotStore {
  return new RunningCalls();
}

class RunningCalls implements MemorySlotStore {
  readonly #running = new Map<string, number>();

  get size(): number {
    return this.#running.size;
  }

  // INVARIANT: all or nothing: "takes no slot when one of several is full" in testing/slot-store-suite.ts.
  take(requests: readonly SlotRequest[]): SlotsTaken {
    for (let index = 0; index < requests.length; index++) {
      const { key, max } = requests[index] as SlotRequest;
      const running = this.#running.get(key) ?? 0;
      if (running < max) {
        this.#running.set(key, running + 1);
        continue;
      }
      this.#giveBack(requests, index);
      return { ok: false, index };
    }
    let taken = true;
    return {
      ok: true,
      release: () => {
        if (!taken) return;
        taken = false;
        this.#giveBack(requests, requests.length);
      },
    };
  }

  read(keys: readonly string[]): readonly number[] {
    return keys.map((key) => this.#running.get(key) ?? 0);
  }

  #giveBack(requests: readonly SlotRequest[], count: number): void {
    for (let index = 0; index < count; index++) {
      const { key } = requests[index] as SlotRequest;
      const running = this.#running.get(key) as number;
      if (running === 1) this.#running.delete(key);
      else this.#running.set(key, running - 1);
    }
  }
}
