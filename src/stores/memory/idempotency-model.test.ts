// The idempotency store against a model that keeps a plain map, looks at all of it each time and shares no reasoning with
// the store. The same check is run against stores with a known fault and has to fail on each.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClaimAnswer, IdempotencyClaim, IdempotencyRecord } from "../../ports/idempotency-store.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import {
  createMemoryIdempotencyStore,
  type MemoryIdempotencyStore,
  type MemoryIdempotencyStoreOptions,
} from "./idempotency-store.ts";

type Step =
  | { readonly kind: "advance"; readonly ms: number }
  | { readonly kind: "read"; readonly key: string }
  | { readonly kind: "claim"; readonly key: string; readonly owner: string; readonly leaseMs: number }
  | { readonly kind: "release"; readonly key: string; readonly owner: string }
  | {
      readonly kind: "store";
      readonly key: string;
      readonly owner: string;
      readonly outcome: string;
      readonly keepMs: number | null;
    };

type Bounds = Required<Omit<MemoryIdempotencyStoreOptions, "clock">>;

interface History {
  readonly bounds: Bounds;
  readonly steps: readonly Step[];
}

const KEYS = ["t\0p\0tool\0a", "t\0p\0tool\0b", "t\0p\0other\0a", "t\0q\0tool\0a", "t\0q\0tool\0b", "u\0p\0tool\0a"];

const key = fc.constantFrom(...KEYS);
// Mostly one: otherwise hardly any store or release would be the owner's.
const owner = fc.constantFrom("a", "a", "a", "b", "c");
const time = fc.oneof(fc.nat(60), fc.constantFrom(0, 10, 20), fc.double({ min: 0, max: 60, noNaN: true }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("advance" as const), ms: time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), key }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("claim" as const), key, owner, leaseMs: time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const), key, owner }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("store" as const),
      key,
      owner,
      outcome: fc.nat(6).map((length) => "x".repeat(length)),
      keepMs: fc.option(time, { freq: 5 }),
    }),
  },
);
const history: fc.Arbitrary<History> = fc.record({
  bounds: fc.record({
    maxRecords: fc.integer({ min: 1, max: 7 }),
    maxPerPrincipal: fc.integer({ min: 1, max: 4 }),
    maxBytes: fc.integer({ min: 1, max: 40 }),
    maxBytesPerPrincipal: fc.integer({ min: 1, max: 20 }),
  }),
  steps: fc.array(step, { minLength: 1, maxLength: 150, size: "max" }),
});

interface Entry {
  readonly claim: IdempotencyClaim;
  readonly leaseEndsAt: number;
  outcome: string | null;
  goesAt: number;
}

class Model {
  readonly #bounds: Bounds;
  #entries: Entry[] = [];
  now = 0;
  readonly woken: string[] = [];

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#live().length;
  }

  get bytes(): number {
    return toBytes(this.#live());
  }

  read(wanted: string): IdempotencyRecord | null {
    const entry = this.#find(wanted);
    if (entry === undefined) return null;
    const parts = { owner: entry.claim.owner, version: "1.0.0", argumentsDigest: "digest" };
    if (entry.outcome !== null) return { state: "stored", outcome: entry.outcome, ...parts };
    return { state: entry.leaseEndsAt > this.now ? "running" : "abandoned", ...parts };
  }

  claim(claim: IdempotencyClaim): ClaimAnswer {
    const record = this.read(claim.key);
    if (record !== null) return { ok: false, record };
    const all = this.#live();
    const own = all.filter((entry) => toPrincipal(entry.claim.key) === toPrincipal(claim.key));
    const { maxRecords, maxPerPrincipal, maxBytes, maxBytesPerPrincipal } = this.#bounds;
    if (own.length >= maxPerPrincipal || toBytes(own) >= maxBytesPerPrincipal) return this.#toFull(own);
    if (all.length >= maxRecords || toBytes(all) >= maxBytes) return this.#toFull(all);
    const leaseEndsAt = this.now + claim.leaseMs;
    this.#entries = [...all, { claim, leaseEndsAt, outcome: null, goesAt: Number.POSITIVE_INFINITY }];
    return { ok: true };
  }

  store(wanted: string, by: string, outcome: string, keepMs: number | null): boolean {
    const entry = this.#find(wanted);
    if (entry?.claim.owner !== by) return false;
    entry.outcome = outcome;
    entry.goesAt = keepMs === null ? Number.POSITIVE_INFINITY : this.now + keepMs;
    this.woken.push(wanted);
    return true;
  }

  release(wanted: string, by: string): boolean {
    const entry = this.#find(wanted);
    if (entry?.claim.owner !== by) return false;
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.woken.push(wanted);
    return true;
  }

  #live(): Entry[] {
    return this.#entries.filter(({ goesAt }) => goesAt > this.now);
  }

  #find(wanted: string): Entry | undefined {
    return this.#live().find(({ claim }) => claim.key === wanted);
  }

  #toFull(entries: readonly Entry[]): ClaimAnswer {
    const goesAt = Math.min(...entries.map((entry) => entry.goesAt));
    return { ok: false, record: null, retryAfterMs: Math.ceil(goesAt - this.now) };
  }
}

function toBytes(entries: readonly Entry[]): number {
  return entries.reduce((sum, { outcome }) => sum + 2 * (outcome ?? "").length, 0);
}

function toPrincipal(text: string): string {
  return text.split("\0").slice(0, 2).join("\0");
}

