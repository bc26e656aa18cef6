// The innermost run: one attempt of the handler, raced against its deadline, its output checked. From here on an effect
// may have happened, whatever comes back.
import type { Failure } from "../../call/outcome.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { type Attempt, beginAttempt, endAttempt, toBound, toEnded } from "../attempt.ts";
import { type Call, toHookCall } from "../call.ts";
import { type Bound, INTERRUPTED, isOver, withinDeadline } from "../deadline.ts";
import { drainGenerator, isAsyncGenerator } from "../generator.ts";
import { createHandlerContext } from "../handler-context.ts";
import type { Hooks } from "../hooks.ts";
import { toAttemptTimeout, toInterruption, toLostAnswer } from "../interruption.ts";
import { isLostAnswer } from "../lost-answer.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import { refuseEntry, STOPPED } from "../stops.ts";
import { check } from "../stages/check.ts";

type Invoke = (attempt: Attempt, plan: Plan) => MaybePromise<unknown>;

/** Sets `call.output`; fails with TIMEOUT, CANCELLED, OUTCOME_UNKNOWN, TOOL_ERROR, TOOL_FAILED, INVALID_OUTPUT, HOOK_FAILED, STOPPED or CLOSED. */
export function runHandler(call: Call, plan: Plan): MaybePromise<Failure | undefined> {
  const { clock } = plan.environment;
  const bound = toBound(call);
  // One reading of the clock, for whether there is time and for when the attempt began.
  const now = clock.monotonic();
  if ((now >= bound.deadlineAt || bound.scope.cancelled) && isOver(bound, clock)) return toInterruption(call, clock);
  // The registry was closed while the call waited, and its time to end is over: nobody would write down what it did.
  if (plan.environment.ended) return toFailure(call, clock, "CLOSED", "The registry is closed.", { effect: "none" });
  // However long it has waited, and whichever attempt it is: nothing is entered while a stop stands.
  const stopped = refuseEntry(call, plan.environment);
  if (stopped !== undefined) return stopped;
  call.attempts++;
  const attempt = beginAttempt(call, bound, plan.version.attemptTimeoutMs, now);
  call.attempt = attempt;
  call.finished = false;
  call.content = null;
  let result: MaybePromise<unknown>;
  try {
    result = plan.invoke(attempt, plan);
    // A lazy thenable does its work at each `then`: it is asked once, and from here on there is one promise of it.
    if (isPromiseLike(result)) return awaitResult(attempt, plan, bound, Promise.resolve(result));
  } catch (error) {
    endAttempt(attempt);
    return toThrown(attempt, plan, error);
  }
  return accept(attempt, plan, bound, result);
}

async function awaitResult(
  attempt: Attempt,
  plan: Plan,
  bound: Bound,
  work: Promise<unknown>,
): Promise<Failure | undefined> {
  const { call } = attempt;
  const { clock } = plan.environment;
  try {
    const result = await withinDeadline(attempt.detach === null ? bound : attempt, clock, work);
    const accepted = accept(attempt, plan, bound, result);
    return isPromiseLike(accepted) ? await accepted : accepted;
  } catch (error) {
    if (error === INTERRUPTED) attempt.running ??= work;
    endAttempt(attempt);
    if (error !== INTERRUPTED) return toThrown(attempt, plan, error);
    return bound.scope.cancelled ? toInterruption(call, clock) : toAttemptTimeout(attempt, clock);
  }
}

/** The handler came to its end: an effect it was to have has happened, whatever its output is worth. */
function accept(attempt: Attempt, plan: Plan, bound: Bound, result: unknown): MaybePromise<Failure | undefined> {
  const { call } = attempt;
  endAttempt(attempt);
  call.finished = true;
  const checked = check(call, plan, result);
  if (!isPromiseLike(checked)) return checked;
  const { clock } = plan.environment;
  return withinDeadline(bound, clock, checked).catch((error: unknown) => {
    if (error === INTERRUPTED) return toInterruption(call, clock);
    throw error;
  });
}

