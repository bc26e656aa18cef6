// The last thing before the effect: the idempotency key is taken, so that of two calls with the same key one runs. A tool
// of which too many outcomes are not known writes nothing more until somebody has looked.
import type { Outcome } from "../../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { AuditTrail } from "../../audit/index.ts";
import type { ClaimAnswer, IdempotencyClaim } from "../../ports/idempotency-store.ts";
import type { OutcomeCount } from "../../ports/outcome-store.ts";
import type { Call } from "../call.ts";
import { toCallRecord } from "../call-record.ts";
import { INTERRUPTED, withinDeadline } from "../deadline.ts";
import { consult } from "../idempotency/consult.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import { withStore } from "./replay.ts";

/** Outcomes of a principal's calls of one tool that may wait to be resolved: nobody stops the calls of others. */
const MAX_UNKNOWN = 1_000;
/** Outcomes of all calls that may wait. */
const MAX_ALL = 100_000;
/** After its deadline a call is settled: whoever is not heard of for so long then is gone. */
const GRACE_MS = 60_000;

/**
 * Sets `call.claimed`. Refuses with OVERLOADED or IDEMPOTENCY_UNAVAILABLE; answers like `replay` when another call was
 * faster.
 */
export function claim(call: Call, plan: Plan): MaybePromise<Outcome | undefined> {
  const refused = plan.writes ? withStore(call, plan, "outcomes", () => checkUnknown(call, plan)) : undefined;
  if (isPromiseLike(refused)) return refused.then((outcome) => outcome ?? takeKey(call, plan));
  return refused ?? takeKey(call, plan);
}

function checkUnknown(call: Call, plan: Plan): MaybePromise<Outcome | undefined> {
  const { outcomes, clock } = plan.environment;
  const { tenant, id: principal } = call.request.principal ?? { tenant: "", id: "" };
  const { name } = plan.version;
  const refuse = ({ own, all }: OutcomeCount): Outcome | undefined => {
    if (own < MAX_UNKNOWN && all < MAX_ALL) return undefined;
    const message = `What became of ${own < MAX_UNKNOWN ? all : own} calls is not known; ${name} takes no more until they are resolved.`;
    return toFailure(call, clock, "OVERLOADED", message);
  };
  const listed = outcomes.count({ tenant, principal, tool: name });
  return isPromiseLike(listed) ? withinDeadline(call, clock, listed).then(refuse) : refuse(listed);
}

function takeKey(call: Call, plan: Plan): MaybePromise<Outcome | undefined> {
  const intend = plan.writes ? (plan.environment.audit?.intend ?? null) : null;
  if (intend !== null) return writeIntent(call, plan, intend);
  if (call.recordKey === null) return undefined;
  const { idempotency } = plan.environment;
  const ask: Ask = (claimed) => idempotency.claim(claimed as IdempotencyClaim);
  return withStore(call, plan, "idempotency", () => take(call, plan, ask));
}

/** What is to happen is durable before it happens, together with its key; when it cannot be, nothing happens. */
function writeIntent(
  call: Call,
  plan: Plan,
  intend: NonNullable<AuditTrail["intend"]>,
): MaybePromise<Outcome | undefined> {
  const { clock, report } = plan.environment;
  const ask: Ask = (claimed) => {
    call.intended = true;
    return intend(toCallRecord(call, null), claimed);
  };
  const refuse = (error: unknown): Outcome => {
    if (error === INTERRUPTED) throw error;
    // What the ledger has written down too late, it ends by itself: this call has nothing to give back.
    call.intended = false;
    call.claimed = false;
    report({ kind: "audit.failed", callId: call.id, error });
    return toFailure(call, clock, "AUDIT_UNAVAILABLE", "The call cannot be audited; nothing was done.");
  };
  try {
    const answer = take(call, plan, ask);
    return isPromiseLike(answer) ? answer.then((outcome) => outcome, refuse) : answer;
  } catch (error) {
    return refuse(error);
  }
}

/** Asks for the call's key, or, where it has none, for its intent alone. */
type Ask = (claim: IdempotencyClaim | null) => MaybePromise<ClaimAnswer>;

function take(call: Call, plan: Plan, ask: Ask): MaybePromise<Outcome | undefined> {
  const { recordKey: key } = call;
  // From here on the key may be ours, whatever the store says or does not say.
  call.claimed = key !== null;
  const answer = ask(toClaim(call, plan, key));
  if (!isPromiseLike(answer)) return decide(call, plan, ask, answer);
  if (key !== null) {
    answer.then(
      (given) => {
        if (given.ok) giveBackLate(call, plan, key);
      },
      () => {
        giveBackLate(call, plan, key);
      },
    );
  }
  return withinDeadline(call, plan.environment.clock, answer).then((given) => decide(call, plan, ask, given));
}

function toClaim(call: Call, plan: Plan, key: string | null): IdempotencyClaim | null {
  if (key === null) return null;
  return {
    key,
    owner: call.id,
    version: plan.version.version,
    argumentsDigest: call.argumentsDigest,
    leaseMs: Math.max(0, call.deadlineAt - plan.environment.clock.monotonic()) + GRACE_MS,
  };
}

/** A slow store may answer after the call was settled: nobody else would give this key back. */
function giveBackLate(call: Call, { environment: { idempotency, report } }: Plan, key: string): void {
  if (!call.settled) return;
  Promise.resolve()
    .then(() => idempotency.release(key, call.id))
    .then(undefined, (error: unknown) => {
      report({ kind: "store.failed", callId: call.id, store: "idempotency", error });
    });
}

function decide(call: Call, plan: Plan, ask: Ask, answer: ClaimAnswer): MaybePromise<Outcome | undefined> {
  if (answer.ok) return undefined;
  call.claimed = false;
  call.intended = false;
  if (answer.record === null) {
    // Endless: nothing goes by itself, and nobody knows when there is room.
    const retryAfterMs = Number.isFinite(answer.retryAfterMs) ? answer.retryAfterMs : null;
    const message = "No more idempotency keys can be kept now; nothing was done.";
    return toFailure(call, plan.environment.clock, "OVERLOADED", message, { retryAfterMs });
  }
  // Free again meanwhile: the next one to try may be this one.
  return consult(call, plan, call.recordKey ?? "", answer.record).then((outcome) => outcome ?? take(call, plan, ask));
}
