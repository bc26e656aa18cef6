// What a good programmer would write without Toolyard: everything the full registry does around the handler, for the
// same tool, in one function, with no layers and no options. It is the measure of what our own structure costs, so it
// must stay as fast as it can honestly be made, and must do all of the work.
import { metrics, SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";
import { randomBytes } from "node:crypto";
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { Principal } from "../src/index.ts";
import { PER_MS, refill, toBucket, toPrincipal, toTenant, type PrincipalState } from "./hand-buckets.ts";
import { redact } from "./hand-redaction.ts";
import { AMPLE, forecast, INPUT_SCHEMA, OUTPUT_SCHEMA, SPENT_LIMIT, TOOL_NAME, type Input } from "./workload.ts";

interface Rule {
  readonly deny: boolean;
  readonly roles: readonly string[] | null;
  readonly principals: readonly string[] | null;
  readonly tenants: readonly string[] | null;
  readonly scopes: readonly string[] | null;
}

interface HandTool {
  readonly name: string;
  readonly version: string;
  readonly rules: readonly Rule[];
  readonly scopes: readonly string[];
  readonly timeoutMs: number;
  readonly latency: RecordableHistogram;
  readonly counts: Map<string, number>;
  readonly spanName: string;
  readonly attributes: Attributes;
}

export interface HandOutcome {
  readonly ok: boolean;
  readonly output: unknown;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly retryAfterMs: number | null;
    readonly issues: unknown;
  } | null;
  readonly meta: {
    readonly callId: string;
    readonly tool: string;
    readonly version: string | null;
    readonly durationMs: number;
  };
}

interface AuditRecord {
  readonly type: string;
  readonly at: number;
  readonly tenant: string;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly ip: string | null;
  readonly callId: string;
  readonly tool: string;
  readonly version: string | null;
  readonly code: string | null;
  readonly durationMs: number;
  readonly arguments: unknown;
}

// Whoever inherits a role holds it: written out, as the rules of the full registry mean it.
const USERS = ["USER", "ADMIN"];
const rule = (deny: boolean, fields: Partial<Rule>): Rule => ({
  deny,
  roles: null,
  principals: null,
  tenants: null,
  scopes: null,
  ...fields,
});
const RULES: readonly Rule[] = [
  rule(true, { roles: ["suspended"] }),
  rule(true, { principals: ["mallory", "trudy"] }),
  rule(true, { tenants: ["frozen", "closed"] }),
  rule(false, { roles: ["analyst"] }),
  rule(false, { roles: ["support"] }),
  rule(false, { roles: ["auditor"] }),
  rule(false, { principals: ["alice", "bob", "carol"] }),
  rule(false, { principals: ["dave", "erin"] }),
  rule(false, { tenants: ["partner-a", "partner-b"] }),
  rule(false, { scopes: ["weather:admin"] }),
  rule(false, { tenants: ["partner-c"], roles: USERS }),
  rule(false, { tenants: ["acme"], roles: USERS }),
];

const TIMEOUT = new Error("timeout");
const MAX_RUNNING = 256;
const MAX_AUDIT = 10_000;

const tracer = trace.getTracer("hand");
const duration = metrics.getMeter("hand").createHistogram("call.duration", { unit: "s" });
const tools = new Map<string, HandTool>([
  [
    TOOL_NAME,
    {
      name: TOOL_NAME,
      version: "1.2.0",
      rules: RULES,
      scopes: ["weather:read"],
      timeoutMs: 30_000,
      latency: createHistogram({ lowest: 1, highest: 1e12, figures: 2 }),
      counts: new Map(),
      spanName: `execute_tool ${TOOL_NAME}`,
      attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": TOOL_NAME },
    },
  ],
]);
const audit: AuditRecord[] = [];
const idPrefix = `call_${randomBytes(9).toString("base64url")}_`;
let auditNext = 0;
let calls = 0;

/** What the handler gets: its signal is made when it is read. */
class HandContext {
  controller: AbortController | null = null;
  readonly principal: Principal;
  readonly callId: string;

  constructor(principal: Principal, callId: string) {
    this.principal = principal;
    this.callId = callId;
  }
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }
}