function take(store: Pick<MemoryIdempotencyStore, "read" | "claim" | "store" | "release">, one: Step): unknown {
  switch (one.kind) {
    case "advance":
      return null;
    case "read":
      return store.read(one.key);
    case "claim":
      return store.claim({ ...one, version: "1.0.0", argumentsDigest: "digest" });
    case "store":
      return store.store(one.key, one.owner, one.outcome, one.keepMs);
    case "release":
      return store.release(one.key, one.owner);
  }
}

type CreateStore = (options: MemoryIdempotencyStoreOptions) => MemoryIdempotencyStore;

/** Runs a history on a store and on the model; what differed first, or null. */
async function findDifference(createStore: CreateStore, { bounds, steps }: History): Promise<string | null> {
  const clock = createManualClock();
  const store = createStore({ clock, ...bounds });
  const model = new Model(bounds);
  const woken: string[] = [];
  for (const watched of KEYS) store.watch(watched, () => woken.push(watched));
  for (const [index, one] of steps.entries()) {
    if (one.kind === "advance") {
      await clock.advance(one.ms);
      model.now += one.ms;
    }
    const answer = take(store, one);
    // What has expired is cleared away by the next operation.
    store.read("");
    const seen = { answer, size: store.size, bytes: store.bytes, woken: [...woken] };
    const expected = { answer: take(model, one), size: model.size, bytes: model.bytes, woken: model.woken };
    if (toText(seen) !== toText(expected)) return `step ${index}: ${toText(seen)} instead of ${toText(expected)}`;
  }
  return null;
}

/** With names in one order, and Infinity, which JSON has no word for. */
function toText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (member === Number.POSITIVE_INFINITY) return "Infinity";
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether some history shows a fault of the store. */
async function hasFault(createStore: CreateStore): Promise<boolean> {
  const property = fc.asyncProperty(history, async (random) => (await findDifference(createStore, random)) === null);
  return (await fc.check(property, { numRuns: 1_000 })).failed;
}

/** A store of which `fault` replaces something. */
function withFault(
  fault: (store: MemoryIdempotencyStore, options: MemoryIdempotencyStoreOptions) => Partial<MemoryIdempotencyStore>,
): CreateStore {
  return (options) => {
    const store = createMemoryIdempotencyStore(options);
    const sound: MemoryIdempotencyStore = {
      read: (one) => store.read(one),
      claim: (one) => store.claim(one),
      store: (...one) => store.store(...one),
      release: (...one) => store.release(...one),
      watch: (...one) => store.watch(...one),
      get size() {
        return store.size;
      },
      get bytes() {
        return store.bytes;
      },
    };
    return Object.defineProperties(sound, Object.getOwnPropertyDescriptors(fault(store, options)));
  };
}

describe("the idempotency store in memory", () => {
  test("answers as a map does that is looked through each time", async () => {
    const property = fc.asyncProperty(history, async (random) => {
      expect(await findDifference(createMemoryIdempotencyStore, random)).toBeNull();
    });
    await fc.assert(property, { numRuns: 1_000 });
  });
});

describe("the check finds", () => {
  test("no fault in a store that has none", async () => {
    expect(await hasFault(withFault(() => ({})))).toBe(false);
  });

  test("an abandoned record that is given to the next one who claims it", async () => {
    const takeOver = withFault((store) => ({
      claim(claim) {
        const record = store.read(claim.key);
        if (record?.state === "abandoned") store.release(claim.key, record.owner);
        return store.claim(claim);
      },
    }));
    expect(await hasFault(takeOver)).toBe(true);
  });

  test("a stranger who stores", async () => {
    const anybody = withFault((store) => ({
      store: (one, _by, outcome, keepMs) => store.store(one, store.read(one)?.owner ?? "", outcome, keepMs),
    }));
    expect(await hasFault(anybody)).toBe(true);
  });

  test("an owner who releases what he has stored twice", async () => {
    const forgetful = withFault((store) => ({
      store: (one, by, outcome, keepMs) =>
        store.read(one)?.state === "stored" && store.read(one)?.owner === by
          ? store.release(one, by)
          : store.store(one, by, outcome, keepMs),
    }));
    expect(await hasFault(forgetful)).toBe(true);
  });

  test("a lease, or a keeping time, that ends a step too late", async () => {
    const longLease = withFault((store) => ({
      claim: (claim) => store.claim({ ...claim, leaseMs: claim.leaseMs + 1e-9 }),
    }));
    const longStay = withFault((store) => ({
      store: (one, by, outcome, keepMs) => store.store(one, by, outcome, keepMs === null ? null : keepMs + 1e-9),
    }));
    expect(await hasFault(longLease)).toBe(true);
    expect(await hasFault(longStay)).toBe(true);
  });

  test("a bound that is one too wide, each of the four", async () => {
    for (const name of ["maxRecords", "maxPerPrincipal", "maxBytes", "maxBytesPerPrincipal"] as const) {
      const wide: CreateStore = (options) =>
        createMemoryIdempotencyStore({ ...options, [name]: (options[name] as number) + 1 });
      expect(await hasFault(wide), name).toBe(true);
    }
  });

  test("a watcher that is not woken by a release", async () => {
    const silent = withFault((store) => {
      let isReleasing = false;
      return {
        release(one, by) {
          isReleasing = true;
          const released = store.release(one, by);
          isReleasing = false;
          return released;
        },
        watch: (one, onChange) =>
          store.watch(one, () => {
            if (!isReleasing) onChange();
          }),
      };
    });
    expect(await hasFault(silent)).toBe(true);
  });
});
