// The life of a call. The order of the stages IS the security policy: it is this function, line by line, and nothing
// else can change it. `settle` runs exactly once per call, also after a throw.
// INVARIANT: "settles every call exactly once" in execute.test.ts.
import type { Outcome } from "../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../kernel/maybe-promise.ts";
import { createScope } from "../kernel/scope.ts";
import { beginCall, type Call, type Request } from "./call.ts";
import { INTERRUPTED, withinDeadline } from "./deadline.ts";
import type { Environment } from "./environment.ts";
import { runAfterOutcome, runBeforeAttempt, runBeforeAuthorize } from "./run-hooks.ts";
import { toInterruption } from "./interruption.ts";
import { toFailure, toSuccess } from "./outcomes.ts";
import { attachCancellation } from "./cancellation.ts";
import { admit } from "./stages/admit.ts";
import { attempt } from "./stages/attempt.ts";
import { authorize } from "./stages/authorize.ts";
import { authorizeArguments } from "./stages/authorize-arguments.ts";
import { check } from "./stages/check.ts";
import { reserve } from "./stages/reserve.ts";
import { resolve } from "./stages/resolve.ts";
import { settle } from "./stages/settle.ts";
import { validate } from "./stages/validate.ts";

/** Calls a tool: the whole walk. Never rejects. */
export async function execute(environment: Environment, request: Request): Promise<Outcome> {
  const call = beginCall(environment.ids(), request, createScope(), environment.clock.monotonic());
  if (environment.closed) return toFailure(call, environment.clock, "CLOSED", "The registry is closed.");
  environment.running++;
  const detach = attachCancellation(call);
  let outcome: Outcome;
  try {
    outcome = await walk(call, environment);
  } catch (error) {
    outcome = toThrown(call, environment, error);
  }
  try {
    outcome = await runAfterOutcome(call, environment, outcome);
    return await settle(call, environment, outcome);
  } finally {
    detach?.();
    if (--environment.running === 0) environment.onIdle?.();
  }
}

async function walk(call: Call, environment: Environment): Promise<Outcome> {
  let ended: Outcome | undefined;
  // Which version is meant. Everything after this works on that one version, whatever is published meanwhile.
  ended = resolve(call, environment);
  const { plan } = call;
  const { principal } = call.request;
  if (ended !== undefined || plan === null || principal === null) return ended ?? unresolved(call, environment);

  ended = await now(call, environment, runBeforeAuthorize(call, plan, principal));
  if (ended !== undefined) return ended;
  // Before validation: a stranger learns nothing of a schema, not even that there is one.
  ended = authorize(call, plan, principal);
  if (ended !== undefined) return ended;
  // Before validation and admission: the same key and the same arguments get the stored outcome for free.
  if (plan.replay !== null) ended = await now(call, environment, plan.replay(call, plan));
  if (ended !== undefined) return ended;
  // Before admission: a malformed call costs no quota.
  ended = await now(call, environment, validate(call, plan));
  if (ended !== undefined) return ended;
  // After validation: a condition that reads unchecked arguments fails open.
  ended = authorizeArguments(call, plan, principal);
  if (ended !== undefined) return ended;
  // All quotas, all or nothing, once: what waits for approval has paid.
  ended = await now(call, environment, admit(call, plan, principal));
  if (ended !== undefined) return ended;
  // Before a slot is taken: waiting for a person holds none.
  if (plan.approve !== null) ended = await now(call, environment, plan.approve(call, plan));
  if (ended !== undefined) return ended;
  ended = await now(call, environment, reserve(call, plan, principal));
  if (ended !== undefined) return ended;
  if (call.request.dryRun) return toSuccess(call, environment.clock, undefined);

  ended = await now(call, environment, runBeforeAttempt(call, plan, principal));
  if (ended !== undefined) return ended;
  // The last thing before the effect: the idempotency claim and the audit intent of a write.
  if (plan.claim !== null) ended = await now(call, environment, plan.claim(call, plan));
  if (ended !== undefined) return ended;
  ended = await attempt(call, plan);
  // What the handler returned is checked before anyone sees it.
  ended ??= await now(call, environment, check(call, plan));
  return ended ?? toSuccess(call, environment.clock, call.output);
}

/** A step's answer; when it has to be waited for, no longer than the call may last. */
function now(call: Call, environment: Environment, step: MaybePromise<Outcome | undefined>): MaybePromise<Outcome | undefined> {
  return isPromiseLike(step) ? withinDeadline(call, environment.clock, step) : step;
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
