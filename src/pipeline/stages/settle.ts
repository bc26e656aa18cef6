// The end of every call, whatever happened: slots, metering, its key, audit, hooks, in this order, each once. What has to be
// durable before the answer is durable before the answer, so this is awaited.
import type { Outcome } from "../../call/outcome.ts";
import type { Mark } from "../../metering/index.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { toEnded } from "../attempt.ts";
import { toCallRecord } from "../call-record.ts";
import type { Call } from "../call.ts";
import { withinTime } from "../deadline.ts";
import type { Environment } from "../environment.ts";
import { isRemembered, settleClaim, withWarning } from "../idempotency/settle-claim.ts";
import { addWarning, toFailure } from "../outcomes.ts";
import { AFTER_CALL_MS, runOnSettled } from "../run-hooks.ts";

/**
 * The outcome, with a warning when the call could not be audited or kept. A dry run leaves no trace.
 * @param own what the call came to before hooks changed it: what is kept, since hooks see it again when it is given again
 */
export function settle(
  call: Call,
  environment: Environment,
  outcome: Outcome,
  own: Outcome = outcome,
): MaybePromise<Outcome> {
  call.settled = true;
  // What still runs is nobody's: it is told to end.
  if (call.running !== null) call.scope.cancel(toEnded());
  giveBack(call);
  if (call.request.dryRun) return outcome;
  meter(call, environment, outcome);
  if (!isRemembered(call, own)) return record(call, environment, outcome);
  return settleClaim(call, environment, own).then((kept) =>
    record(call, environment, kept ? outcome : withWarning(outcome)),
  );
}

/** What has to be written down before the answer, and whoever wants to hear of it. */
function record(call: Call, environment: Environment, outcome: Outcome): MaybePromise<Outcome> {
  const audited = audit(call, environment, outcome);
  if (isPromiseLike(audited)) return finish(call, environment, audited);
  const told = runOnSettled(call, environment, audited);
  return told === undefined ? audited : told.then(() => audited);
}

async function finish(call: Call, environment: Environment, audited: MaybePromise<Outcome>): Promise<Outcome> {
  const outcome = await audited;
  await runOnSettled(call, environment, outcome);
  return outcome;
}

/** A handler that lost its race holds its slots until it has truly ended: it still uses what they stand for. */
function giveBack(call: Call): void {
  const { release, running } = call;
  if (release === null) return;
  call.release = null;
  if (running === null) release();
  else running.then(release, release);
}

function meter(call: Call, environment: Environment, outcome: Outcome): void {
  const target = call.plan === null ? environment.metering.unknown : call.plan.meter;
  const { entered, request } = call;
  const code = outcome.ok ? null : outcome.error.code;
  const { durationMs } = outcome.meta;
  target.record(durationMs, code, entered, request.principal);
  const marks = toMarks(call);
  for (const [mark, times] of marks) target.add(mark, times);
  if (environment.usage === null) return;
  // Usage of a principal is its own to read: what was hidden from it has no name there.
  const { name: tool, version } = call.plan === null || code === "UNKNOWN_TOOL" ? UNKNOWN_TOOL : call.plan.version;
  environment.usage.record({ tool, version, principal: request.principal, durationMs, code, entered, marks });
}

type Marks = readonly (readonly [Mark, number])[];

const NO_MARKS: Marks = Object.freeze([]);

function toMarks({ attempts, cached, degraded, replayOf }: Call): Marks {
  if (attempts <= 1 && cached === null && degraded === null && replayOf === null) return NO_MARKS;
  const marks: (readonly [Mark, number])[] = [];
  if (attempts > 1) marks.push(["retries", attempts - 1]);
  if (cached !== null) marks.push(["cached", 1]);
  if (degraded !== null) marks.push(["degraded", 1]);
  if (replayOf !== null) marks.push(["replayed", 1]);
  return marks;
}

/** Names that callers make up must not fill a store. */
const UNKNOWN_TOOL = { name: "(unknown)", version: "" };

function audit(call: Call, environment: Environment, outcome: Outcome): MaybePromise<Outcome> {
  const { audit: trail, clock } = environment;
  if (trail === null) return outcome;
  try {
    // What became of an intent has to be as durable as the intent.
    const recorded = trail.recordCall(
      toCallRecord(call, outcome),
      call.intended || trail.strict ? "durable" : "batched",
    );
    if (!isPromiseLike(recorded)) return outcome;
    return withinTime(clock, AFTER_CALL_MS, "the audit sink", recorded).then(
      () => outcome,
      (error: unknown) => unaudited(call, environment, outcome, error),
    );
  } catch (error) {
    return unaudited(call, environment, outcome, error);
  }
}

/**
 * The call has happened and its answer is true; that nobody wrote it down is told to the caller and the operator. A strict trail
 * takes the answer of a tool that reads back: nothing has happened, and nobody is to read what no record shows.
 */
function unaudited(call: Call, environment: Environment, outcome: Outcome, error: unknown): Outcome {
  environment.report({ kind: "audit.failed", callId: call.id, error });
  if (environment.audit?.strict === true && outcome.ok && call.plan?.writes === false)
    return toFailure(
      call,
      environment.clock,
      "AUDIT_UNAVAILABLE",
      "The call could not be audited; it is not answered.",
    );
  return addWarning(outcome, "AUDIT_FAILED", "The call could not be audited.");
}
