// The life of a call. The order of the stages IS the security policy: it is this function, line by line, and nothing
// else can change it. `settle` runs exactly once per call, also after a throw.
// INVARIANT: "settles every call exactly once" in execute.test.ts.
import type { Outcome } from "../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../kernel/maybe-promise.ts";
import type { Clock } from "../kernel/clock.ts";
import { createScope } from "../kernel/scope.ts";
import { beginCall, type Call, type Request } from "./call.ts";
import { INTERRUPTED, withinDeadline } from "./deadline.ts";
import type { Environment } from "./environment.ts";
import { runAfterOutcome, runGuards } from "./run-hooks.ts";
import { toInterruption } from "./interruption.ts";
import { toFailure, toSuccess } from "./outcomes.ts";
import { attachCancellation } from "./cancellation.ts";
import { admit } from "./stages/admit.ts";
import { attempt } from "./stages/attempt.ts";
import { authorize } from "./stages/authorize.ts";
import { authorizeArguments } from "./stages/authorize-arguments.ts";
import { claim } from "./stages/claim.ts";
import { replay } from "./stages/replay.ts";
import { reserve } from "./stages/reserve.ts";
import { resolve } from "./stages/resolve.ts";
import { settle } from "./stages/settle.ts";
import { validate } from "./stages/validate.ts";
import { executeShadowed, startShadow } from "./shadow/run-shadow.ts";
import { refuseCaller, refuseTool } from "./stops.ts";
import { toUnknownTool } from "./unknown-tool.ts";

/** Calls a tool: the whole walk. Never rejects. */
export async function execute(environment: Environment, request: Request): Promise<Outcome> {
  if (request.parent?.call.shadowing === true) return executeShadowed(environment, request);
  const call = beginCall(environment.ids(), request, createScope(), environment.clock.monotonic());
  // A call that is part of one under way goes on: `close` waits for it.
  if (environment.closed && request.parent === null)
    return toFailure(call, environment.clock, "CLOSED", "The registry is closed.");
  const detach = attachCancellation(call);
  environment.running++;
  environment.active.enter(call);
  let outcome: Outcome;
  try {
    outcome = await walk(call, environment);
  } catch (error) {
    outcome = toThrown(call, environment, error);
  }
  try {
    const own = outcome;
    if (!call.revealed) outcome = conceal(call, environment, outcome);
    else if (environment.hooks.afterOutcome !== null) outcome = await runAfterOutcome(call, environment, outcome);
    const settled = settle(call, environment, outcome, own);
    if (isPromiseLike(settled)) outcome = await settled;
    else outcome = settled;
    if (call.shadow !== null) startShadow(call, environment, own);
    return outcome;
  } catch (error) {
    // The call has happened: what breaks while it is put down does not change what came of it.
    environment.report({ kind: "registry.failed", callId: call.id, error });
    return outcome;
  } finally {
    detach?.();
    environment.active.leave(call);
    if (--environment.running === 0) environment.onIdle?.();
  }
}

async function walk(call: Call, environment: Environment): Promise<Outcome> {
  // A step that has its answer is not awaited: ten awaits of nothing cost as much as all the stages together.
  // Before anything is looked at: what is stopped reaches no hook, no store and no outcome that is kept.
  let step: MaybePromise<Outcome | undefined> = refuseCaller(call, environment);
  if (step !== undefined) return step;
  // Which version is meant. Everything after this works on that one version, whatever is published meanwhile.
  const refused = resolve(call, environment);
  const { plan } = call;
  const { principal } = call.request;
  if (refused !== undefined || plan === null || principal === null) return refused ?? unresolved(call, environment);
  const { clock } = environment;
  const { beforeAuthorize, beforeAttempt } = environment.hooks;

  if (beforeAuthorize !== null) {
    step = await withinDeadline(call, clock, runGuards(call, plan, principal, "beforeAuthorize", beforeAuthorize));
    if (step !== undefined) return step;
  }
  // Before validation: a stranger learns nothing of a schema, not even that there is one.
  step = authorize(call, plan, principal);
  // After authorisation: that a tool is stopped tells that there is one. Before a replay: it is an answer of the tool.
  step ??= refuseTool(call, environment);
  if (step !== undefined) return step;
  // Before validation and admission: the same key and the same arguments get the stored outcome for free.
  step = replay(call, plan, principal);
  if (isPromiseLike(step)) step = await step;
  if (step !== undefined) return step;
  // Before admission: a malformed call costs no quota.
  step = validate(call, plan);
  if (isPromiseLike(step)) step = await withinDeadline(call, clock, step);
  if (step !== undefined) return step;
  // After validation: a condition that reads unchecked arguments fails open.
  step = authorizeArguments(call, plan, principal);
  if (step !== undefined) return step;
  // All quotas, all or nothing, once: what waits for approval has paid, and who has left pays nothing.
  if (call.scope.cancelled) return toInterruption(call, clock);
  step = admit(call, plan, principal);
  if (isPromiseLike(step)) step = await withinDeadline(call, clock, step);
  if (step !== undefined) return step;
  // Before a slot is taken: waiting for a person holds none.
  if (plan.approve !== null) step = await bounded(call, clock, plan.approve(call, plan));
  if (step !== undefined) return step;
  step = reserve(call, plan, principal);
  if (isPromiseLike(step)) step = await withinDeadline(call, clock, step);
  if (step !== undefined) return step;
  if (call.request.dryRun) return toSuccess(call, clock, undefined);

  if (beforeAttempt !== null) {
    step = await withinDeadline(call, clock, runGuards(call, plan, principal, "beforeAttempt", beforeAttempt));
    if (step !== undefined) return step;
  }
  // The last thing before the effect: the idempotency claim and the audit intent of a write.
  step = claim(call, plan);
  if (isPromiseLike(step)) step = await step;
  if (step !== undefined) return step;
  // The races with deadlines are inside: `attempt` always comes to an answer, and its output was checked.
  step = attempt(call, plan);
  if (isPromiseLike(step)) step = await step;
  return step ?? toSuccess(call, clock, call.output);
}

/** A step's answer, waited for no longer than the call may last. */
function bounded(call: Call, clock: Clock, step: MaybePromise<Outcome | undefined>): MaybePromise<Outcome | undefined> {
  return isPromiseLike(step) ? withinDeadline(call, clock, step) : step;
}

/**
 * What ends a call before the principal is known to see the tool (a hook, a cancellation) must not tell that there is
 * one: a name that does not exist never gets that far.
 */
function conceal(call: Call, environment: Environment, outcome: Outcome): Outcome {
  const { plan } = call;
  const { principal } = call.request;
  if (plan === null || principal === null || plan.access.decide(principal).visible) return outcome;
  return toUnknownTool(call, environment, principal);
}

function unresolved(call: Call, environment: Environment): Outcome {
  return toFailure(call, environment.clock, "INTERNAL", `The registry failed. Quote ${call.id} to its operator.`);
}

function toThrown(call: Call, environment: Environment, error: unknown): Outcome {
  if (error === INTERRUPTED) return toInterruption(call, environment.clock);
  // A bug of ours or of a function the operator gave us: masked like a tool's exception.
  environment.report({ kind: "registry.failed", callId: call.id, error });
  return unresolved(call, environment);
}
