// What the record of a key means to a call that comes with it. The one place that decides between answering again, waiting,
// refusing and going on.
//
//   absent ──▶ go on                      other arguments ──▶ IDEMPOTENCY_CONFLICT
//   stored ──▶ its outcome                running ──▶ wait, look again; at the deadline IDEMPOTENCY_IN_FLIGHT
//   abandoned, or stored as not known ──▶ ask the tool; still not known ──▶ OUTCOME_UNKNOWN
//
// INVARIANT: test/model/idempotency.test.ts walks every interleaving of two callers and every crash.
import type { Outcome } from "../../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { IdempotencyRecord } from "../../ports/idempotency-store.ts";
import type { UnknownOutcome } from "../../ports/outcome-store.ts";
import { isRepeatable } from "../../tool/effect.ts";
import type { Call } from "../call.ts";
import { INTERRUPTED, withinDeadline, withinTime } from "../deadline.ts";
import { toInterruption } from "../interruption.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import { AFTER_CALL_MS } from "../run-hooks.ts";
import { fromOutcomeText, isKnown } from "./record.ts";
import { askStatus, findTool, resolveOutcome } from "./resolve-outcome.ts";

/** Calls of one principal that may wait for keys at the same time. */
const MAX_WAITERS = 256;

/** The answer to `call`, or undefined when the key is free; `first` is its record as it was found. */
export async function consult(
  call: Call,
  plan: Plan,
  key: string,
  first: IdempotencyRecord,
): Promise<Outcome | undefined> {
  const { idempotency } = plan.environment;
  let asked: string | null = null;
  let record: IdempotencyRecord | null = first;
  for (; record !== null; record = await bounded(call, plan, idempotency.read(key))) {
    if (record.argumentsDigest !== call.argumentsDigest) return toConflict(call, plan);
    if (record.state === "running") {
      const ended = call.request.dryRun ? toInFlight(call, plan) : await waitForChange(call, plan, key);
      if (ended !== undefined) return ended;
      continue;
    }
    if (isKnown(record)) return toAnswer(call, plan, record);
    // Once about each owner: what asking does not change is not known.
    const isNew = !call.request.dryRun && asked !== record.owner;
    asked = record.owner;
    if (!isNew || !(await recover(call, plan, key, record))) return toAnswer(call, plan, record);
  }
  return undefined;
}

/** What a store or a tool answers, as long as the call may last. */
function bounded<T>(call: Call, { environment }: Plan, work: MaybePromise<T>): MaybePromise<T> {
  return isPromiseLike(work) ? withinDeadline(call, environment.clock, work) : work;
}

function toAnswer(call: Call, plan: Plan, record: IdempotencyRecord): Outcome {
  const { clock } = plan.environment;
  if (record.state === "stored") {
    const stored = fromOutcomeText(record.outcome, call, clock);
    call.replayOf = stored.meta.replayOf;
    return stored;
  }
  const message =
    "The call that had this idempotency key first was lost; whether its effect happened is not known. Check before calling again under another key.";
  return toFailure(call, clock, "OUTCOME_UNKNOWN", message, { effect: "unknown" });
}

/** Whether the record of an effect nobody knows of may have become another one. What stays is listed. */
async function recover(call: Call, plan: Plan, key: string, record: IdempotencyRecord): Promise<boolean> {
  const { environment } = plan;
  const outcome = toUnknown(call, plan, record);
  const isFree = record.state === "abandoned" && mayRepeat(plan, outcome);
  if (!isFree && !(await list(call, plan, key, outcome))) return true;
  try {
    const report = await bounded(call, plan, askStatus(environment, outcome));
    if (report.effect === "unknown") {
      // Whoever was faster has changed the record as well.
      if (isFree) await bounded(call, plan, environment.idempotency.release(key, record.owner));
      return isFree;
    }
    if (isFree && !(await list(call, plan, key, outcome))) return true;
    await bounded(call, plan, resolveOutcome(environment, outcome, report, "status"));
    return true;
  } catch (error) {
    // There is no time left to ask, and that it is not known is an answer too.
    if (error === INTERRUPTED && !isFree) return false;
    throw error;
  }
}

