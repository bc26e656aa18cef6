// A limit is the rule; its live state is a quota. Declared by a tool or by the registry, compiled by `quota/`.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/** What one quota is kept for. Several together: one quota per combination. */
export type LimitScope = "principal" | "role" | "tenant" | "tool" | "ip";

export interface Limit {
  /**
   * Names the limit in refusals, `quotas.remaining` and overrides; unique among its neighbours. 1 to 64 letters, digits,
   * `_`, `.` and `-`. A tool's own limit is called `<tool>:<name>` there.
   * @default made from `per`, `capacity` and `windowMs`
   */
  readonly name?: string;
  /**
   * One quota for each value of these; an empty list is one quota for everybody in the tenant. `role`: one for each role
   * the principal holds, shared by its holders. A tool's own limit is always also per tool.
   */
  readonly per: readonly LimitScope[];
  /** How many units fit into a window, 0.000001 to 1,000,000,000. */
  readonly capacity: number;
  /** Length of the window, whole milliseconds, 1 to 315,576,000,000 (10 years). */
  readonly windowMs: number;
  /**
   * `token-bucket` refills continuously at capacity / windowMs; `fixed-window` gives everything back at the window's end.
   * @default "token-bucket"
   */
  readonly algorithm?: "token-bucket" | "fixed-window";
  /** Token bucket only: units that may be taken at once. @default capacity */
  readonly burst?: number;
  /**
   * Applies to principals that have been given one of these roles. What a role inherits does not count: a limit for
   * guests would be one for everybody.
   * @default everybody
   */
  readonly roles?: readonly string[];
}

export interface ConcurrencyLimit {
  /** @default made from `per` and `max` */
  readonly name?: string;
  readonly per: readonly LimitScope[];
  /** Calls that may run at the same time, 1 to 1,000,000. */
  readonly max: number;
  readonly roles?: readonly string[];
}

/**
 * What a call takes from each of its limits: a number of units, 0 or more, or how to compute it from the input. Counted
 * in steps of 0.000001, rounded up.
 */
export type Cost<Input = unknown> = number | ((input: Input) => MaybePromise<number>);
