// Runs the users' hooks. One that throws fails the call with HOOK_FAILED: letting the call through would turn a broken
// guard into an open door.
import type { ContentPart } from "../call/content.ts";
import type { Failure, Outcome, OutcomeError } from "../call/outcome.ts";
import { ERROR_CODES } from "../errors/codes.ts";
import type { EffectState } from "../errors/tool-error.ts";
import type { Principal } from "../call/principal.ts";
import { isObject } from "../kernel/json.ts";
import { isPromiseLike, type MaybePromise } from "../kernel/maybe-promise.ts";
import { type Call, toHookCall } from "./call.ts";
import { withinTime } from "./deadline.ts";
import type { Environment } from "./environment.ts";
import type { HookCall, HookRefusal } from "./hooks.ts";
import { toFailure } from "./outcomes.ts";
import type { Plan } from "./plan.ts";

/** How long a hook or a sink may hold an answer that is already there, milliseconds. */
export const AFTER_CALL_MS = 5_000;

type Guard = (call: HookCall) => MaybePromise<HookRefusal | undefined | void>;

/** The outcome of a refusing or failing hook at `name`; undefined lets the call go on. */
export async function runGuards(
  call: Call,
  plan: Plan,
  principal: Principal,
  name: "beforeAuthorize" | "beforeAttempt",
  guards: readonly Guard[],
): Promise<Outcome | undefined> {
  const { environment } = plan;
  const view = toHookCall(call, plan, principal);
  try {
    for (const guard of guards) {
      const refusal = await guard(view);
      if (refusal !== undefined) return toFailure(call, environment.clock, "HOOK_REFUSED", refusal.refuse);
    }
    return undefined;
  } catch (error) {
    return toHookFailure(call, environment, name, error);
  }
}

/** What the `afterOutcome` hooks make of the outcome. */
export async function runAfterOutcome(call: Call, environment: Environment, outcome: Outcome): Promise<Outcome> {
  const { afterOutcome } = environment.hooks;
  const { plan, request } = call;
  if (afterOutcome === null || plan === null || request.principal === null || request.dryRun) return outcome;
  const view = toHookCall(call, plan, request.principal);
  let current = outcome;
  try {
    for (const hook of afterOutcome) {
      const answer = hook(view, current);
      const replaced = isPromiseLike(answer)
        ? await withinTime(environment.clock, AFTER_CALL_MS, "afterOutcome", answer)
        : answer;
      if (replaced !== undefined) current = toReplacement(current, replaced, toEffect(call, outcome));
    }
    return current;
  } catch (error) {
    return toHookFailure(call, environment, "afterOutcome", error, toEffect(call, outcome));
  }
}

/** What is known of the effect of the call, whatever hooks make of its outcome. */
function toEffect(call: Call, outcome: Outcome): EffectState {
  if (!outcome.ok) return outcome.error.effect;
  return call.plan?.writes === true && call.entered ? "applied" : call.standIn;
}

/**
 * A hook says what came of a call, not which call it was: the meta stays. Nor can it make what has happened, or may have,
 * into nothing.
 */
function toReplacement(current: Outcome, replaced: unknown, effect: EffectState): Outcome {
  if (!isObject(replaced)) throw new TypeError("afterOutcome returns an outcome or nothing");
  const { ok, output, content, error } = replaced;
  if (ok === true) {
    const parts = Array.isArray(content) ? (content as readonly ContentPart[]) : [];
    return { ok: true, output, content: parts, meta: current.meta };
  }
  if (ok !== false || !isObject(error)) throw new TypeError("afterOutcome returns an outcome or nothing");
  return { ok: false, error: toReplacementError(error, effect), continuation: null, meta: current.meta };
}

function toReplacementError(given: Partial<OutcomeError>, effect: EffectState): OutcomeError {
  const { code, message } = given;
  if (code === undefined || !Object.hasOwn(ERROR_CODES, code) || typeof message !== "string")
    throw new TypeError("afterOutcome: an error needs a code of the table and a message");
  const own = effect === "none" ? (given.effect ?? "none") : effect;
  return { ...NO_ERROR, ...given, code, message, effect: own, retryable: given.retryable === true };
}

const NO_ERROR = { retryAfterMs: null, issues: [], toolCode: null, suggestions: [], details: undefined };

function toHookFailure(
  call: Call,
  environment: Environment,
  hook: string,
  error: unknown,
  effect?: Failure["error"]["effect"],
): Failure {
  environment.report({ kind: "hook.failed", callId: call.id, hook, error });
  const message = `A hook failed. Quote ${call.id} to the operator of the registry.`;
  return toFailure(call, environment.clock, "HOOK_FAILED", message, effect === undefined ? {} : { effect });
}

/**
 * Tells the `onSettled` hooks, one after another; their failures are reported, the outcome stays. A promise only when
 * there is one to wait for.
 */
export function runOnSettled(call: Call, environment: Environment, outcome: Outcome): Promise<void> | undefined {
  const { onSettled } = environment.hooks;
  const { plan, request } = call;
  if (onSettled === null || plan === null || request.principal === null) return undefined;
  return tellFrom(0, toHookCall(call, plan, request.principal), environment, outcome);
}

function tellFrom(
  first: number,
  view: HookCall,
  environment: Environment,
  outcome: Outcome,
): Promise<void> | undefined {
  const hooks = environment.hooks.onSettled ?? [];
  const fail = (error: unknown): void => {
    environment.report({ kind: "hook.failed", callId: view.id, hook: "onSettled", error });
  };
  for (let index = first; index < hooks.length; index++) {
    try {
      const answer = hooks[index]?.(view, outcome);
      if (!isPromiseLike(answer)) continue;
      return withinTime(environment.clock, AFTER_CALL_MS, "onSettled", answer)
        .catch(fail)
        .then(() => tellFrom(index + 1, view, environment, outcome));
    } catch (error) {
      fail(error);
    }
  }
  return undefined;
}
