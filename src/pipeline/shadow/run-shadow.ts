// Runs another version of a tool that reads, after the call was answered and with what the call was given, and tells the trail
// where its output differs. Never answered, kept or counted as a call; takes no quota, asks no hook, and what it calls is run in the
// same way. INVARIANT: "a shadow" in shadow.test.ts.
import type { Failure, Outcome } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { isPromiseLike } from "../../kernel/maybe-promise.ts";
import { createScope } from "../../kernel/scope.ts";
import { toEnded } from "../attempt.ts";
import { attachCancellation } from "../cancellation.ts";
import { beginCall, type Call, type Request } from "../call.ts";
import { toCallRecord } from "../call-record.ts";
import { INTERRUPTED, withinDeadline } from "../deadline.ts";
import type { Environment } from "../environment.ts";
import { toInterruption } from "../interruption.ts";
import { composeInvoke, runHandler } from "../layers/run-handler.ts";
import { toFailure, toSuccess } from "../outcomes.ts";
import { type Plan, toPlan } from "../plan.ts";
import { authorize } from "../stages/authorize.ts";
import { authorizeArguments } from "../stages/authorize-arguments.ts";
import { resolve } from "../stages/resolve.ts";
import { validate } from "../stages/validate.ts";
import type { Shadow } from "./choose-shadow.ts";
import { compareOutputs, toComparable } from "./compare-outputs.ts";

/** However long the tool itself may take. */
const MAX_MS = 30_000;

/** Begins the shadow of a call that has just got its answer, in a later turn: nobody waits for it. */
export function startShadow(call: Call, environment: Environment, own: Outcome): void {
  const { shadow, cached, degraded, replayOf, attempts } = call;
  const isToolsOwn = own.ok && attempts > 0 && cached === null && degraded === null && replayOf === null;
  if (shadow === null || !isToolsOwn) return;
  // Now, because from here on the output is the caller's.
  const expected = toComparable(own.output);
  if (expected === null) return;
  const { clock, report } = environment;
  const timer = clock.setTimer(0, () => {
    runShadow(call, shadow, environment, expected).catch((error: unknown) => {
      report({ kind: "registry.failed", callId: call.id, error });
    });
  });
  timer.unref?.();
}

async function runShadow(call: Call, shadow: Shadow, environment: Environment, expected: string): Promise<void> {
  const { principal } = call.request;
  const run = beginShadow(environment, { ...call.request, ...ALONE, received: shadow.received });
  const leave = environment.shadows.enter(run.scope);
  if (leave === null || principal === null) {
    leave?.();
    return;
  }
  const plan = toPlan(shadow.candidate, environment);
  run.plan = plan;
  run.deadlineAt = run.startedAt + Math.min(plan.timeoutMs, MAX_MS);
  try {
    const outcome = await walk(run, plan, principal);
    await tell(run, environment, { call, shadow, expected, outcome });
  } finally {
    run.settled = true;
    run.scope.cancel(toEnded());
    // A run that does not end when told to keeps its place: otherwise there would be more of them than there may be.
    if (run.running === null) leave();
    else run.running.then(leave, leave);
  }
}

const ALONE = {
  idempotencyKey: null,
  digest: null,
  dryRun: false,
  signal: null,
  timeoutMs: null,
  emit: null,
  parent: null,
} as const satisfies Partial<Request>;

function beginShadow(environment: Environment, request: Request): Call {
  const run = beginCall(environment.ids(), request, createScope(), environment.clock.monotonic());
  run.shadowing = true;
  return run;
}

/** A call that a shadow run makes: run like it. What writes is refused, because nobody asked for its effect. */
export async function executeShadowed(environment: Environment, request: Request): Promise<Outcome> {
  const run = beginShadow(environment, request);
  const detach = attachCancellation(run);
  try {
    const refused = resolve(run, environment);
    const { plan } = run;
    const { principal } = request;
    if (refused !== undefined) return refused;
    const { clock } = environment;
    if (plan === null || principal === null) return toFailure(run, clock, "INTERNAL", "The shadow run failed.");
    if (!plan.writes) return await walk(run, plan, principal);
    const decision = plan.access.decide(principal);
    if (!decision.visible) return await walk(run, plan, principal);
    return toFailure(
      run,
      clock,
      "FORBIDDEN",
      "This call is made by a run whose answer nobody gets; it must not write.",
    );
  } finally {
    run.settled = true;
    run.scope.cancel(toEnded());
    detach?.();
  }
}

/** What is left of the life of a call when it has no effect and no answer. Never rejects. */
async function walk(run: Call, plan: Plan, principal: Principal): Promise<Outcome> {
  const { environment } = plan;
  const { clock } = environment;
  try {
    let step: Outcome | undefined = authorize(run, plan, principal);
    if (step !== undefined) return step;
    const read = validate(run, plan);
    step = isPromiseLike(read) ? await withinDeadline(run, clock, read) : read;
    step ??= authorizeArguments(run, plan, principal);
    if (step !== undefined) return step;
    const ended: Failure | undefined = await runHandler(run, toBarePlan(plan));
    return ended ?? toSuccess(run, clock, run.output);
  } catch (error) {
    if (error === INTERRUPTED) return toInterruption(run, clock);
    environment.report({ kind: "registry.failed", callId: run.id, error });
    return toFailure(run, clock, "INTERNAL", "The shadow run failed.");
  }
}

const barePlans = new WeakMap<Plan, Plan>();

/** The plan without the users' hooks, which may act on what they see. */
function toBarePlan(plan: Plan): Plan {
  let bare = barePlans.get(plan);
  if (bare === undefined) {
    bare = { ...plan, invoke: composeInvoke(null) };
    barePlans.set(plan, bare);
  }
  return bare;
}

interface Ran {
  readonly call: Call;
  readonly shadow: Shadow;
  readonly expected: string;
  readonly outcome: Outcome;
}

async function tell(run: Call, environment: Environment, ran: Ran): Promise<void> {
  const { call, outcome } = ran;
  const { plan } = run;
  // Cancelled with the registry: nothing was compared.
  if (plan === null || (!outcome.ok && outcome.error.code === "CANCELLED")) return;
  const details = toDetails(ran);
  const marks = details.differs ? SHADOWED_DIFFERENTLY : SHADOWED;
  for (const [mark, times] of marks) plan.meter.add(mark, times);
  const { name: tool, version } = plan.version;
  environment.usage?.mark({ tool, version, principal: run.request.principal, marks });
  try {
    const record = { ...toCallRecord(run, outcome), parentCallId: call.id, arguments: undefined, details };
    await environment.audit?.recordShadow(record);
  } catch (error) {
    environment.report({ kind: "audit.failed", callId: run.id, error });
  }
}

function toDetails({ shadow, expected, outcome }: Ran): JsonObject & { readonly differs: boolean } {
  const { of } = shadow;
  if (!outcome.ok) return { of, differs: true, code: outcome.error.code };
  const comparable = toComparable(outcome.output);
  // What is no JSON is another output than what is.
  if (comparable === null) return { of, differs: true, paths: [""] };
  const { paths, more } = compareOutputs(expected, comparable);
  if (paths.length === 0) return { of, differs: false };
  return { of, differs: true, paths, ...(more && { more }) };
}

const SHADOWED = [["shadowed", 1]] as const;
const SHADOWED_DIFFERENTLY = [
  ["shadowed", 1],
  ["shadowDiffers", 1],
] as const;