/** Whether a call whose owner is gone may be made again, because that has no second effect: of neither version. */
function mayRepeat({ environment, version }: Plan, outcome: UnknownOutcome): boolean {
  const lost = findTool(environment, outcome);
  return lost !== null && isRepeatable(lost.version, true) && isRepeatable(version, true);
}

/** Lists the outcome, unless it is listed. False when it has become known meanwhile. */
async function list(call: Call, { environment }: Plan, key: string, outcome: UnknownOutcome): Promise<boolean> {
  const { clock, idempotency, outcomes, report } = environment;
  let store: "idempotency" | "outcomes" = "outcomes";
  const add = async (): Promise<boolean> => {
    if ((await outcomes.get(outcome.id)) !== null) return true;
    await outcomes.add(outcome);
    // Whoever resolved it between the reading and the listing has not seen this line.
    store = "idempotency";
    const record = await idempotency.read(key);
    if (record?.owner === outcome.id && !isKnown(record)) {
      report({ kind: "outcome.unknown", ...outcome });
      return true;
    }
    store = "outcomes";
    await outcomes.remove(outcome.id);
    return false;
  };
  try {
    return await withinTime(clock, AFTER_CALL_MS, "listing what is not known", add());
  } catch (error) {
    // The caller is told the truth all the same; whoever comes with this key next lists it.
    report({ kind: "store.failed", callId: call.id, store, error });
    return true;
  }
}

function toUnknown({ request }: Call, { environment, version }: Plan, record: IdempotencyRecord): UnknownOutcome {
  return {
    id: record.owner,
    tenant: request.principal?.tenant ?? "",
    principal: request.principal?.id ?? "",
    tool: version.name,
    version: record.version,
    code: "OUTCOME_UNKNOWN",
    at: environment.clock.now(),
    idempotencyKey: request.idempotencyKey,
  };
}

/** Undefined when the record may have changed. */
async function waitForChange(call: Call, plan: Plan, key: string): Promise<Outcome | undefined> {
  const { idempotency, clock, keyWaiters, waiting } = plan.environment;
  const who = `${call.request.principal?.tenant}\0${call.request.principal?.id}`;
  const others = keyWaiters.get(who) ?? 0;
  // They have paid for nothing yet and hold no slot: without a bound, one caller could hold as many as it likes.
  if (others >= MAX_WAITERS) return toInFlight(call, plan);
  let wake = (): void => {};
  const changed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const leave = idempotency.watch(key, wake);
  keyWaiters.set(who, others + 1);
  try {
    // It may have changed between the reading and the watching.
    const record = await bounded(call, plan, idempotency.read(key));
    if (record?.state !== "running") return undefined;
    waiting.add(call.scope);
    await withinDeadline(call, clock, changed);
    return undefined;
  } catch (error) {
    if (error !== INTERRUPTED) throw error;
    return call.timedOut ? toInFlight(call, plan) : toInterruption(call, clock);
  } finally {
    leave();
    waiting.delete(call.scope);
    const left = (keyWaiters.get(who) ?? 1) - 1;
    if (left === 0) keyWaiters.delete(who);
    else keyWaiters.set(who, left);
  }
}

function toInFlight(call: Call, plan: Plan): Outcome {
  const message = "A call with this idempotency key is still running; the same call may be made again for its outcome.";
  return toFailure(call, plan.environment.clock, "IDEMPOTENCY_IN_FLIGHT", message);
}

function toConflict(call: Call, plan: Plan): Outcome {
  const message = `The idempotency key was used for other arguments of ${plan.version.name}; use a new key for a new call.`;
  return toFailure(call, plan.environment.clock, "IDEMPOTENCY_CONFLICT", message);
}
