// What the calling side asks of the writer, and how it is answered. Both sides are of one version: this is no wire format.
import type { AuditEvent } from "../../../ports/audit-sink.ts";
import type { Pruning } from "../../../ports/audit-reader.ts";
import type { ClaimAnswer, IdempotencyClaim } from "../../../ports/idempotency-store.ts";
import type { UnknownOutcome } from "../../../ports/outcome-store.ts";
import type { QuotaLevel } from "../../../ports/quota-level-store.ts";
import type { UsageRow } from "../../../ports/usage-store.ts";

/** One thing to write. `id` is what its answer names; 0: nobody waits for it. `now`: the caller's clock, epoch ms. */
export type LedgerOp =
  | {
      readonly do: "begin";
      readonly id: number;
      readonly now: number;
      readonly event: AuditEvent;
      readonly claim: IdempotencyClaim | null;
    }
  /** `ends`: the event closes the open intent of its call. */
  | { readonly do: "append"; readonly id: number; readonly event: AuditEvent; readonly ends: boolean }
  | { readonly do: "claim"; readonly id: number; readonly now: number; readonly claim: IdempotencyClaim }
  | {
      readonly do: "store";
      readonly id: number;
      readonly now: number;
      readonly key: string;
      readonly owner: string;
      readonly outcome: string;
      readonly keepMs: number | null;
    }
  | { readonly do: "release"; readonly id: number; readonly now: number; readonly key: string; readonly owner: string }
  | { readonly do: "list"; readonly id: number; readonly outcome: UnknownOutcome }
  | { readonly do: "unlist"; readonly id: number; readonly now: number; readonly outcome: string }
  | { readonly do: "usage"; readonly id: number; readonly rows: readonly UsageRow[] }
  | { readonly do: "levels"; readonly id: number; readonly levels: readonly QuotaLevel[] }
  /** Forgets levels of quotas that owe nothing at `now`. */
  | { readonly do: "whole"; readonly id: number; readonly now: number }
  /** Forgets minutes and hours before these times, epoch ms. */
  | { readonly do: "forget"; readonly id: number; readonly minutesBefore: number; readonly hoursBefore: number }
  /** Of a `begin` or `claim` nobody waits for any more: ends what it has written, should it have come through. */
  | {
      readonly do: "abandon";
      readonly id: number;
      readonly now: number;
      readonly begun: number;
      readonly callId: string;
      readonly key: string | null;
    }
  /** So many events of reads were not taken for want of room since the last of these. */
  | { readonly do: "dropped"; readonly id: number; readonly now: number; readonly events: number }
  | { readonly do: "flush"; readonly id: number };

/** Work of its own, between the batches. */
export type LedgerTask =
  | { readonly do: "prune"; readonly id: number; readonly pruning: Pruning; readonly event: AuditEvent }
  | { readonly do: "close"; readonly id: number };

/** What goes to the writer: ops that have been waiting longest first. */
export type LedgerMessage =
  | { readonly ops: readonly LedgerOp[] }
  | { readonly task: LedgerTask }
  | { readonly end: true };

/** A claim's answer, whether something was there, or how many went. */
export type LedgerValue = ClaimAnswer | boolean | number;

/** What comes back for an id. */
export type LedgerAnswer =
  | { readonly id: number; readonly value: LedgerValue }
  | { readonly id: number; readonly error: LedgerError };

export interface LedgerError {
  readonly message: string;
  /** Whether the same may work later. */
  readonly retryable: boolean;
}

/** What the writer tells the calling side. */
export type LedgerNews =
  | {
      readonly kind: "opened";
      readonly writer: string;
      readonly recovered: readonly UnknownOutcome[];
      /** How many ops of the writer before it, whose thread has died, were written; 0 when there was none. */
      readonly adopted: number;
      /** Spool files whose ops are in the ledger now. */
      readonly replayed: readonly string[];
    }
  | { readonly kind: "failed"; readonly error: LedgerError & { readonly code: string } }
  /** The next `taken` ops, in the order in which they were sent, are durable, or refused for good. */
  | {
      readonly kind: "written";
      readonly taken: number;
      /** How many it takes at once now. */
      readonly limit: number;
      /** Ids whose answer is yes: granted, written, changed. */
      readonly done: readonly number[];
      /** All other answers. */
      readonly answers: readonly LedgerAnswer[];
    }
  | { readonly kind: "task"; readonly id: number; readonly error: LedgerError | null }
  /** The last write that was tried has failed, and why. */
  | { readonly kind: "trouble"; readonly error: LedgerError };