/** Calls the tool: authorises, validates, takes quotas, meters, audits. Never rejects. */
export async function handPipeline(principal: Principal, name: string, args: unknown): Promise<HandOutcome> {
  const startedAt = performance.now();
  const callId = idPrefix + (calls++).toString(36);
  let code: string | null = null;
  let message = "";
  let output: unknown = undefined;
  let issues: unknown = null;
  let retryAfterMs: number | null = null;
  let input: Input | undefined;
  let entered = false;
  let slot: PrincipalState | null = null;
  const tool = tools.get(name);
  const span = tracer.startSpan(tool === undefined ? "execute_tool" : tool.spanName);
  if (span.isRecording()) span.setAttributes({ ...tool?.attributes, "gen_ai.tool.call.id": callId });

  walk: {
    if (tool === undefined) {
      code = "UNKNOWN_TOOL";
      message = `There is no tool ${name}.`;
      break walk;
    }

    // Denies stand before allows, so the first rule that fits decides.
    let decision: Rule | null = null;
    for (const candidate of tool.rules) {
      if (candidate.tenants !== null && !candidate.tenants.includes(principal.tenant)) continue;
      if (candidate.principals !== null && !candidate.principals.includes(principal.id)) continue;
      if (candidate.roles !== null && !holdsAny(principal.roles, candidate.roles)) continue;
      if (candidate.scopes !== null && !holdsAll(principal.scopes, candidate.scopes)) continue;
      decision = candidate;
      break;
    }
    if (decision === null || decision.deny) {
      code = "UNKNOWN_TOOL";
      message = `There is no tool ${name}.`;
      break walk;
    }
    if (!holdsAll(principal.scopes, tool.scopes)) {
      code = "FORBIDDEN";
      message = "The principal lacks a scope.";
      break walk;
    }

    const parsed = INPUT_SCHEMA.safeParse(args);
    if (!parsed.success) {
      code = "INVALID_INPUT";
      message = "The arguments do not fit.";
      issues = parsed.error.issues;
      break walk;
    }
    input = parsed.data;

    // Three buckets, all or nothing; a fourth for principals that are metered apart.
    const tenant = toTenant(principal.tenant, startedAt);
    const state = toPrincipal(tenant, principal.id, startedAt);
    const perTool = toBucket(state, name, startedAt);
    refill(state.bucket, AMPLE.capacity, PER_MS, startedAt);
    refill(tenant.bucket, AMPLE.capacity, PER_MS, startedAt);
    refill(perTool, AMPLE.capacity, PER_MS, startedAt);
    const metered = principal.roles.includes("metered");
    if (metered) refill(state.spent, 1, 1 / SPENT_LIMIT.windowMs, startedAt);
    if (
      state.bucket.tokens < 1 ||
      tenant.bucket.tokens < 1 ||
      perTool.tokens < 1 ||
      (metered && state.spent.tokens < 1)
    ) {
      code = "QUOTA_EXCEEDED";
      message = "A quota is used up.";
      retryAfterMs = metered ? (1 - state.spent.tokens) * SPENT_LIMIT.windowMs : 1 / PER_MS;
      break walk;
    }
    state.bucket.tokens--;
    tenant.bucket.tokens--;
    perTool.tokens--;
    if (metered) state.spent.tokens--;

    if (state.running >= MAX_RUNNING) {
      code = "OVERLOADED";
      message = "Too many calls are running.";
      break walk;
    }
    state.running++;
    slot = state;

    entered = true;
    const context = new HandContext(principal, callId);
    const work = forecast(input);
    try {
      output = await new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(TIMEOUT);
          context.controller?.abort();
        }, tool.timeoutMs).unref();
        work.then(
          (value) => {
            clearTimeout(timer);
            resolve(value);
          },
          (error: unknown) => {
            clearTimeout(timer);
            reject(error);
          },
        );
      });
      const checked = OUTPUT_SCHEMA.safeParse(output);
      if (checked.success) {
        output = checked.data;
      } else {
        code = "INVALID_OUTPUT";
        message = "The output does not fit.";
        issues = checked.error.issues;
      }
    } catch (error) {
      code = error === TIMEOUT ? "TIMEOUT" : "TOOL_FAILED";
      message = error === TIMEOUT ? "The call took too long." : "The tool failed.";
    }
  }

  if (slot !== null) slot.running--;
  const durationMs = performance.now() - startedAt;
  if (tool !== undefined) {
    if (entered) tool.latency.record(Math.max(1, Math.round(durationMs * 1_000)));
    const counted = code ?? "ok";
    tool.counts.set(counted, (tool.counts.get(counted) ?? 0) + 1);
  }
  if (code !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.end();
  duration.record(durationMs / 1_000, tool?.attributes);
  const version = tool === undefined ? null : tool.version;
  audit[auditNext] = {
    type: code === null ? "call.succeeded" : entered ? "call.failed" : "call.refused",
    at: Date.now(),
    tenant: principal.tenant,
    principal: principal.id,
    roles: principal.roles,
    ip: principal.ip,
    callId,
    tool: name,
    version,
    code,
    durationMs,
    arguments: redact(input ?? args),
  };
  auditNext = (auditNext + 1) % MAX_AUDIT;
  const error = code === null ? null : { code, message, retryAfterMs, issues };
  return {
    ok: code === null,
    output: code === null ? output : undefined,
    error,
    meta: { callId, tool: name, version, durationMs },
  };
}

function holdsAny(held: readonly string[], wanted: readonly string[]): boolean {
  for (const one of held) for (const other of wanted) if (one === other) return true;
  return false;
}

function holdsAll(held: readonly string[], wanted: readonly string[]): boolean {
  for (const one of wanted) if (!held.includes(one)) return false;
  return true;
}

/** How many calls were audited, at most as many as are kept; for the check that the work is really done. */
export function countAudited(): number {
  return audit.length;
}
