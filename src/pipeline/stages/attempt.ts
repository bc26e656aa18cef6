// Runs the handler. From here on an effect may have happened, whatever comes back.
import type { Outcome } from "../../call/outcome.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Call } from "../call.ts";
import { INTERRUPTED, isOver, withinDeadline } from "../deadline.ts";
import { toInterruption } from "../interruption.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";

/** Sets `call.output`; fails with TIMEOUT, CANCELLED, OUTCOME_UNKNOWN, TOOL_ERROR or TOOL_FAILED. */
export function attempt(call: Call, plan: Plan): MaybePromise<Outcome | undefined> {
  if (isOver(call, plan.environment.clock)) return toInterruption(call, plan.environment.clock);
  call.entered = true;
  let result: MaybePromise<unknown>;
  try {
    result = plan.attempt(call);
  } catch (error) {
    return toAttemptFailure(call, plan, error);
  }
  // A lazy thenable does its work at each `then`: it is asked once, and from here on there is one promise of it.
  if (isPromiseLike(result)) return awaitResult(call, plan, Promise.resolve(result));
  call.finished = true;
  call.output = result;
  return undefined;
}

async function awaitResult(call: Call, plan: Plan, work: Promise<unknown>): Promise<Outcome | undefined> {
  try {
    call.output = await withinDeadline(call, plan.environment.clock, work);
    call.finished = true;
    return undefined;
  } catch (error) {
    if (error !== INTERRUPTED) return toAttemptFailure(call, plan, error);
    call.running ??= work;
    return toInterruption(call, plan.environment.clock);
  }
}

function toAttemptFailure(call: Call, plan: Plan, error: unknown): Outcome {
  const { clock, report } = plan.environment;
  if (error instanceof ToolError) {
    return toFailure(call, clock, "TOOL_ERROR", error.message, {
      ...(error.effect === null ? {} : { effect: error.effect }),
      retryable: error.retryable,
      retryAfterMs: error.retryAfterMs,
      toolCode: error.toolCode,
      details: error.details,
    });
  }
  // The exception may hold anything: a connection string, a stranger's data. The operator gets it, the caller a fixed text.
  call.cause = error;
  report({ kind: "tool.failed", callId: call.id, tool: plan.version.name, version: plan.version.version, error });
  return toFailure(call, clock, "TOOL_FAILED", `The tool failed. Quote ${call.id} to its operator.`);
}
