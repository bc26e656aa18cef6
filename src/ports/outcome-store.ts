// Where calls are listed whose effect is not known, until somebody says what became of them.
import type { ErrorCode } from "../errors/codes.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface UnknownOutcome {
  /** Id of the call. */
  readonly id: string;
  readonly tenant: string;
  readonly principal: string;
  readonly tool: string;
  readonly version: string;
  /** Why nobody knows: what the caller was told. */
  readonly code: ErrorCode;
  /** When the call was answered, epoch ms. */
  readonly at: number;
  readonly idempotencyKey: string | null;
}

/** What became of a call whose effect was not known. */
export interface ResolvedOutcome {
  readonly outcome: UnknownOutcome;
  readonly effect: "applied" | "none";
  /** Who says so: an operator, the tool's own status check, or its handler, which ended after the call was answered. */
  readonly by: "operator" | "status" | "handler";
}

/** Whose calls of what. */
export type OutcomeOwner = Pick<UnknownOutcome, "tenant" | "principal" | "tool">;

export interface OutcomeCount {
  readonly all: number;
  /** Of the owner asked about; 0 when nobody was. */
  readonly own: number;
}

export interface OutcomeFilter {
  readonly tenant?: string;
  readonly tool?: string;
  /** At most so many, 1 to 1,000. @default 100 */
  readonly limit?: number;
  /** Those after this id in the list. */
  readonly after?: string;
}

export interface OutcomeStore {
  /** Lists the outcome. */
  add(outcome: UnknownOutcome): MaybePromise<void>;
  get(id: string): MaybePromise<UnknownOutcome | null>;
  /** Oldest first. */
  list(filter: OutcomeFilter): MaybePromise<readonly UnknownOutcome[]>;
  /** Whether it was listed. */
  remove(id: string): MaybePromise<boolean>;
  /** How many are listed, of all calls and of those of one principal and tool. */
  count(of?: OutcomeOwner): MaybePromise<OutcomeCount>;
}
