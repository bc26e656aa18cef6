// Answers in the tool's place when it gives no answer and nothing has happened: with a value, a function, or another tool.
// Never for a write whose effect is not known: "done, in another way" on top of "perhaps done" would be two effects. Nor
// after a partial was delivered: the caller has begun to read another answer.
import type { Failure, Outcome } from "../../call/outcome.ts";
import { type EffectState, ToolError } from "../../errors/tool-error.ts";
import type { FallbackReason } from "../../tool/resilience.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";
import type { Clock } from "../../kernel/clock.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { type Attempt, beginAttempt, createPart, endAttempt, toEnded } from "../attempt.ts";
import type { Call } from "../call.ts";
import { toChildRequest } from "../child-request.ts";
import { INTERRUPTED, withinDeadline, withinTime } from "../deadline.ts";
import { toFailureKind } from "../failure-kinds.ts";
import { createHandlerContext } from "../handler-context.ts";
import { toPassedKey } from "../idempotency/record.ts";
import { toLostAnswer } from "../interruption.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import { renewInput } from "../renew-input.ts";
import { check } from "../stages/check.ts";
import { refuseEntry } from "../stops.ts";
import { failWith } from "./fail-with.ts";
import type { Layer, Run } from "./layer.ts";

type Kind = "value" | "function" | "tool";
type Answer = (attempt: Attempt, plan: Plan, reason: FallbackReason) => MaybePromise<unknown>;

const LATE_CHECK_MS = 1_000;

/** Why a fallback gave nothing, and what is known of its effect; told to the operator. */
class FallbackRefused extends Error {
  readonly effect: EffectState;

  constructor(message: string, effect: EffectState) {
    super(message);
    this.effect = effect;
  }
}

/** The layer of `plan.version.fallback`, which has to be there. */
export function createFallbackLayer({ version, tool }: Pick<Plan, "version" | "tool">): Layer {
  const { fallback } = version;
  const run = tool.definition.fallback?.run as
    | ((input: unknown, context: unknown, reason: FallbackReason) => MaybePromise<unknown>)
    | undefined;
  switch (fallback?.kind) {
    case "function":
      return toLayer("function", fallback.reserveMs, (attempt, { environment }, reason) =>
        run?.(attempt.call.input, createHandlerContext(attempt, environment), reason),
      );
    case "tool":
      return toLayer("tool", fallback.reserveMs, (attempt, plan) => callTool(attempt, plan, fallback.tool));
    case "value":
    case undefined: {
      const value = fallback?.value;
      return toLayer("value", 0, () => value);
    }
  }
}

function toLayer(kind: Kind, reserveMs: number, answer: Answer): Layer {
  return (next: Run) => (call, plan) => {
    const detach = reserveMs === 0 ? null : keepBack(call, plan, reserveMs);
    const settle = (failure: Failure | undefined): MaybePromise<Failure | undefined> => {
      detach?.();
      // From here on the whole call is the bound again.
      call.primary = null;
      if (failure === undefined || failure.error.effect !== "none" || call.delivered) return failure;
      if (call.scope.cancelled && reserveMs > 0) return failure;
      // Code that stands in for what is stopped meanwhile.
      if (kind === "function" && refuseEntry(call, plan.environment) !== undefined) return failure;
      return toFailureKind(failure.error).replaceable ? replace(call, plan, failure, kind, answer) : failure;
    };
    const first = next(call, plan);
    return isPromiseLike(first) ? first.then(settle) : settle(first);
  };
}

/** Attempts end before the call does, so that there is time to answer in their place. */
function keepBack(call: Call, { environment: { clock } }: Plan, reserveMs: number): () => void {
  const leftMs = call.deadlineAt - clock.monotonic();
  const { scope, detach } = createPart(call);
  call.primary = { scope, deadlineAt: call.deadlineAt - Math.min(reserveMs, leftMs / 2), timedOut: false };
  return () => {
    detach();
    // What a hook did not wait for is told that nobody else does.
    if (call.running !== null) scope.cancel(toEnded());
  };
}

