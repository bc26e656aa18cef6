// Stores with a fault each, as somebody could write them: the checker has to find every one.
import type { Outcome } from "../../src/call/outcome.ts";
import type { IdempotencyRecord } from "../../src/ports/idempotency-store.ts";
import type { MemoryIdempotencyStore, MemoryOutcomeStore } from "../../src/stores/memory/index.ts";
import { Again } from "./gate.ts";
import type { Faults } from "./transitions.ts";
import type { Kind, SteppedStore } from "./world.ts";
import { toList, toParts } from "../store-parts.ts";

/** A fault, and where it shows. */
export interface Mutant {
  /** The store as one caller sees it. */
  readonly idempotency?: (store: MemoryIdempotencyStore, caller: { readonly argumentsDigest: string }) => SteppedStore;
  readonly outcomes?: (list: MemoryOutcomeStore) => MemoryOutcomeStore;
}

interface SeededMutant extends Mutant {
  readonly name: string;
  readonly kind: Kind;
  /** What B sends; A sends 1. */
  readonly amount: number;
  readonly faults: Faults;
  /** What cannot be right. */
  readonly finds: RegExp;
}

const DAY_MS = 86_400_000;

function isUnknown(text: string): boolean {
  const outcome = JSON.parse(text) as Outcome;
  return !outcome.ok && outcome.error.effect === "unknown";
}

/** Who says he owns the record of `key`, when anybody is believed. */
function ownerOf(store: MemoryIdempotencyStore, key: string, claimed: string): string {
  return store.read(key)?.owner ?? claimed;
}

const NO_FAULTS: Faults = { crashes: 0, leaves: 0, failures: 0 };
const CRASH: Faults = { ...NO_FAULTS, crashes: 1 };
const LEAVE: Faults = { ...NO_FAULTS, leaves: 1 };

export const MUTANTS: readonly SeededMutant[] = [
  {
    name: "a claim that looks first and takes the key afterwards",
    kind: "plain",
    amount: 1,
    faults: NO_FAULTS,
    finds: /2 effects/,
    idempotency: (store) => ({
      ...toParts(store),
      claim: (claim) => {
        const record = store.read(claim.key);
        if (record !== null) return { ok: false, record };
        return new Again(() => {
          store.release(claim.key, ownerOf(store, claim.key, claim.owner));
          return store.claim(claim);
        });
      },
    }),
  },
  {
    name: "a lease that has passed makes the key absent",
    kind: "plain",
    amount: 1,
    faults: CRASH,
    finds: /2 effects/,
    idempotency: (store) => {
      const read = (key: string): IdempotencyRecord | null => {
        const record = store.read(key);
        if (record?.state !== "abandoned") return record;
        store.release(key, record.owner);
        return null;
      };
      return {
        ...toParts(store),
        read,
        claim: (claim) => {
          read(claim.key);
          return store.claim(claim);
        },
      };
    },
  },
  {
    name: "a lease that passes at once",
    kind: "plain",
    amount: 1,
    faults: NO_FAULTS,
    finds: /not known although nothing went wrong/,
    idempotency: (store) => ({ ...toParts(store), claim: (claim) => store.claim({ ...claim, leaseMs: 0 }) }),
  },
  {
    name: "a lease that never passes",
    kind: "plain",
    amount: 1,
    faults: CRASH,
    finds: /a later call was refused.*IN_FLIGHT/,
    idempotency: (store) => ({ ...toParts(store), claim: (claim) => store.claim({ ...claim, leaseMs: 1e12 }) }),
  },
  {
    name: "anybody may release a key",
    kind: "plain",
    amount: 1,
    faults: LEAVE,
    finds: /2 effects/,
    idempotency: (store) => ({
      ...toParts(store),
      release: (key, owner) => store.release(key, ownerOf(store, key, owner)),
    }),
  },
  {
    name: "anybody may store under a key",
    kind: "honouring",
    amount: 1,
    faults: CRASH,
    finds: /what was known is not known any more/,
    idempotency: (store) => ({
      ...toParts(store),
      store: (key, owner, outcome, keepMs) => store.store(key, ownerOf(store, key, owner), outcome, keepMs),
    }),
  },
  {
    name: "an outcome that is not known is released",
    kind: "plain",
    amount: 1,
    faults: LEAVE,
    finds: /2 effects/,
    idempotency: (store) => ({
      ...toParts(store),
      store: (key, owner, outcome, keepMs) =>
        isUnknown(outcome) ? store.release(key, owner) : store.store(key, owner, outcome, keepMs),
    }),
  },
  {
    name: "an outcome that is not known expires",
    kind: "plain",
    amount: 1,
    faults: { ...NO_FAULTS, failures: 1 },
    finds: /2 effects/,
    idempotency: (store) => ({
      ...toParts(store),
      store: (key, owner, outcome, keepMs) => store.store(key, owner, outcome, keepMs ?? DAY_MS),
    }),
  },
  {
    name: "an outcome that was refused before the handler is stored",
    kind: "plain",
    amount: 1,
    faults: LEAVE,
    finds: /an answer that nobody should get.*CANCELLED/,
    idempotency: (store) => ({
      ...toParts(store),
      release: (key, owner) => store.store(key, owner, JSON.stringify(REFUSED), DAY_MS),
    }),
  },
  {
    name: "an outcome is not stored",
    kind: "plain",
    amount: 1,
    faults: NO_FAULTS,
    finds: /a key is left running/,
    idempotency: (store) => ({ ...toParts(store), store: () => true }),
  },
  {
    name: "a key is not released",
    kind: "plain",
    amount: 1,
    faults: LEAVE,
    finds: /a key is left running/,
    idempotency: (store) => ({ ...toParts(store), release: () => true }),
  },
  {
    name: "who waits is not woken",
    kind: "plain",
    amount: 1,
    faults: NO_FAULTS,
    finds: /somebody waits for a key that is stored/,
    idempotency: (store) => ({ ...toParts(store), watch: () => () => {} }),
  },
  {
    name: "arguments are not compared",
    kind: "plain",
    amount: 2,
    faults: NO_FAULTS,
    finds: /nothing went wrong.*'conflict'/s,
    idempotency: (store, { argumentsDigest }) => ({
      ...toParts(store),
      read: (key) => {
        const record = store.read(key);
        return record === null ? null : { ...record, argumentsDigest };
      },
      claim: (claim) => {
        const answer = store.claim(claim);
        return answer.ok || answer.record === null
          ? answer
          : { ok: false, record: { ...answer.record, argumentsDigest } };
      },
    }),
  },
  {
    name: "nothing is listed",
    kind: "plain",
    amount: 1,
    faults: CRASH,
    finds: /not listed/,
    outcomes: (list) => ({ ...toList(list), add: () => {} }),
  },
  {
    name: "what is resolved stays listed",
    kind: "plain",
    amount: 1,
    faults: CRASH,
    finds: /still listed/,
    outcomes: (list) => ({ ...toList(list), remove: (id) => list.get(id) !== null }),
  },
];

const REFUSED: Outcome = {
  ok: false,
  error: {
    code: "CANCELLED",
    message: "The call was cancelled.",
    effect: "none",
    retryable: true,
    retryAfterMs: null,
    issues: [],
    toolCode: null,
    suggestions: [],
    details: undefined,
  },
  continuation: null,
  meta: {
    callId: "refused",
    tool: "orders.refund",
    version: "1.0.0",
    digest: null,
    durationMs: 0,
    dryRun: false,
    attempts: 0,
    cached: null,
    degraded: null,
    replayOf: null,
    rollout: null,
    coerced: [],
    warnings: [],
  },
};
