// Keeps the answers of a tool that reads: fresh ones are given as they are, a stale one while a new one is fetched or when
// that fails, and calls that want the same answer at the same time share one run of the handler.
// INVARIANT: an answer is given only under the key it was kept under, and a stand-in's answer is never kept.
import type { ContentPart } from "../../call/content.ts";
import type { Degradation, Failure } from "../../call/outcome.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { isObject } from "../../kernel/json.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { createScope } from "../../kernel/scope.ts";
import type { CachedValue } from "../../ports/cache-store.ts";
import type { CachePolicy, Complete } from "../../tool/resilience.ts";
import { beginAttempt, createPart, toBound } from "../attempt.ts";
import { beginCall, type Call, hasAncestor } from "../call.ts";
import { toCacheKey } from "../cache-key.ts";
import { INTERRUPTED, withinDeadline } from "../deadline.ts";
import { toFailureKind } from "../failure-kinds.ts";
import { toInterruption } from "../interruption.ts";
import { toSuccess } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import { settle } from "../stages/settle.ts";
import { failWith } from "./fail-with.ts";
import type { Layer, Run } from "./layer.ts";

// How long a cache may take that does not answer at once: so much, and no more than this part of the call's time.
const LOOK_MS = 1_000;
const LOOK_SHARE = 4;

/** A run of the handler that others wait for. */
export interface Flight {
  readonly leader: string;
  readonly landed: Promise<Landing>;
}

/** What a flight came to: an answer, a failure that is the tool's own, or nothing that concerns the others. */
type Landing =
  | { readonly value: string; readonly degraded: Degradation | null }
  | { readonly failure: Failure }
  /** What stood in for the tool answered the leader alone: the scope of the cache speaks of the tool's own answers. */
  | "ask for yourself"
  | null;

interface Kept {
  readonly output: unknown;
  readonly content: ContentPart[] | null;
}

/** The layer of a cache policy; `flights` are those of the tool version. */
export function createCacheLayer(policy: Complete<CachePolicy>, flights: Map<string, Flight>): Layer {
  const staleMs = Math.max(policy.staleWhileRevalidateMs, policy.staleIfErrorMs);
  return (next) => {
    const lead = createLead(next, flights, policy.ttlMs + staleMs, policy.scope === "principal");

    const fetch = async (
      call: Call,
      plan: Plan,
      key: string,
      old: CachedValue | null,
    ): Promise<Failure | undefined> => {
      const flight = flights.get(key);
      // One that waits for the call that waits for it would wait until the deadline.
      const alone = flight !== undefined && hasAncestor(call, ({ id }) => id === flight.leader);
      const failure = await (alone ? next(call, plan) : join(call, plan, key, flights, { lead, next }));
      if (failure === undefined || old === null || old.ageMs > policy.ttlMs + policy.staleIfErrorMs) return failure;
      // Nor after a partial was delivered: the caller has begun to read another answer.
      if (!toFailureKind(failure.error).replaceable || call.delivered) return failure;
      if (!giveKept(call, old.value, "stale")) return failure;
      call.degraded = { by: "stale", code: failure.error.code, sources: [] };
      return undefined;
    };

    const decide = (
      call: Call,
      plan: Plan,
      key: string,
      found: CachedValue | null,
    ): MaybePromise<Failure | undefined> => {
      if (found === null) return fetch(call, plan, key, null);
      if (found.ageMs > policy.ttlMs + policy.staleWhileRevalidateMs) return fetch(call, plan, key, found);
      const isFresh = found.ageMs <= policy.ttlMs;
      if (!giveKept(call, found.value, isFresh ? "fresh" : "stale")) return fetch(call, plan, key, null);
      if (!isFresh && !flights.has(key)) refresh(call, plan, key, lead);
      return undefined;
    };

    return (call, plan) => {
      const { input, request } = call;
      const { principal, received } = request;
      const key = principal === null ? null : toCacheKey(plan.version, policy.scope, principal, { received, input });
      if (key === null) return next(call, plan);
      const found = look(call, plan, key);
      return isPromiseLike(found)
        ? found.then((value) => decide(call, plan, key, value))
        : decide(call, plan, key, found);
    };
  };
}

/** A cache that fails, or takes long, is one that has nothing. */
function look(call: Call, plan: Plan, key: string): MaybePromise<CachedValue | null> {
  const { cache, clock } = plan.environment;
  let found: MaybePromise<CachedValue | null>;
  try {
    found = cache.get(key);
  } catch (error) {
    return toNothing(call, plan, error);
  }
  if (!isPromiseLike(found)) return found;
  const bound = toBound(call);
  const now = clock.monotonic();
  const { scope, detach } = createPart(bound);
  const deadlineAt = now + Math.min(LOOK_MS, (bound.deadlineAt - now) / LOOK_SHARE);
  return withinDeadline({ scope, deadlineAt, timedOut: false }, clock, found)
    .catch((error: unknown) => (call.scope.cancelled ? null : toNothing(call, plan, error)))
    .finally(detach);
}

