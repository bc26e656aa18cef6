// The policies of a tool about failing: what is repeated, when it is left alone, how many run, what answers instead. As
// authors write them; `Complete` is what is published, every field filled in.
import type { JsonValue } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { ErrorCode } from "../errors/codes.ts";
import type { ToolContext } from "../call/context.ts";

/** Repeats after a failure, where the effect permits them. Delays are drawn between 0 and `baseMs` × 2^n ("full jitter"). */
export interface RetryPolicy {
  /** Attempts after the first one, 0 to 10. @default 3 */
  readonly repeats?: number;
  /** Bound of the first delay, milliseconds, 1 to 60,000. @default 50 */
  readonly baseMs?: number;
  /** Bound of every delay, milliseconds, `baseMs` to 600,000. @default 20,000 */
  readonly capMs?: number;
}

/** What every breaker has. */
interface BreakerTimes {
  /** How long nothing is let through after the breaker opened, milliseconds, 1 to 3,600,000. @default 30,000 */
  readonly openMs?: number;
  /** Each probe that fails doubles that time up to this bound, milliseconds, `openMs` to 3,600,000. @default 300,000 */
  readonly maxOpenMs?: number;
  /** Calls let through at the same time to see whether all is well again, 1 to 100. @default 1 */
  readonly probes?: number;
}

/** Opens after so many failures in a row. */
export interface ConsecutiveBreaker extends BreakerTimes {
  readonly kind?: "consecutive";
  /** 1 to 10,000. @default 5 */
  readonly failures?: number;
}

/** Opens when so large a part of the calls in a window failed. */
export interface SamplingBreaker extends BreakerTimes {
  readonly kind: "sampling";
  /** Over 0, up to 1. @default 0.5 */
  readonly ratio?: number;
  /** Milliseconds, 1,000 to 3,600,000. @default 10,000 */
  readonly windowMs?: number;
  /** Fewer calls than this in the window open nothing, 1 to 1,000,000. @default 20 */
  readonly minimumCalls?: number;
}

export type BreakerPolicy = ConsecutiveBreaker | SamplingBreaker;

export const BREAKER_KINDS: readonly ("consecutive" | "sampling")[] = Object.freeze(["consecutive", "sampling"]);

/** `closed` lets calls through, `open` none, `half-open` a few to see whether all is well again. */
export type BreakerState = "closed" | "open" | "half-open";

/** A breaker that has changed its state. */
export interface BreakerChange {
  readonly scope: "tool" | "upstream";
  readonly name: string;
  /** null for an upstream. */
  readonly version: string | null;
  readonly state: BreakerState;
}

/** How many handlers run at the same time, and how many calls wait for one to end. */
export interface BulkheadPolicy {
  /** 1 to 1,000,000. */
  readonly max: number;
  /** Calls that wait, first come first served; the next one is shed with OVERLOADED. 0 to 1,000,000. @default `max` */
  readonly queue?: number;
  /**
   * Lets the number that may run move between `min` and `max` with how long handlers take: it falls when they take longer
   * than they used to. @default false
   */
  readonly adaptive?: boolean;
  /** Adaptive only: never fewer than this, 1 to `max`. @default 1 */
  readonly min?: number;
}

/** Whose calls may get the answer that was kept for another one. */
export type CacheScope = "principal" | "tenant" | "public";

export const CACHE_SCOPES: readonly CacheScope[] = Object.freeze(["principal", "tenant", "public"]);

export interface CachePolicy {
  /** How long an answer is fresh, milliseconds, 1 to 86,400,000. */
  readonly ttlMs: number;
  /** How long after that it is still given while a new one is fetched, milliseconds, 0 to 86,400,000. @default 0 */
  readonly staleWhileRevalidateMs?: number;
  /** How long after that it is given when the tool fails, milliseconds, 0 to 86,400,000. @default 0 */
  readonly staleIfErrorMs?: number;
  /**
   * `principal`: the same id, roles, scopes and attributes. `tenant`: everybody in the tenant. `public`: everybody.
   * @default "principal"
   */
  readonly scope?: CacheScope;
}

/** What a fallback function is told. */
export interface FallbackReason {
  /** Why the tool itself gave no answer. */
  readonly code: ErrorCode;
  /** Fit for a model. */
  readonly message: string;
}

/**
 * What answers when the tool itself does not, and nothing has happened: one of a value, a function and another tool, which
 * is authorised, limited and metered like any call. The outcome says `degraded` in its `meta`.
 */
export type Fallback<Input = unknown, Output = unknown, App = unknown> = (
  | { readonly value: Output; readonly run?: never; readonly tool?: never }
  | {
      readonly run: (input: Input, context: ToolContext<App>, reason: FallbackReason) => MaybePromise<Output>;
      readonly value?: never;
      readonly tool?: never;
    }
  | {
      /** A reference; it gets the same input. */
      readonly tool: string;
      readonly value?: never;
      readonly run?: never;
    }
) & {
  /**
   * Kept back of the call's time for a function or tool, milliseconds, 1 to 60,000; at most half of the call's time.
   * @default 1,000
   */
  readonly reserveMs?: number;
};

/** What became of a write whose answer was lost. */
export type EffectReport =
  | { readonly effect: "applied"; readonly output?: unknown }
  | { readonly effect: "none" }
  | { readonly effect: "unknown" };

/** Asks the outside world what became of the call whose handler passed this key on (`context.idempotencyKey`). */
export type StatusCheck<App = unknown> = (key: string, context: StatusContext<App>) => MaybePromise<EffectReport>;

export interface StatusContext<App = unknown> {
  readonly app: App;
  /** Aborted after the tool's deadline. */
  readonly signal: AbortSignal;
}

/** How results are shown to models. */
export interface ResultPolicy {
  /** Most bytes of UTF-8 that a model is shown, 1,024 to 16,777,216. @default the binding's or registry's (262,144) */
  readonly maxBytes?: number;
  /** Members taken out, as paths such as `customer.address` or `items.*.price`; `*` is any one name or index. At most 64. */
  readonly redactPaths?: readonly string[];
  /** Text taken out, as regular expressions in the linear dialect of schemas' `pattern`. At most 32. */
  readonly redactPatterns?: readonly string[];
}

/** A policy with every field filled in. */
export type Complete<P> = { readonly [K in keyof P]-?: Exclude<P[K], undefined> };

/** What is published of a fallback; its function is code. */
export type FallbackData =
  | { readonly kind: "value"; readonly value: JsonValue; readonly reserveMs: number }
  | { readonly kind: "function"; readonly reserveMs: number }
  | { readonly kind: "tool"; readonly tool: string; readonly reserveMs: number };

/** The policies of a published version; null: none. */
export interface ResilienceFields {
  /** Name of the system behind the tool, declared by the registry: what shares its breaker, bulkhead and retry budget. */
  readonly upstream: string | null;
  /** Deadline of one attempt, milliseconds; null: the call's. */
  readonly attemptTimeoutMs: number | null;
  /** null: the registry's. */
  readonly retry: Complete<RetryPolicy> | null;
  readonly breaker: Complete<ConsecutiveBreaker> | Complete<SamplingBreaker> | null;
  readonly bulkhead: Complete<BulkheadPolicy> | null;
  readonly cache: Complete<CachePolicy> | null;
  readonly fallback: FallbackData | null;
  /** Whether the tool can say what became of a lost call. */
  readonly statusCheck: boolean;
  readonly result: {
    readonly maxBytes: number | null;
    readonly redactPaths: readonly string[];
    readonly redactPatterns: readonly string[];
  } | null;
}