function toThrown(attempt: Attempt, plan: Plan, error: unknown): Failure {
  const { call } = attempt;
  const { clock, report } = plan.environment;
  if (!attempt.entered) {
    const stopped = error === STOPPED ? refuseEntry(call, plan.environment) : undefined;
    if (stopped !== undefined) return stopped;
    // Only a hook can throw before the handler: nothing has happened, and the call must not get through.
    report({ kind: "hook.failed", callId: call.id, hook: "aroundAttempt", error });
    const message = `A hook failed. Quote ${call.id} to the operator of the registry.`;
    return toFailure(call, clock, "HOOK_FAILED", message, { effect: "none" });
  }
  const refused = readToolError(error);
  if (refused !== null) {
    attempt.effect = refused.effect;
    return toFailure(call, clock, "TOOL_ERROR", refused.message, {
      ...(refused.effect === null ? {} : { effect: refused.effect }),
      retryable: refused.retryable,
      retryAfterMs: refused.retryAfterMs,
      toolCode: refused.toolCode,
      details: refused.details,
    });
  }
  // The exception may hold anything: a connection string, a stranger's data. The operator gets it, the caller a fixed text.
  call.cause = error;
  report({ kind: "tool.failed", callId: call.id, tool: plan.version.name, version: plan.version.version, error });
  if (plan.writes && isLostAnswer(error))
    return toLostAnswer(call, clock, "TOOL_FAILED", "The connection to what the tool uses was lost", true);
  return toFailure(call, clock, "TOOL_FAILED", `The tool failed. Quote ${call.id} to its operator.`);
}

/** A copy of a ToolError; null for anything else, also for what cannot be read. A run must not throw: slots would be lost. */
function readToolError(
  error: unknown,
): Pick<ToolError, "message" | "effect" | "retryable" | "retryAfterMs" | "toolCode" | "details"> | null {
  try {
    if (!(error instanceof ToolError)) return null;
    const { message, effect, retryable, retryAfterMs, toolCode, details } = error;
    return { message, effect, retryable, retryAfterMs, toolCode, details };
  } catch {
    return null;
  }
}

/** The handler of `plan` inside the users' hooks, the first hook outermost. */
export function composeInvoke(arounds: readonly NonNullable<Hooks["aroundAttempt"]>[] | null): Invoke {
  return (arounds ?? []).map(toWrapper).reduceRight<Invoke>((next, wrap) => wrap(next), invokeHandler);
}

function invokeHandler(attempt: Attempt, { tool, environment }: Plan): MaybePromise<unknown> {
  // A hook may have waited before it went on.
  if (refuseEntry(attempt.call, environment) !== undefined) throw STOPPED;
  attempt.entered = true;
  attempt.call.entered = true;
  const handler = tool.definition.handler as (input: unknown, context: unknown) => unknown;
  const result = handler(attempt.call.input, createHandlerContext(attempt, environment));
  return isAsyncGenerator(result) ? drainGenerator(attempt, result) : result;
}

function toWrapper(around: NonNullable<Hooks["aroundAttempt"]>): (next: Invoke) => Invoke {
  return (next) => (attempt, plan) => {
    const { principal } = attempt.call.request;
    if (principal === null) return next(attempt, plan);
    return around(toHookCall(attempt.call, plan, principal), toNext(attempt, plan, next));
  };
}

/**
 * The handler as a hook sees it. Async whatever the handler is, so that the hook's catch and finally see a synchronous
 * throw. Once: a second run would be a second effect. A hook that does not wait for it does not end it: the call holds
 * its slots until the handler has ended.
 */
function toNext(attempt: Attempt, plan: Plan, next: Invoke): () => Promise<unknown> {
  let entered = false;
  return () => {
    if (entered) return Promise.reject(new Error("aroundAttempt: next() runs the handler once"));
    // The call has its answer: a handler that begins now would have an effect nobody has heard of.
    if (attempt.over) return Promise.reject(toEnded());
    entered = true;
    const work = (async () => next(attempt, plan))();
    attempt.running = work;
    const ended = (): void => {
      if (attempt.running === work) attempt.running = null;
    };
    work.then(ended, ended);
    return work;
  };
}
