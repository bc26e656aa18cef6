// Which faults a test injects, and how often.
import type { Clock } from "../kernel/clock.ts";

/** What can happen to a call; at most one of them does. */
export type FaultKind = "latency" | "error" | "hang" | "dropAfterCommit" | "hangAfterCommit";

export interface FaultRate {
  /** Part of the calls that it strikes, 0 to 1. */
  readonly rate: number;
}

export interface LatencyFault extends FaultRate {
  /** Milliseconds, 0 to 2^31-1. @default 0 */
  readonly minMs?: number;
  /** Milliseconds, `minMs` to 2^31-1. Every whole number between the two is as likely. */
  readonly maxMs: number;
}

export interface FailingFault extends FaultRate {
  /** Makes what the call rejects with. */
  readonly make?: () => unknown;
}

/** The rates add up to 1 at most; what is left over is the part of the calls that nothing happens to. */
export interface FaultOptions {
  /** A safe integer. The same seed gives call n the same fault. */
  readonly seed: number;
  /** What delays wait by. @default the system's clock */
  readonly clock?: Clock;
  /** Does the work late. @default never */
  readonly latency?: LatencyFault;
  /** Fails before the work, which is not done; by default with an error whose `code` is "ECONNREFUSED". @default never */
  readonly error?: FailingFault;
  /** Neither does the work nor answers. @default never */
  readonly hang?: FaultRate;
  /** Does the work and loses the answer; by default with an error whose `code` is "ECONNRESET". @default never */
  readonly dropAfterCommit?: FailingFault;
  /** Does the work and never answers. @default never */
  readonly hangAfterCommit?: FaultRate;
}