async function replace(
  call: Call,
  plan: Plan,
  failure: Failure,
  kind: Kind,
  answer: Answer,
): Promise<Failure | undefined> {
  const { clock, report } = plan.environment;
  const { code, message } = failure.error;
  const attempt: Attempt = { ...beginAttempt(call, call, null, clock.monotonic()), number: 0 };
  call.content = null;
  // What stands in for a write writes too: from here on its effect is the call's.
  const mayWrite = plan.writes && kind !== "value";
  if (mayWrite) call.standIn = "unknown";
  try {
    const renewing = kind === "function" ? renewInput(call, plan) : undefined;
    if (renewing !== undefined) await renewing;
    const output = await untilEnd(attempt, clock, answer(attempt, plan, { code, message }));
    if (call.standIn === "unknown") call.standIn = "applied";
    const refused = await untilEnd(attempt, clock, check(call, plan, output));
    if (refused !== undefined)
      throw new FallbackRefused("its output does not fit the tool's output schema", call.standIn);
    call.degraded = { by: kind, code, sources: call.sources };
    return undefined;
  } catch (caught) {
    const error =
      caught === INTERRUPTED ? new FallbackRefused("it gave no answer before the call ended", call.standIn) : caught;
    if (mayWrite) call.standIn = toEffect(error, call.standIn);
    report({ kind: "fallback.failed", callId: call.id, tool: plan.version.name, version: plan.version.version, error });
    return toFailureOf(call, clock, failure);
  } finally {
    endAttempt(attempt);
  }
}

/** What an exception says of the effect of what stood in. */
function toEffect(error: unknown, known: EffectState): EffectState {
  if (error instanceof FallbackRefused) return error.effect;
  return (error instanceof ToolError ? error.effect : null) ?? known;
}

/**
 * The reason the caller is told is the first one: what stands in failing too does not change why it had to. Unless it may
 * have had an effect, which is what matters then.
 */
function toFailureOf(call: Call, clock: Clock, failure: Failure): Failure {
  const what = "What stands in for the tool failed as well";
  if (call.standIn === "none") return failWith(call, clock, failure.error);
  if (call.standIn === "unknown") return toLostAnswer(call, clock, "TOOL_FAILED", what, true);
  return toFailure(call, clock, "OUTPUT_LOST", `${what}, after its effect had happened.`, { effect: "applied" });
}

/** What `work` gives, as long as the call may last. Work that takes longer holds the call's slots until it has ended. */
async function untilEnd<T>(attempt: Attempt, clock: Clock, work: MaybePromise<T>): Promise<T> {
  if (!isPromiseLike(work)) return work;
  const { call } = attempt;
  const pending = Promise.resolve(work);
  attempt.running = pending;
  let interrupted = false;
  try {
    // A value stands in at the deadline itself; what a schema of the author's checks in it has its own little time.
    return await (call.scope.cancelled
      ? withinTime(clock, LATE_CHECK_MS, "the check of the fallback's value", pending)
      : withinDeadline(call, clock, pending));
  } catch (error) {
    interrupted = error === INTERRUPTED;
    throw error;
  } finally {
    if (!interrupted) attempt.running = null;
  }
}

/** The answer of another tool: authorised, limited and metered as any call of the same principal. */
async function callTool(attempt: Attempt, { environment }: Plan, ref: string): Promise<unknown> {
  const { call } = attempt;
  const { request, recordKey } = call;
  const found = environment.catalogue.snapshot.lookup(ref);
  if (found.kind === "found" && standsInAbove(call, found.entry.tool))
    throw new FallbackRefused(`${ref} stands in for itself by way of other tools`, "none");
  // Its own key, so that a call with the caller's key that comes again finds what it has done.
  const key = recordKey === null ? null : `fallback:${toPassedKey(recordKey)}`;
  const outcome = await environment.execute(toChildRequest(attempt, ref, request.received, key));
  if (!outcome.ok) {
    const { code, message, effect } = outcome.error;
    throw new FallbackRefused(`${ref}: ${code}: ${message}`, effect);
  }
  const { digest, degraded } = outcome.meta;
  call.sources = [...(digest === null ? [] : [digest]), ...(degraded?.sources ?? [])];
  if (outcome.content.length > 0) call.content = [...outcome.content];
  if (call.standIn !== "none" && !isWriting(environment, outcome)) call.standIn = "none";
  return outcome.output;
}

/** Whether what answered writes. One that is gone meanwhile is taken to. */
function isWriting({ catalogue }: Plan["environment"], { meta }: Outcome): boolean {
  const versions = catalogue.snapshot.get(meta.tool)?.versions ?? [];
  const entry = versions.find(({ tool }) => tool.version.version === meta.version);
  return entry?.tool.version.effect !== "read";
}

/** Whether `tool` is one of those for which `call` stands in, or itself. */
function standsInAbove(call: Call, tool: PublishedTool): boolean {
  if (call.plan?.tool === tool) return true;
  for (let parent = call.request.parent; parent !== null && parent.number === 0; parent = parent.call.request.parent)
    if (parent.call.plan?.tool === tool) return true;
  return false;
}
