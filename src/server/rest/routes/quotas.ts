// Quotas: everybody reads their own; who looks after a tenant reads and changes those of its principals.
import { z } from "zod";
import type { QuotaState, Registry } from "../../../index.ts";
import { HIDDEN, isOwnTenant, toOrigin } from "../act.ts";
import { route, type RestRoute } from "../parts.ts";
import { actQuery, ok, principalId, tenantId, toolRef } from "../schemas.ts";

const QUOTAS = z.looseObject({
  quotas: z.array(
    z.looseObject({
      limit: z.string(),
      remaining: z.number(),
      capacity: z.number(),
      windowMs: z.number(),
      resetsAt: z.number(),
    }),
  ),
});
const OWNER = z.strictObject({ tenant: tenantId, id: principalId });
const LIMIT = OWNER.extend({ limit: z.string().min(1).max(300) });

async function toReply(
  registry: Registry<never>,
  principal: { readonly id: string; readonly tenant?: string },
  tool: string | undefined,
): Promise<{ readonly body: { readonly quotas: readonly QuotaState[] } }> {
  return { body: { quotas: await registry.quotas.remaining(principal, tool) } };
}

const ownQuotas = route({
  id: "getOwnQuotas",
  method: "GET",
  path: "/v1/quotas",
  access: "caller",
  tag: "quotas",
  summary: "What is left of the caller's quotas; with `tool`, also of those of the tool.",
  query: z.strictObject({ tool: toolRef.optional() }),
  answer: QUOTAS,
  errors: ["NOT_PUBLISHED"],
  async handle({ caller, query }, { registry }) {
    if (caller === null) return { refusal: HIDDEN };
    // A tool that is not the caller's to see has no quotas for it.
    const { principal } = caller;
    const seen = query.tool !== undefined && registry.has(query.tool, { principal }) ? query.tool : undefined;
    return toReply(registry, principal, seen);
  },
});

const readQuotas = route({
  id: "getQuotas",
  method: "GET",
  path: "/v1/principals/{tenant}/{id}/quotas",
  access: "admin",
  tag: "quotas",
  summary: "What is left of a principal's quotas.",
  params: OWNER,
  query: z.strictObject({ tool: toolRef.optional() }),
  answer: QUOTAS,
  errors: ["NOT_PUBLISHED"],
  async handle({ caller, params, query }, { registry }) {
    if (!isOwnTenant(caller, params.tenant)) return { refusal: HIDDEN };
    return toReply(registry, params, query.tool);
  },
});

const resetQuotas = route({
  id: "resetQuotas",
  method: "POST",
  path: "/v1/principals/{tenant}/{id}/quotas/reset",
  access: "admin",
  tag: "quotas",
  summary: "Makes a principal's quotas whole.",
  params: OWNER,
  query: actQuery.extend({ tool: toolRef.optional() }),
  answer: QUOTAS,
  errors: ["NOT_PUBLISHED", "AUDIT_FAILED"],
  async handle(request, { registry }) {
    const { caller, params, query } = request;
    if (!isOwnTenant(caller, params.tenant)) return { refusal: HIDDEN };
    await registry.quotas.reset(params, query.tool, toOrigin(request));
    return toReply(registry, params, query.tool);
  },
});

const overrideQuota = route({
  id: "overrideQuota",
  method: "PUT",
  path: "/v1/principals/{tenant}/{id}/quotas/{limit}",
  access: "operator",
  tag: "quotas",
  summary: "Another measure of a limit for one principal.",
  params: LIMIT,
  query: actQuery,
  body: z.strictObject({
    capacity: z.number().positive(),
    windowMs: z.number().int().positive().optional(),
    burst: z.number().positive().optional(),
  }),
  answer: QUOTAS,
  errors: ["UNKNOWN_LIMIT", "STORE_FAILED", "AUDIT_FAILED"],
  async handle(request, { registry }) {
    const { params, body } = request;
    const { tenant, id, limit } = params;
    const { capacity, windowMs, burst } = body;
    const measure = { capacity, ...(windowMs !== undefined && { windowMs }), ...(burst !== undefined && { burst }) };
    await registry.quotas.override({ tenant, id }, limit, measure, toOrigin(request));
    return toReply(registry, { tenant, id }, undefined);
  },
});

const clearOverride = route({
  id: "clearOverride",
  method: "DELETE",
  path: "/v1/principals/{tenant}/{id}/quotas/{limit}",
  access: "operator",
  tag: "quotas",
  summary: "Takes another measure of a limit back.",
  params: LIMIT,
  query: actQuery,
  errors: ["UNKNOWN_LIMIT", "STORE_FAILED", "AUDIT_FAILED"],
  async handle(request, { registry }) {
    const { tenant, id, limit } = request.params;
    await registry.quotas.override({ tenant, id }, limit, null, toOrigin(request));
    return {};
  },
});

const listOverrides = route({
  id: "listOverrides",
  method: "GET",
  path: "/v1/overrides",
  access: "operator",
  tag: "quotas",
  summary: "Other measures of limits for single principals, oldest first.",
  answer: z.looseObject({ overrides: z.array(ok) }),
  handle: (_request, { registry }) => ({ body: { overrides: registry.quotas.overrides() } }),
});

export const QUOTA_ROUTES: readonly RestRoute[] = [
  ownQuotas,
  readQuotas,
  resetQuotas,
  overrideQuota,
  clearOverride,
  listOverrides,
];
