// The type of what `createLimiter` makes: how calls are admitted, and how operators read and change quotas.
import type { Principal } from "../call/principal.ts";
import type { Clock } from "../kernel/clock.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { QuotaStore, SlotStore } from "../ports/quota-store.ts";
import type { ConcurrencyLimit, Limit } from "../tool/limit.ts";
import type { ToolVersion } from "../tool/tool-version.ts";

export interface LimiterOptions {
  readonly store: QuotaStore;
  readonly slots: SlotStore;
  readonly clock: Clock;
  /** Of every call. A registry's limit is shared over tools unless its `per` has "tool". */
  readonly limits: readonly Limit[];
  readonly concurrency: readonly ConcurrencyLimit[];
  /** Whether there is a role of that name. */
  readonly isRole: (role: string) => boolean;
  /** All published versions of a tool, for overrides of a tool's own limits; none for an unknown one. */
  readonly versionsOf: (tool: string) => readonly ToolVersion[];
}

/** The limits of one tool version, ready to use: the registry's and its own. Made by `compile`, opaque. */
export interface ToolLimits {
  /** Names of the limits, the registry's first; a tool's own is called `<tool>:<name>`. */
  readonly names: readonly string[];
}

/** Why a call is not admitted. */
export interface Refusal {
  readonly limit: string;
  readonly capacity: number;
  readonly windowMs: number;
  /** Milliseconds until the quota is whole again. */
  readonly resetsInMs: number;
  /** Milliseconds until the call fits; Infinity when it never can. */
  readonly retryAfterMs: number;
  /** Fit for a model; names nobody else. */
  readonly message: string;
}

/** Why a call may not run now. */
export interface SlotRefusal {
  readonly ok: false;
  readonly limit: string;
  readonly max: number;
  /** Fit for a model; names nobody else. */
  readonly message: string;
}

/** `release` gives the slots back, once; null when none was taken. It does not need its `this`. */
export type Reservation = { readonly ok: true; readonly release: (() => void) | null } | SlotRefusal;

/** The state of one limit for one principal. */
export interface QuotaState {
  readonly limit: string;
  /** What this quota is kept for, such as `principal=u1`. */
  readonly scope: string;
  readonly remaining: number;
  readonly capacity: number;
  readonly windowMs: number;
  /** When it is whole again, epoch ms. */
  readonly resetsAt: number;
}

/** Whether a cost fits; `limit` is the one that refuses longest, null when none does. */
export interface QuotaAnswer {
  readonly ok: boolean;
  /** Milliseconds until it fits; 0 when it does, Infinity when it never can. */
  readonly retryAfterMs: number;
  readonly limit: string | null;
}

/** Another measure of one limit for one principal. */
export interface QuotaOverrideSpec {
  readonly capacity: number;
  /** @default the limit's */
  readonly windowMs?: number;
  /** Token bucket only. @default the limit's if it has one, otherwise the capacity */
  readonly burst?: number;
}

/** An override in force. */
export interface QuotaOverride extends QuotaOverrideSpec {
  readonly tenant: string;
  /** Id of the principal. */
  readonly principal: string;
  readonly limit: string;
}

export interface Limiter {
  /** Grows when the limits of the registry change: what was compiled before is out of date. */
  readonly epoch: number;
  /** The limits of a version: the registry's and its own. The same version gives the same object. */
  compile(tool: ToolVersion): ToolLimits;
  /**
   * Other limits of the registry from now on. What was used of one that keeps its name stays used. Throws INVALID_OPTION with
   * everything that is wrong with them.
   */
  setLimits(limits: readonly Limit[]): void;
  /** The registry's limits that need no tool, for questions that name none. */
  readonly shared: ToolLimits;
  /**
   * Takes `cost` (0 or more) from every limit that applies, or from none: null when all had room. With `dryRun` it
   * takes nothing and answers the same. One call of the store.
   */
  admit(limits: ToolLimits, principal: Principal, cost: number, dryRun: boolean): MaybePromise<Refusal | null>;
  /** Takes a slot of every concurrency limit that applies, or of none. */
  reserve(limits: ToolLimits, principal: Principal, dryRun: boolean): MaybePromise<Reservation>;
  /** One state for each quota that applies. */
  remaining(limits: ToolLimits, principal: Principal): Promise<readonly QuotaState[]>;
  /** Whether `cost` (default 1) would fit now. Rejects with INVALID_OPTION for a cost that is none. */
  check(limits: ToolLimits, principal: Principal, cost?: number): Promise<QuotaAnswer>;
  /** Takes `cost` (default 1) outside a call, from all or none. Rejects with INVALID_OPTION for a cost that is none. */
  consume(limits: ToolLimits, principal: Principal, cost?: number): Promise<QuotaAnswer>;
  /** Makes the principal's own quotas whole; those it shares with others stay as they are. */
  reset(limits: ToolLimits, principal: Principal): Promise<void>;
  /**
   * Gives the principal (tenant and id) another measure of a limit; null takes it back. Debts carry over.
   * Throws UNKNOWN_LIMIT with the nearest name, and INVALID_OPTION for a limit that is not per principal, for numbers
   * that are none, and over 10,000 overrides.
   */
  override(principal: Principal, limit: string, spec: QuotaOverrideSpec | null): void;
  /** Throws what `override` would throw, and changes nothing. */
  checkOverride(principal: Principal, limit: string, spec: QuotaOverrideSpec): void;
  /** Those in force, oldest first. */
  readonly overrides: readonly QuotaOverride[];
  /** Names of the registry's limits. */
  readonly names: readonly string[];
}
