// One run of a handler. A call makes several when it is repeated; what a run that has lost its race still does is
// nobody's: it cannot change the answer, and it holds its slots until it has truly ended.
import type { EffectState } from "../errors/tool-error.ts";
import { createScope, type Scope } from "../kernel/scope.ts";
import type { Call } from "./call.ts";
import type { Bound } from "./deadline.ts";

export interface Attempt extends Bound {
  readonly call: Call;
  /** From 1; 0 for a fallback. */
  readonly number: number;
  /** Monotonic ms. */
  readonly startedAt: number;
  /** The handler's work while it may still run. */
  running: PromiseLike<unknown> | null;
  /** Whether the handler was entered: a hook around it may not have let it. */
  entered: boolean;
  /** What the handler said of its effect when it refused; null while it said nothing. */
  effect: EffectState | null;
  /** Whether the attempt was answered: what the handler delivers now comes too late. */
  over: boolean;
  /** Cancelled when the attempt is over, for the calls it made; null while it made none. */
  children: Scope | null;
  /** Detaches the scope from what cancels it from outside; null when the scope is not the attempt's own. */
  readonly detach: (() => void) | null;
}

/** What the work of `call` is raced against now: the call, or what it leaves of itself for a fallback. */
export function toBound(call: Call): Bound {
  return call.primary ?? call;
}

/** An attempt that begins at `now`; with a deadline of its own when `timeoutMs` is given. */
export function beginAttempt(call: Call, bound: Bound, timeoutMs: number | null, now: number): Attempt {
  const own = timeoutMs === null ? null : createPart(bound);
  return {
    call,
    number: call.attempts,
    scope: own === null ? bound.scope : own.scope,
    deadlineAt: timeoutMs === null ? bound.deadlineAt : Math.min(bound.deadlineAt, now + timeoutMs),
    timedOut: false,
    startedAt: now,
    running: null,
    entered: false,
    effect: null,
    over: false,
    children: null,
    detach: own === null ? null : own.detach,
  };
}

/**
 * The attempt was answered: its calls end with it, and what it still does holds the slots of its call. A scope of its own
 * ends too: a handler that a hook did not wait for is told, as one that lost its race is. `settle` ends that of the call.
 */
export function endAttempt(attempt: Attempt): void {
  const { call, running } = attempt;
  attempt.over = true;
  attempt.detach?.();
  attempt.children?.cancel(toEnded());
  if (running === null) return;
  if (attempt.detach !== null) attempt.scope.cancel(toEnded());
  call.running = call.running === null ? running : Promise.allSettled([call.running, running]);
  if (attempt.number > 0) (call.late ??= []).push(running);
}

/** A scope that is cancelled with `bound`, and can be cancelled by itself. */
export function createPart(bound: Bound): { readonly scope: Scope; readonly detach: () => void } {
  const scope = createScope();
  const detach = bound.scope.onCancel((reason) => {
    scope.cancel(reason);
  });
  return { scope, detach };
}

/** What the calls made by the attempt are cancelled by. */
export function toChildren(attempt: Attempt): Scope {
  if (attempt.children === null) {
    attempt.children = createPart(attempt).scope;
    // A handler that goes on after its attempt was answered: what it begins now ends at once.
    if (attempt.over) attempt.children.cancel(toEnded());
  }
  return attempt.children;
}

/** Why what still runs of a call is cancelled when the call has its answer. */
export function toEnded(): DOMException {
  return new DOMException("The call that this is part of has ended.", "AbortError");
}
