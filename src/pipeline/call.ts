// One execution in flight. Every field exists from birth, in this order, so that all calls share one shape.
import type { ContentPart } from "../call/content.ts";
import type { HandlerEvent } from "../call/event.ts";
import type { Coercion } from "../call/issue.ts";
import type { Degradation, OutcomeMeta } from "../call/outcome.ts";
import type { Principal } from "../call/principal.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Scope } from "../kernel/scope.ts";
import type { EffectState } from "../errors/tool-error.ts";
import type { Bulkhead } from "../resilience/index.ts";
import type { Attempt } from "./attempt.ts";
import type { Bound } from "./deadline.ts";
import type { HookCall } from "./hooks.ts";
import type { Plan } from "./plan.ts";
import type { Shadow } from "./shadow/choose-shadow.ts";

/** What the caller wants, as it came. */
export interface Request {
  readonly ref: string;
  readonly received: unknown;
  readonly principal: Principal | null;
  /** Why there is no principal. */
  readonly principalProblem: string | null;
  readonly signal: AbortSignal | null;
  readonly timeoutMs: number | null;
  readonly idempotencyKey: string | null;
  readonly digest: string | null;
  readonly dryRun: boolean;
  readonly emit: ((event: HandlerEvent) => MaybePromise<void>) | null;
  /** The run of a handler that makes this call. */
  readonly parent: Attempt | null;
}

export interface Call extends Bound {
  readonly id: string;
  readonly request: Request;
  readonly scope: Scope;
  /** Monotonic ms. */
  readonly startedAt: number;
  /** How many calls of tools by tools lie above. */
  readonly depth: number;
  /** Set by `resolve`. */
  plan: Plan | null;
  /** Set by `resolve` when a rollout chose the version. */
  rollout: OutcomeMeta["rollout"];
  /** What is to run beside the call once it is answered; set by `resolve`. */
  shadow: Shadow | null;
  /** Whether it is such a run itself, or part of one. */
  shadowing: boolean;
  /** Set once the principal may know that the tool exists; until then an outcome must not tell. */
  revealed: boolean;
  /** Monotonic ms; Infinity until the plan is known. */
  deadlineAt: number;
  /** Set by `validate`. */
  input: unknown;
  coerced: readonly Coercion[];
  /** What the handler returned; after `check`, what its schema makes of it. */
  output: unknown;
  /** Whether the arguments decide about authorisation. */
  conditional: boolean;
  /** Whether the handler was entered: from then on an effect may have happened. */
  entered: boolean;
  /** Whether the handler came to its end by itself. */
  finished: boolean;
  /** How often the handler was entered. */
  attempts: number;
  /** The last attempt; null before the first. */
  attempt: Attempt | null;
  /** What attempts are raced against when time is kept back for a fallback; null: the call itself. */
  primary: Bound | null;
  /** Whether the handler delivered a partial. */
  delivered: boolean;
  /** Whether the deadline, rather than the caller, cancelled the scope. */
  timedOut: boolean;
  /** Whether the answer is one that was kept; null: it is the tool's own. */
  cached: "fresh" | "stale" | null;
  /** Why the answer is not the tool's own and current one. */
  degraded: Degradation | null;
  /** Digests of the versions whose answer stands in; see `Degradation`. */
  sources: readonly string[];
  /** What is known of the effect of what stood in for a tool that writes. */
  standIn: EffectState;
  /** Bulkheads in which it has a slot now: what it calls may use them too. Null while it had none. */
  slots: Bulkhead[] | null;
  /** The call whose outcome this one gives again. */
  replayOf: string | null;
  /** The record of its idempotency key; null without a key. */
  recordKey: string | null;
  /** Digest of the arguments as received; set with `recordKey`. */
  argumentsDigest: string;
  /** Whether the record was claimed, or may have been: it has to be stored or released. */
  claimed: boolean;
  /** Whether its intent was written down, or may have been: what became of it has to be as durable. */
  intended: boolean;
  /** Handlers that may still run when the call is answered: settles with them. */
  running: PromiseLike<unknown> | null;
  /** The same one by one, without what stands in for a tool; null while there was none. */
  late: PromiseLike<unknown>[] | null;
  /** Whether the call was settled: what arrives now comes too late. */
  settled: boolean;
  /** Gives the slots back. */
  release: (() => void) | null;
  /** What was attached; null while nothing was. */
  content: ContentPart[] | null;
  /** The exception behind a masked failure. */
  cause: unknown;
  /** What hooks see; made at the first hook. */
  view: HookCall | null;
  /** Its neighbours among the calls under way; see `active-calls.ts`. */
  older: Call | null;
  newer: Call | null;
}

const NONE: readonly never[] = Object.freeze([]);

/** A call at its birth. */
export function beginCall(id: string, request: Request, scope: Scope, startedAt: number): Call {
  return {
    id,
    request,
    scope,
    startedAt,
    depth: request.parent === null ? 0 : request.parent.call.depth + 1,
    plan: null,
    rollout: null,
    shadow: null,
    shadowing: false,
    revealed: false,
    deadlineAt: Number.POSITIVE_INFINITY,
    input: undefined,
    coerced: NONE,
    output: undefined,
    conditional: false,
    entered: false,
    finished: false,
    attempts: 0,
    attempt: null,
    primary: null,
    delivered: false,
    timedOut: false,
    cached: null,
    degraded: null,
    sources: NONE,
    standIn: "none",
    slots: null,
    replayOf: null,
    recordKey: null,
    argumentsDigest: "",
    claimed: false,
    intended: false,
    running: null,
    late: null,
    settled: false,
    release: null,
    content: null,
    cause: undefined,
    view: null,
    older: null,
    newer: null,
  };
}

/** What hooks see of `call`, once its plan and principal are known. */
export function toHookCall(call: Call, plan: Plan, principal: Principal): HookCall {
  call.view ??= new CallView(call, plan, principal);
  return call.view;
}

class CallView implements HookCall {
  readonly tool: HookCall["tool"];
  readonly principal: Principal;
  readonly #call: Call;

  constructor(call: Call, plan: Plan, principal: Principal) {
    this.#call = call;
    this.tool = plan.version;
    this.principal = principal;
  }
  get id(): string {
    return this.#call.id;
  }
  get parentId(): string | null {
    return this.#call.request.parent?.call.id ?? null;
  }
  get input(): unknown {
    return this.#call.input;
  }
  get attempt(): number {
    return this.#call.attempts;
  }
  get idempotencyKey(): string | null {
    return this.#call.request.idempotencyKey;
  }
  get dryRun(): boolean {
    return this.#call.request.dryRun;
  }
}

/** Whether `test` holds for one of the calls from whose handlers `call` was made. */
export function hasAncestor(call: Call, test: (ancestor: Call) => boolean): boolean {
  for (let parent = call.request.parent; parent !== null; parent = parent.call.request.parent)
    if (test(parent.call)) return true;
  return false;
}
