// The types of metering: what the pipeline records with and what users read.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Mark } from "./cell.ts";
import type { CustomUsage, MeteringReport, ToolUsage } from "./usage.ts";

export interface MeteringOptions {
  /** How long calls count, 60,000 (a minute) to 2,592,000,000 (30 days) milliseconds. @default 86,400,000 (24 h) */
  readonly retentionMs?: number;
  /** Whether to count per principal as well. @default false */
  readonly byPrincipal?: boolean;
  /** @default true */
  readonly enabled?: boolean;
}

/** Who a call is counted for; a `Principal` is one. */
export interface MeteredPrincipal {
  readonly id: string;
  readonly tenant?: string;
}

/** Records the calls of one tool version. Made when a plan is compiled; costs no allocation per call. */
export interface Meter {
  /**
   * Counts one call.
   * @param durationMs the whole call, milliseconds
   * @param code the error code; null for a success
   * @param entered whether the handler was entered; a call that failed before is a refusal
   * @param principal who called; only read when metering by principal
   */
  record(durationMs: number, code: string | null, entered: boolean, principal: MeteredPrincipal | null): void;
  /** Counts what else is known of the call just recorded. */
  add(mark: Mark, times: number): void;
}

/** What `registry.metering` offers. */
export interface Metering {
  /**
   * Measures work that is no tool call: returns its result or rethrows its error, and counts it under `name`
   * (`[a-z][a-z0-9_.]*`, at most 128 characters). Throws INVALID_OPTION for a bad name, or the 1,001st.
   */
  track<T>(name: string, work: () => MaybePromise<T>): Promise<T>;
  track<T>(name: string, options: { readonly principal?: MeteredPrincipal }, work: () => MaybePromise<T>): Promise<T>;
  /** Adds `value` (0 or more, default 1) to a counter of yours. Names as for `track`. */
  count(name: string, value?: number): void;
  /** Records one value (0 to 1e9, kept to a thousandth) of a distribution of yours. Names as for `track`. */
  observe(name: string, value: number): void;
  /** One custom metric; undefined when nothing was counted or observed under that name. */
  custom(name: string): CustomUsage | undefined;
  report(): MeteringReport;
  /** The report as text for people. */
  format(): string;
  /** Forgets everything measured. */
  reset(): void;
}

/** Metering as the registry and the pipeline use it. */
export interface MeteringCore extends Metering {
  /** The meter of a tool version. Meters of the same version count into the same row. */
  meter(name: string, version: string): Meter;
  /** Counts calls of what does not exist, in one row `(unknown)` for all names. */
  readonly unknown: Meter;
  /**
   * Usage of one tool: `name` all versions together, `name@1.2.0` one version, `name@^1` all versions in the range.
   * All zero for a tool that was never called. Throws INVALID_OPTION for what is no such reference.
   */
  usage(ref: string): ToolUsage;
  /** A row for every tool that was called, its versions together, by name. */
  usage(): readonly ToolUsage[];
}