function toNothing(call: Call, { environment }: Plan, caught: unknown): null {
  const error = caught === INTERRUPTED ? new Error("the cache took too long to answer") : caught;
  environment.report({ kind: "store.failed", callId: call.id, store: "cache", error });
  return null;
}

type Lead = (call: Call, plan: Plan, key: string) => Promise<Failure | undefined>;

/** Runs the handler for everybody who wants this answer. */
function createLead(next: Run, flights: Map<string, Flight>, keepMs: number, sharesStandIns: boolean): Lead {
  return async (call, plan, key) => {
    let land: (landing: Landing) => void = () => {};
    flights.set(key, { leader: call.id, landed: new Promise((resolve) => (land = resolve)) });
    let landing: Landing = null;
    try {
      const failure = await next(call, plan);
      if (failure !== undefined) {
        if (isShared(call, plan, failure)) landing = { failure };
      } else {
        const value = toKeptText(call);
        if (value !== null && call.degraded === null) keep(call, plan, key, value, keepMs);
        const isShareable = call.degraded === null || sharesStandIns;
        if (!isShareable) landing = "ask for yourself";
        else if (value !== null && !isHurried(call, plan, call.degraded?.code))
          landing = { value, degraded: call.degraded };
      }
      return failure;
    } finally {
      flights.delete(key);
      land(landing);
    }
  };
}

function keep(call: Call, plan: Plan, key: string, value: string, keepMs: number): void {
  const fail = (error: unknown): void => {
    toNothing(call, plan, error);
  };
  try {
    const set = plan.environment.cache.set(key, value, keepMs);
    // Nobody waits for a cache to be written.
    if (isPromiseLike(set)) set.then(undefined, fail);
  } catch (error) {
    fail(error);
  }
}

/** Whether a failure is the tool's, and not that of the caller who led: one who left early, or had little time. */
function isShared(call: Call, plan: Plan, { error }: Failure): boolean {
  return toFailureKind(error).verdict !== "none" && !call.scope.cancelled && !isHurried(call, plan, error.code);
}

/** Whether the call ran out of a time that was shorter than the tool's own: others may have more. */
function isHurried(call: Call, { timeoutMs }: Plan, code: ErrorCode | undefined): boolean {
  return code === "TIMEOUT" && call.deadlineAt < call.startedAt + timeoutMs;
}

/** What is kept of an answer; null when JSON cannot hold what was attached to it. */
function toKeptText({ output, content }: Call): string | null {
  try {
    return JSON.stringify({ output, content } satisfies Kept);
  } catch {
    return null;
  }
}

/** Waits for the flight under way, or leads one. */
async function join(
  call: Call,
  plan: Plan,
  key: string,
  flights: Map<string, Flight>,
  { lead, next }: { readonly lead: Lead; readonly next: Run },
): Promise<Failure | undefined> {
  const { clock } = plan.environment;
  for (;;) {
    const flight = flights.get(key);
    if (flight === undefined) return lead(call, plan, key);
    let landing: Landing;
    try {
      landing = await withinDeadline(toBound(call), clock, flight.landed);
    } catch (error) {
      if (error !== INTERRUPTED) throw error;
      return toInterruption(call, clock);
    }
    if (landing === null) continue;
    if (landing === "ask for yourself") return next(call, plan);
    if ("value" in landing) {
      giveKept(call, landing.value, "fresh");
      call.degraded = landing.degraded;
      return undefined;
    }
    return failWith(call, clock, landing.failure.error);
  }
}

/** A copy for every caller: what one does with its answer no other one sees. False when `value` is no answer of ours. */
function giveKept(call: Call, value: string, cached: "fresh" | "stale"): boolean {
  let kept: unknown;
  try {
    kept = JSON.parse(value);
  } catch {
    return false;
  }
  if (!isObject(kept)) return false;
  const { output, content } = kept as Partial<Kept>;
  call.output = output;
  call.content = content ?? null;
  call.cached = cached;
  return true;
}

/**
 * Fetches a new answer behind the back of a call that got the old one, with a call of its own that nobody can cancel:
 * metered and audited as one, made by the other, which has paid for it and keeps its slots until it has ended.
 */
function refresh(call: Call, plan: Plan, key: string, lead: Lead): void {
  const { environment } = plan;
  const { clock } = environment;
  const now = clock.monotonic();
  const parent = beginAttempt(call, call, null, now);
  const request = { ...call.request, signal: null, timeoutMs: null, emit: null, idempotencyKey: null, parent };
  const background = beginCall(environment.ids(), request, createScope(), now);
  background.plan = plan;
  background.revealed = true;
  background.deadlineAt = now + plan.timeoutMs;
  background.input = call.input;
  environment.running++;
  const work = lead(background, plan, key)
    .then((failure) => settle(background, environment, failure ?? toSuccess(background, clock, background.output)))
    .finally(() => {
      if (--environment.running === 0) environment.onIdle?.();
    });
  call.running = work.then(
    // When its handler ends matters for the slots, how it ends to nobody: a rejection that no one hears ends the process.
    () => background.running?.then(undefined, () => {}),
    (error: unknown) => {
      environment.report({ kind: "registry.failed", callId: background.id, error });
    },
  );
}
