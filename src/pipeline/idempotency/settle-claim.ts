// What a call leaves behind for the next one with its key, and for the operator: its outcome when a handler was entered, a
// free key when none was, and a line on the list when nobody knows whether it had its effect.
import { ToolError } from "../../errors/tool-error.ts";
import type { Outcome } from "../../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { UnknownOutcome } from "../../ports/outcome-store.ts";
import type { Call } from "../call.ts";
import { withinTime } from "../deadline.ts";
import type { Environment } from "../environment.ts";
import { CUT_SHORT } from "../generator.ts";
import { addWarning } from "../outcomes.ts";
import { AFTER_CALL_MS } from "../run-hooks.ts";
import { isLost, toOutcomeText } from "./record.ts";
import { resolveOutcome } from "./resolve-outcome.ts";

/** Whether `call`, which came to `outcome`, leaves anything behind. */
export function isRemembered(call: Call, outcome: Outcome): boolean {
  return call.claimed || (hasActed(call) && isLost(outcome));
}

/** Whether a handler was entered, or what stands in for it. */
function hasActed({ entered, degraded, standIn }: Call): boolean {
  return entered || degraded !== null || standIn !== "none";
}

/** Keeps what has to be kept of `outcome`, which no hook has changed. False when it could not be kept under its key. */
export async function settleClaim(call: Call, environment: Environment, outcome: Outcome): Promise<boolean> {
  const unknown = toUnknown(call, environment, outcome);
  if (unknown !== null) {
    linger(call, environment);
    // Before the key is settled: whoever crashes between the two leaves a line on the list.
    await attemptTo(call, environment, "outcomes", () => environment.outcomes.add(unknown));
    environment.report({ kind: "outcome.unknown", ...unknown });
  }
  const kept = await attemptTo(call, environment, "idempotency", () =>
    keep(call, environment, outcome, unknown !== null),
  );
  if (unknown !== null) learnLater(call, environment, unknown);
  return kept;
}

function keep(call: Call, environment: Environment, outcome: Outcome, isUnknown: boolean): MaybePromise<unknown> {
  const { idempotency, idempotencyKeepMs } = environment;
  if (!call.claimed || call.recordKey === null) return undefined;
  // What stands in for a tool may have had an effect of its own: the next call with the key must not add the tool's.
  if (!hasActed(call)) return idempotency.release(call.recordKey, call.id);
  // What is not known does not expire: the key would be free for a second effect.
  const keepMs = isUnknown ? null : idempotencyKeepMs;
  const stored = idempotency.store(call.recordKey, call.id, toOutcomeText(outcome), keepMs);
  return isPromiseLike(stored) ? stored.then(checkStored) : checkStored(stored);
}

function checkStored(stored: boolean): void {
  if (!stored) throw new Error("the idempotency key is no longer this call's");
}

/** Whether `work` was done in time; a failure is the operator's business. */
async function attemptTo(
  call: Call,
  environment: Environment,
  store: "idempotency" | "outcomes",
  work: () => MaybePromise<unknown>,
): Promise<boolean> {
  try {
    const done = work();
    // A store that has answered needs no race with a timer.
    if (isPromiseLike(done)) await withinTime(environment.clock, AFTER_CALL_MS, `the store of ${store}`, done);
    return true;
  } catch (error) {
    environment.report({ kind: "store.failed", callId: call.id, store, error });
    return false;
  }
}

function toUnknown(call: Call, { clock }: Environment, outcome: Outcome): UnknownOutcome | null {
  const { plan, request } = call;
  if (outcome.ok || !isLost(outcome) || !hasActed(call)) return null;
  if (plan === null || request.principal === null) return null;
  const { name, version } = plan.version;
  const { tenant, id: principal } = request.principal;
  return {
    id: call.id,
    tenant,
    principal,
    tool: name,
    version,
    code: outcome.error.code,
    at: clock.now(),
    idempotencyKey: request.idempotencyKey,
  };
}

/** Before anybody can ask the tool: as long as a handler runs, "it has not happened" is no answer. */
function linger({ id, running }: Call, { lingering }: Environment): void {
  if (running === null) return;
  const end = (): void => {
    lingering.delete(id);
  };
  lingering.add(id);
  running.then(end, end);
}

/** A handler that ends after its call was answered says itself what became of it. */
function learnLater(call: Call, environment: Environment, unknown: UnknownOutcome): void {
  const resolve = (report: Parameters<typeof resolveOutcome>[2]): Promise<boolean> =>
    resolveOutcome(environment, unknown, report, "handler");
  for (const running of call.late ?? []) {
    running
      .then(
        (output) => (output === CUT_SHORT ? false : resolve({ effect: "applied", output })),
        (error: unknown) => {
          const effect = error instanceof ToolError ? error.effect : null;
          // Of several attempts none can speak for the others.
          if (effect === "applied" || (effect === "none" && call.attempts === 1)) return resolve({ effect });
          return false;
        },
      )
      .then(undefined, (error: unknown) => {
        environment.report({ kind: "store.failed", callId: call.id, store: "outcomes", error });
      });
  }
}

/** The outcome of a call whose key may not get it again. */
export function withWarning(outcome: Outcome): Outcome {
  const message = "The outcome could not be kept under its idempotency key; the same key may not get it again.";
  return addWarning(outcome, "NOT_REMEMBERED", message);
}
