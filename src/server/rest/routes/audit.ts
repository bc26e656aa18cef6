// The audit trail, for those who look after a tenant, or after all.
import { z } from "zod";
import type { ChainRecord } from "../../../ports/audit-reader.ts";
import { toRefusal } from "../../http/index.ts";
import { HIDDEN, toDefined } from "../act.ts";
import { route, type RestRoute } from "../parts.ts";
import { epochMs, limitOf, listOf, ok, tenantId } from "../schemas.ts";

const TEXT = z.string().min(1).max(256).optional();

function toRow({ writer, seq, at, kind, bodyText, prev, hash }: ChainRecord): object {
  return { writer, seq, at, kind, event: JSON.parse(bodyText) as unknown, prev, hash };
}

/**
 * What who looks after a tenant is shown. The trail is the operator's: it says what a call was resolved to, also where the caller was told
 * that there is no such tool. The hash would tell it to who guesses.
 */
function toTenantRow({ writer, seq, at, kind, bodyText }: ChainRecord): object {
  const event = JSON.parse(bodyText) as Readonly<Record<string, unknown>>;
  const isHidden = event["code"] === "UNKNOWN_TOOL";
  return { writer, seq, at, kind, event: isHidden ? { ...event, version: null, digest: null } : event };
}

const searchAudit = route({
  id: "searchAudit",
  method: "GET",
  path: "/v1/audit",
  access: "admin",
  tag: "audit",
  summary: "Records of calls and acts, newest first; those of the caller's tenant, of any for an operator.",
  query: z.strictObject({
    from: epochMs.optional(),
    until: epochMs.optional(),
    tenant: tenantId.optional(),
    principal: TEXT,
    tool: TEXT,
    kind: TEXT,
    code: TEXT,
    callId: TEXT,
    order: z.enum(["newest", "oldest"]).default("newest"),
    after: z.string().max(400).optional().describe("What the answer before gave as `next`."),
    limit: limitOf(500, 100),
  }),
  answer: listOf("records", ok),
  errors: ["STORE_FAILED", "NOT_FOUND"],
  async handle({ caller, query }, { audit }) {
    if (caller === null) return { refusal: HIDDEN };
    if (audit === null)
      return { refusal: toRefusal("NOT_FOUND", "No trail is kept that could be read: the server has no state.") };
    const { order, after, limit, ...given } = query;
    if (!caller.isOperator && given.tenant !== undefined && given.tenant !== caller.principal.tenant)
      return { body: { records: [], next: null } };
    const filter = toDefined({ ...given, ...(!caller.isOperator && { tenant: caller.principal.tenant }) });
    const page = await audit.search(filter, order, after ?? null, limit);
    return { body: { records: page.records.map(caller.isOperator ? toRow : toTenantRow), next: page.cursor } };
  },
});

export const AUDIT_ROUTES: readonly RestRoute[] = [searchAudit];
