// What a registry offers to whoever operates it: unknown outcomes, health, results as models see them. Types only, apart from
// what makes them: users compile against these, and not against the inside of the registry.
import type { Outcome } from "../call/outcome.ts";
import type { PrincipalInput } from "../call/principal.ts";
import type { LedgerState } from "../ports/ledger.ts";
import type { OutcomeFilter, UnknownOutcome } from "../ports/outcome-store.ts";
import type { BreakerChange, EffectReport } from "../tool/resilience.ts";

/** Calls whose effect nobody knows of. They stay listed until they are resolved. */
export interface Outcomes {
  /** Oldest first; at most 100 unless `limit` says otherwise. */
  list(filter?: OutcomeFilter): Promise<readonly UnknownOutcome[]>;
  /**
   * Says what became of a call. `applied`: its key answers with `output` from now on, or with OUTPUT_LOST when there is none
   * that fits. `none`: its key is free again. Rejects with UNKNOWN_OUTCOME when the id is not listed.
   */
  resolve(
    id: string,
    report: Exclude<EffectReport, { readonly effect: "unknown" }>,
    options?: { readonly principal?: PrincipalInput; readonly reason?: string },
  ): Promise<void>;
  /** Asks the tools that have a `status` check, about one outcome or all. Resolves to how many are known now. */
  check(id?: string): Promise<number>;
}

/** Whether all is well, and what is not. */
export interface Health {
  /** `degraded` while a breaker is not closed, or the ledger cannot be written. */
  readonly status: "ok" | "degraded";
  /** How the writing of the ledger goes; null without one. */
  readonly audit: LedgerState | null;
  /** Calls under way. */
  readonly running: number;
  /** Calls whose effect nobody knows of. */
  readonly unknownOutcomes: number;
  readonly breakers: readonly BreakerHealth[];
  readonly bulkheads: readonly BulkheadHealth[];
}

export interface BreakerHealth extends BreakerChange {
  /** Until the next call may be let through, milliseconds; 0 when one may be now. */
  readonly retryAfterMs: number;
}

export interface BulkheadHealth extends Omit<BreakerChange, "state"> {
  readonly running: number;
  readonly waiting: number;
  /** How many may run now. */
  readonly limit: number;
}

export interface ModelTextOptions {
  /** Whose result it is, and who may read the rest. @default trusted code of this process */
  readonly principal?: PrincipalInput;
  /** Most bytes of UTF-8, 256 or more; the tool's own limit holds too. @default the registry's (262,144) */
  readonly maxBytes?: number;
  /** Whether control, bidirectional and ANSI characters become visible marks. @default false */
  readonly neutralise?: boolean;
  /** What the model knows the reader tool as. @default "toolyard.read_result" */
  readonly readerName?: string;
}

/** Results as models see them. */
export interface Results {
  /**
   * The outcome as text: redacted by the rules of the tool, bounded, and what does not fit kept for the principal, to be
   * read with `toolyard.read_result`. Rejects only for options that cannot be used.
   */
  toModelText(outcome: Outcome, options?: ModelTextOptions): Promise<string>;
  /** The whole text of a result that was too long; null when the principal has none of that id, or none any more. */
  read(id: string, options?: { readonly principal?: PrincipalInput }): Promise<string | null>;
}
