// The ports of a registry, each operation of which waits twice until a scheduler lets it go on: before it is done, and
// between that and its answer. What was taken and given back is counted on the way.
import type { AuditEvent, AuditSink } from "../../src/ports/audit-sink.ts";
import type { CacheStore } from "../../src/ports/cache-store.ts";
import type { IdempotencyStore } from "../../src/ports/idempotency-store.ts";
import type { QuotaStore, SlotStore } from "../../src/ports/quota-store.ts";

/** Resolves when the scheduler comes to it. */
export type Step = (label: string) => Promise<void>;

/** `work` with a step before and one after. */
export async function between<T>(step: Step, label: string, work: () => T | PromiseLike<T>): Promise<T> {
  await step(label);
  const answer = await work();
  await step(`${label}, answer`);
  return answer;
}

/** `releases` has a number for each time slots were taken: how often they were given back. */
export function toScheduledSlots(store: SlotStore, step: Step, releases: number[]): SlotStore {
  return {
    take: (requests) =>
      between(step, "slots.take", async () => {
        const taken = await store.take(requests);
        if (!taken.ok) return taken;
        const index = releases.push(0) - 1;
        return {
          ok: true as const,
          release() {
            releases[index] = (releases[index] as number) + 1;
            taken.release();
          },
        };
      }),
    read: (keys) => store.read(keys),
  };
}

export function toScheduledQuotas(store: QuotaStore, step: Step): QuotaStore {
  return {
    take: (requests) => between(step, "quotas.take", () => store.take(requests)),
    read: (requests) => store.read(requests),
    reset: (keys) => store.reset(keys),
  };
}

export function toScheduledCache(store: CacheStore, step: Step): CacheStore {
  return {
    get: (key) => between(step, "cache.get", () => store.get(key)),
    set: (key, value, keepMs) => between(step, "cache.set", () => store.set(key, value, keepMs)),
    clear: () => store.clear(),
  };
}

/** `claimed` gets the owner of each claim that was granted, `keys` every key that was asked for. */
export function toScheduledKeys(
  store: IdempotencyStore,
  step: Step,
  { claimed, keys }: { readonly claimed: string[]; readonly keys: Set<string> },
): IdempotencyStore {
  return {
    read: (key) => between(step, "keys.read", () => store.read(key)),
    claim: (claim) =>
      between(step, "keys.claim", async () => {
        keys.add(claim.key);
        const answer = await store.claim(claim);
        if (answer.ok) claimed.push(claim.owner);
        return answer;
      }),
    store: (key, owner, outcome, keepMs) => between(step, "keys.store", () => store.store(key, owner, outcome, keepMs)),
    release: (key, owner) => between(step, "keys.release", () => store.release(key, owner)),
    watch: (key, onChange) => store.watch(key, onChange),
  };
}

/** A sink that keeps what it gets in `events`, and fails for every `failEvery`th. */
export function toScheduledSink(events: AuditEvent[], step: Step, failEvery: number): AuditSink {
  return {
    append(event) {
      events.push(event);
      const fails = events.length % failEvery === 0;
      return between(step, "audit.append", () => {
        if (fails) throw new Error("the disk is full");
      });
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
