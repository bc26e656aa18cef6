// What every call of a registry shares: wired once by `core/create-registry.ts`, read by the stages.
import type { AuditTrail } from "../audit/index.ts";
import type { Authorization, ToolAccess } from "../authz/index.ts";
import type { Clock } from "../kernel/clock.ts";
import type { IdSource } from "../kernel/ids.ts";
import type { Scope } from "../kernel/scope.ts";
import type { Random } from "../kernel/random.ts";
import type { Outcome } from "../call/outcome.ts";
import type { Principal, PrincipalInput } from "../call/principal.ts";
import type { Limiter } from "../quota/index.ts";
import type { MeteringCore, UsageKeeper } from "../metering/index.ts";
import type { CacheStore } from "../ports/cache-store.ts";
import type { IdempotencyStore } from "../ports/idempotency-store.ts";
import type { OutcomeStore, ResolvedOutcome, UnknownOutcome } from "../ports/outcome-store.ts";
import type { Catalogue, Entry } from "../registry/index.ts";
import type { BreakerChange, Complete, ResilienceFields, RetryPolicy } from "../tool/resilience.ts";
import type { ToolSource } from "../tool/source.ts";
import type { ActiveCalls } from "./active-calls.ts";
import type { Request } from "./call.ts";
import type { CompiledHooks } from "./hooks.ts";
import type { Plan } from "./plan.ts";
import type { Shadows } from "./shadow/shadows.ts";
import type { StandingStops } from "./stops.ts";
import type { ToolStates } from "./tool-state.ts";

export interface Environment {
  readonly app: unknown;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: Random;
  readonly catalogue: Catalogue;
  readonly authorization: Authorization;
  readonly limiter: Limiter;
  readonly metering: MeteringCore;
  /** Counts usage that outlives the process; null without a store for it. */
  usage: UsageKeeper | null;
  readonly audit: AuditTrail | null;
  readonly hooks: CompiledHooks;
  /** Whether decisions may depend on more than a tool's access and the grants. */
  readonly customAuthorizer: boolean;
  /** Deadline of tools that set none. */
  readonly timeoutMs: number;
  /** Repeats of tools that say nothing of them. */
  readonly retry: Complete<RetryPolicy>;
  readonly states: ToolStates;
  readonly cache: CacheStore;
  readonly idempotency: IdempotencyStore;
  /** How long the outcome of a key is kept, milliseconds. */
  readonly idempotencyKeepMs: number;
  /** Calls whose effect is not known. */
  readonly outcomes: OutcomeStore;
  /** Those of them whose handlers still run here: what has not happened yet may still do so. */
  readonly lingering: Set<string>;
  /** How many calls of a principal wait for the key of another one: `<tenant>\0<principal>`. */
  readonly keyWaiters: Map<string, number>;
  /** Scopes of calls that wait, for what `close` has no time left for. */
  readonly waiting: Set<Scope>;
  /** How results of a version are shown to models, by its digest, also when it is published no longer. */
  readonly resultRules: Map<string, NonNullable<ResilienceFields["result"]>>;
  readonly principals: Principals;
  /** How tools are made of data, by kind. */
  readonly sources: ReadonlyMap<string, ToolSource>;
  /** Stored versions of which their sources made no tool when the registry was opened. */
  unusable: readonly { readonly name: string; readonly version: string; readonly error: unknown }[];
  readonly plans: WeakMap<Entry, Plan>;
  /** Runs of other versions beside calls. */
  readonly shadows: Shadows;
  readonly accesses: WeakMap<Entry, { readonly epoch: number; readonly access: ToolAccess }>;
  /** The whole walk, for tools that call tools. */
  readonly execute: (request: Request) => Promise<Outcome>;
  /** Tells listeners of the registry; never throws. */
  readonly report: (happening: Happening) => void;
  /** Calls under way; `close` waits for them. */
  running: number;
  /** Called when the last of them has ended. */
  onIdle: (() => void) | null;
  /** What an operator has stopped; null: nothing. */
  stops: StandingStops | null;
  /** Calls under way, for stops that cancel them. */
  readonly active: ActiveCalls;
  closed: boolean;
  /** Whether the time that `close` gave to running calls is over: no handler is entered any more. */
  ended: boolean;
}

/** From what a caller gave to a checked principal. */
export interface Principals {
  /** Who calls. Throws a TypeError for a principal that cannot be one, or is disabled; null when one is required and none was given. */
  check(input: PrincipalInput | undefined): Principal | null;
  /** Whom a question of an operator is about, disabled or not. Throws a TypeError for a principal that cannot be one. */
  identify(input: PrincipalInput): Principal;
  isDisabled(principal: Principal): boolean;
}

/** Something an operator has to know of that no outcome shows. */
export type Happening =
  | ({ readonly kind: "breaker.changed" } & BreakerChange)
  | ({ readonly kind: "outcome.unknown" } & UnknownOutcome)
  | ({ readonly kind: "outcome.resolved" } & ResolvedOutcome)
  | {
      readonly kind: "fallback.failed";
      readonly callId: string;
      readonly tool: string;
      readonly version: string;
      readonly error: unknown;
    }
  | {
      readonly kind: "store.failed";
      readonly callId: string | null;
      readonly store: "idempotency" | "outcomes" | "cache" | "catalogue" | "usage" | "quotas" | "settings";
      readonly error: unknown;
    }
  | {
      readonly kind: "tool.failed";
      readonly callId: string;
      readonly tool: string;
      readonly version: string;
      readonly error: unknown;
    }
  | { readonly kind: "tool.unusable"; readonly name: string; readonly version: string; readonly error: unknown }
  | { readonly kind: "hook.failed"; readonly callId: string; readonly hook: string; readonly error: unknown }
  | { readonly kind: "audit.failed"; readonly callId: string | null; readonly error: unknown }
  | { readonly kind: "registry.failed"; readonly callId: string; readonly error: unknown };
