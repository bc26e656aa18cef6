// Calling a tool. The body is the arguments, exactly as the tool takes them: they reach its validator as the text that came, so that
// no number changes on the way (docs/decisions/0013-the-body-is-the-arguments.md).
import { z } from "zod";
import type { CallEvent, CallOptions, Outcome, Registry } from "../../../index.ts";
import {
  type Caller,
  type RouteReply,
  type ServerEvent,
  toCallRefusal,
  toRefusal,
  wantsEvents,
} from "../../http/index.ts";
import { HIDDEN } from "../act.ts";
import { toJsonBody } from "../json-body.ts";
import { toLifecycleHeaders } from "../lifecycle-headers.ts";
import { route, type RestParts, type RestRoute } from "../parts.ts";
import { toRateLimitHeaders } from "../rate-limit-headers.ts";
import { flag, toolRef } from "../schemas.ts";

const OUTCOME = z
  .looseObject({
    output: z.unknown().describe("What the tool gave; null for a dry run."),
    content: z.array(z.looseObject({ type: z.string() })).optional(),
    meta: z.looseObject({
      callId: z.string(),
      tool: z.string(),
      version: z.string().nullable(),
      durationMs: z.number(),
    }),
  })
  .meta({ id: "Outcome" });

const CALL_QUERY = z.strictObject({
  dryRun: flag.optional().describe("Goes through every check and touches nothing."),
  timeoutMs: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400_000)
    .optional()
    .describe("Shorter than the tool's own deadline, milliseconds."),
  digest: z.string().max(80).optional().describe("Refuses with CONTRACT_CHANGED unless the version has this digest."),
});

interface CallRequest {
  readonly caller: Caller;
  readonly query: z.output<typeof CALL_QUERY>;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

function toCallOptions({ caller, query, key, signal }: CallRequest): CallOptions {
  const { dryRun, timeoutMs, digest } = query;
  return {
    principal: caller.principal,
    signal,
    ...(key !== undefined && { idempotencyKey: key }),
    ...(dryRun !== undefined && { dryRun }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(digest !== undefined && { digest }),
  };
}

const callTool = route({
  id: "callTool",
  method: "POST",
  path: "/v1/tools/{ref}/calls",
  access: "caller",
  tag: "calls",
  summary:
    "Calls a tool. The body is its arguments. With `Accept: text/event-stream` its progress and partials come as events.",
  params: z.strictObject({ ref: toolRef }),
  query: CALL_QUERY,
  body: "raw",
  answer: OUTCOME,
  headers: {
    "Idempotency-Key":
      "Makes the call once: the same key and arguments get the outcome of the first call. 1 to 255 characters.",
  },
  errors: [
    ...([
      "INVALID_REF",
      "UNKNOWN_TOOL",
      "VERSION_NOT_FOUND",
      "VERSION_RETIRED",
      "CONTRACT_CHANGED",
      "INVALID_JSON",
    ] as const),
    ...([
      "INVALID_INPUT",
      "IDEMPOTENCY_CONFLICT",
      "IDEMPOTENCY_IN_FLIGHT",
      "IDEMPOTENCY_UNAVAILABLE",
      "OUTPUT_LOST",
    ] as const),
    ...([
      "QUOTA_EXCEEDED",
      "OVERLOADED",
      "STOPPED",
      "AUDIT_UNAVAILABLE",
      "BREAKER_OPEN",
      "TIMEOUT",
      "TOOL_ERROR",
      "TOOL_FAILED",
    ] as const),
    ...(["OUTCOME_UNKNOWN", "INVALID_OUTPUT", "APPROVAL_PENDING", "APPROVAL_DENIED", "CANCELLED"] as const),
  ],
  async handle(request, parts) {
    const { params, query, caller, headers, text = "" } = request;
    if (caller === null) return { refusal: HIDDEN };
    const key = headers["idempotency-key"];
    if (Array.isArray(key))
      return { refusal: toRefusal("INVALID_REQUEST", "Idempotency-Key: came twice, expected once") };
    const options = toCallOptions({ caller, query, key, signal: request.signal });
    const input = text === "" ? "{}" : text;
    if (wantsEvents(headers.accept)) return { events: toEvents(parts.registry.stream(params.ref, input, options)) };
    const outcome = await parts.registry.execute(params.ref, input, options);
    return toReply(parts, outcome, { caller, ref: params.ref });
  },
});

async function toReply(
  { registry, clock }: RestParts,
  outcome: Outcome,
  { caller, ref }: { readonly caller: Caller; readonly ref: string },
): Promise<RouteReply> {
  // The limits of a tool that the caller may not see would tell that it is there (S-15).
  const seen = outcome.ok || registry.has(ref, { principal: caller.principal }) ? ref : undefined;
  const limits = await toRateLimitHeaders(registry, caller.principal, seen, clock.now());
  if (!outcome.ok) {
    const refusal = toCallRefusal(outcome);
    return { refusal: { ...refusal, headers: { ...limits, ...refusal.headers } } };
  }
  return { text: toJsonBody(toBody(outcome)), headers: { ...limits, ...toEnd(registry, outcome) } };
}

/** Only a version that was answered by is told about, and only one whose outcome warns of its end. */
function toEnd(registry: Pick<Registry, "life" | "get">, { meta }: Outcome): Readonly<Record<string, string>> {
  if (!meta.warnings.some(({ code }) => code === "DEPRECATED")) return {};
  return toLifecycleHeaders(registry, registry.get(`${meta.tool}@${meta.version ?? ""}`));
}

function toBody({ output, content, meta }: Extract<Outcome, { ok: true }>): object {
  return { output: output ?? null, ...(content.length > 0 && { content }), meta };
}

async function* toEvents(events: AsyncIterable<CallEvent>): AsyncGenerator<ServerEvent, void, undefined> {
  for await (const event of events) {
    if (event.type !== "outcome") {
      const { type, ...data } = event;
      yield { event: type, data };
      continue;
    }
    const { outcome } = event;
    yield outcome.ok
      ? { event: "outcome", data: toBody(outcome) }
      : { event: "error", data: toCallRefusal(outcome).details };
  }
}

export const CALL_ROUTES: readonly RestRoute[] = [callTool];
