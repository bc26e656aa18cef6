// Usage: everybody reads their own; who looks after a tenant reads that of the tenant.
import { z } from "zod";
import { HIDDEN, isOwnTenant, toDefined } from "../act.ts";
import { route, type RestRoute } from "../parts.ts";
import { epochMs, ok, principalId, tenantId, toolName } from "../schemas.ts";

const PERIOD = z.strictObject({
  from: epochMs.optional(),
  until: epochMs.optional(),
  grain: z.enum(["minute", "hour"]).optional().describe("Minutes are kept for 24 hours, hours for 90 days."),
  by: z.enum(["tool", "version", "principal", "tenant", "time"]).optional(),
  tool: toolName.optional(),
});
const ROWS = z.looseObject({ usage: z.array(ok) });

const ownUsage = route({
  id: "getOwnUsage",
  method: "GET",
  path: "/v1/usage",
  access: "caller",
  tag: "usage",
  summary: "What the caller has called.",
  query: PERIOD,
  answer: ROWS,
  async handle({ caller, query }, { registry }) {
    if (caller === null) return { refusal: HIDDEN };
    const { tenant, id: principal } = caller.principal;
    return { body: { usage: await registry.usageHistory({ ...toDefined(query), tenant, principal }) } };
  },
});

const tenantUsage = route({
  id: "getTenantUsage",
  method: "GET",
  path: "/v1/tenants/{tenant}/usage",
  access: "admin",
  tag: "usage",
  summary: "What the principals of a tenant have called.",
  params: z.strictObject({ tenant: tenantId }),
  query: PERIOD.extend({ principal: principalId.optional() }),
  answer: ROWS,
  async handle({ caller, params, query }, { registry }) {
    if (!isOwnTenant(caller, params.tenant)) return { refusal: HIDDEN };
    return { body: { usage: await registry.usageHistory({ ...toDefined(query), tenant: params.tenant }) } };
  },
});

const allUsage = route({
  id: "getAllUsage",
  method: "GET",
  path: "/v1/usage/all",
  access: "operator",
  tag: "usage",
  summary: "What was called, by everybody.",
  query: PERIOD,
  answer: ROWS,
  handle: async ({ query }, { registry }) => ({ body: { usage: await registry.usageHistory(toDefined(query)) } }),
});

export const USAGE_ROUTES: readonly RestRoute[] = [ownUsage, tenantUsage, allUsage];
