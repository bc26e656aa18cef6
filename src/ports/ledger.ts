// Where what has to outlive a crash is written down: before an effect that it is about to happen, afterwards what became of
// it. One store for the trail and for idempotency claims, because the claim of a keyed write and its intent are one
// transaction: there is never one without the other.
// INVARIANT: what was acknowledged is there after a kill at any moment. `describeLedger` in `toolyard/testing` holds a ledger
// to the rest.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Pruning } from "./audit-reader.ts";
import type { AuditEvent, AuditSink } from "./audit-sink.ts";
import type { ClaimAnswer, IdempotencyClaim } from "./idempotency-store.ts";
import type { UnknownOutcome } from "./outcome-store.ts";

export interface Ledger extends AuditSink {
  /**
   * Writes down that a call is about to have an effect (`event.type` is `call.intended`), and takes its key when there is one:
   * both or neither. `{ ok: true }`: it is durable, and the intent is open until an event of the same call is appended.
   * `{ ok: false }`: the key is not free, and nothing was written. Rejects when it cannot be durable within the time the ledger
   * gives itself; what becomes durable later all the same, the ledger ends by itself.
   */
  begin(event: AuditEvent, claim: IdempotencyClaim | null): MaybePromise<ClaimAnswer>;
  /**
   * Takes old records from the beginnings of chains; `planPruning` says which. First `event` (`audit.pruned`) and
   * `chain.checkpoint` records with the bodies of `toCheckpointBodies(pruning)` are durable in the writer's own chain, in one
   * transaction; then the records go, the oldest of each chain first and in pieces, so that no write waits for long. What a
   * crash leaves of them goes with the next pruning. A chain of which nothing is left is no longer listed.
   */
  prune(pruning: Pruning, event: AuditEvent): Promise<void>;
  /** Intents that earlier writers left open, now unknown outcomes: what opening the ledger found. */
  readonly recovered: readonly UnknownOutcome[];
  /** How the writing goes, for health and metrics. */
  readonly state: LedgerState;
}

export interface LedgerState {
  /** Whether the last write that was tried succeeded. */
  readonly available: boolean;
  /** Events that wait to be written. */
  readonly waiting: number;
  /** Events of reads that were dropped for want of room since the ledger was opened. */
  readonly dropped: number;
}
