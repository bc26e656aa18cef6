// What a refused caller reads. A model repairs its plan from these sentences; they name nobody but the caller.
import { formatDuration } from "../kernel/duration.ts";
import type { QuotaRequest } from "../ports/quota-store.ts";
import type { LimitScope } from "../tool/limit.ts";
import type { CompiledConcurrency, CompiledLimit } from "./compiled-limit.ts";
import type { KeyPattern } from "./quota-key.ts";

/** `Quota "hourly" is used up: 100 per 60min for this principal. Try again in 12s.` */
export function formatRefusal(
  limit: CompiledLimit,
  request: QuotaRequest,
  role: string | null,
  retryAfterMs: number,
): string {
  const { burst, cost } = request;
  const rule = formatRule(limit, request, role);
  if (Number.isFinite(retryAfterMs))
    return `Quota "${limit.name}" is used up: ${rule}. Try again in ${formatWait(retryAfterMs)}.`;
  return `Quota "${limit.name}" cannot cover this call: it costs ${cost}, and at most ${burst} fit at once (${rule}). Trying again does not help.`;
}

/** `Too many calls are running: at most 4 at once for this tool (limit "x"). Try again when one of them has ended.` */
export function formatSlotRefusal(limit: CompiledConcurrency, role: string | null): string {
  const rule = `at most ${limit.max} at once for ${formatHolder(limit, role)} (limit "${limit.name}")`;
  return `Too many calls are running: ${rule}. Try again when one of them has ended.`;
}

const HOLDERS: Readonly<Record<LimitScope, string>> = Object.freeze({
  principal: "this principal",
  role: "this role",
  tenant: "this tenant",
  tool: "this tool",
  ip: "this address",
});

interface Rule {
  readonly capacity: number;
  readonly windowMs: number;
  readonly text: string;
}

// A flood of refusals reads the same few words again and again. Not for roles: their names are anybody's.
const rules = new WeakMap<CompiledLimit, Rule>();

function formatRule(limit: CompiledLimit, { capacity, windowMs }: QuotaRequest, role: string | null): string {
  const known = role === null ? rules.get(limit) : undefined;
  // An override has other numbers than the limit it overrides.
  if (known !== undefined && known.capacity === capacity && known.windowMs === windowMs) return known.text;
  const text = `${capacity} per ${formatDuration(windowMs)} for ${formatHolder(limit, role)}`;
  if (role === null) rules.set(limit, { capacity, windowMs, text });
  return text;
}

function formatHolder({ tool, scopes }: KeyPattern, role: string | null): string {
  const parts = scopes.map((scope) => (scope === "role" && role !== null ? `role ${role}` : HOLDERS[scope]));
  if (tool !== "") parts.push(HOLDERS.tool);
  return parts.length === 0 ? HOLDERS.tenant : parts.join(" and ");
}

// Rounded up to what is shown: who comes back when told to must not come too early.
function formatWait(ms: number): string {
  const toMs = ms <= 1_000 ? 1 : ms <= 120_000 ? 1_000 : ms <= 7_200_000 ? 6_000 : 360_000;
  return formatDuration(Math.ceil(ms / toMs) * toMs);
}
