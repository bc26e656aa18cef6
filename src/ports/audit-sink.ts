// Where audit events go. Every call is one event, refused ones too; a call that may have an effect is two: its intent before the
// handler is entered, what became of it afterwards.
import type { ErrorCode } from "../errors/codes.ts";
import type { EffectState } from "../errors/tool-error.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/**
 * `call.intended`: it is about to have an effect. `call.recovered`: its intent was found without an outcome, and nobody knows
 * what became of it. `call.shadowed`: another version ran beside it, and what it gave was compared and thrown away.
 */
export type CallEvent =
  | "call.intended"
  | "call.succeeded"
  | "call.refused"
  | "call.failed"
  | "call.recovered"
  | "call.shadowed";

/**
 * One call, or one administrative act, as the trail keeps it. Field names are pinned by `test/pins/audit.test.ts`. `act.intended`: an act
 * is about to be done; `details.act` says which.
 */
export interface AuditEvent {
  readonly type: CallEvent | AdministrativeAct | "act.intended";
  /** Epoch ms. */
  readonly at: number;
  readonly tenant: string;
  readonly principal: string | null;
  readonly roles: readonly string[];
  readonly ip: string | null;
  readonly callId: string | null;
  /** The call that called this one. */
  readonly parentCallId: string | null;
  readonly tool: string;
  readonly version: string | null;
  readonly digest: string | null;
  readonly code: ErrorCode | null;
  /** How often the handler was entered. */
  readonly attempts: number;
  /** Where a given answer is from; null for a refusal, a failure and an act. */
  readonly answeredBy: Answerer | null;
  /** What is known about the effect. */
  readonly effect: EffectState;
  readonly durationMs: number;
  readonly idempotencyKey: string | null;
  /** Redacted; undefined when arguments are not kept. */
  readonly arguments: JsonValue | undefined;
  /** Administrative acts: what changed. */
  readonly details: JsonValue | undefined;
}

/** The tool itself, an answer that was kept, what stands in for the tool, or the outcome of an earlier call. */
export type Answerer = "tool" | "cache" | "fallback" | "replay";

export type AdministrativeAct =
  | "tool.published"
  | "tool.unregistered"
  | "tool.deprecated"
  | "tool.retired"
  | "tool.restored"
  | "permissions.changed"
  | "grants.changed"
  | "quota.overridden"
  | "quota.reset"
  | "outcome.resolved"
  | "tool.activated"
  | "tool.redefined"
  | "tool.deleted"
  | "channel.changed"
  | "rollout.changed"
  | "roles.changed"
  | "principals.changed"
  | "limits.changed"
  | "stops.changed"
  | "key.created"
  | "key.rotated"
  | "key.revoked"
  | "secret.changed"
  | "secret.removed"
  | "secrets.rewrapped"
  | "config.reloaded"
  | "audit.pruned"
  | "state.imported"
  | "state.restored";

/**
 * `durable`: on the disk before the promise resolves. `batched`: soon, with others; nothing waits for it, and what is not
 * written yet goes with a crash.
 */
export type Durability = "durable" | "batched";

export interface AuditSink {
  /**
   * Keeps the event. A returned promise is awaited before the call is answered. A sink that knows no batches need not look at
   * `durability`: what may be batched may be durable.
   */
  append(event: AuditEvent, durability?: Durability): MaybePromise<void>;
  /** Resolves when everything appended is kept. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
