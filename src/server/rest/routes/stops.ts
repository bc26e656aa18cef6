// The kill switch: what is stopped is refused everywhere within a second.
import { z } from "zod";
import type { StopScope } from "../../../index.ts";
import { toRefusal } from "../../http/index.ts";
import { toOrigin } from "../act.ts";
import { route, type RestRoute } from "../parts.ts";
import { ok, reason, tenantId, toolName } from "../schemas.ts";

const SCOPE = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("all") }),
  z.strictObject({ kind: z.literal("tool"), name: toolName }),
  z.strictObject({ kind: z.literal("tenant"), tenant: tenantId }),
]);

const listStops = route({
  id: "listStops",
  method: "GET",
  path: "/v1/stops",
  access: "operator",
  tag: "stops",
  summary: "What is stopped now.",
  answer: z.looseObject({ stops: z.array(ok) }),
  handle: (_request, { registry }) => ({ body: { stops: registry.stops.list() } }),
});

const stop = route({
  id: "stopCalls",
  method: "POST",
  path: "/v1/stops",
  access: "operator",
  tag: "stops",
  summary: "Refuses calls from now on: of a tool, of a tenant, or all.",
  body: z.strictObject({
    scope: SCOPE,
    reason: z.string().min(1).max(1_024),
    cancel: z.boolean().optional().describe("Whether calls under way are cancelled as well."),
  }),
  answer: z.looseObject({ stops: z.array(ok) }),
  errors: ["STORE_FAILED", "AUDIT_FAILED"],
  async handle({ caller, body }, { registry }) {
    const { scope, cancel, reason: why } = body;
    await registry.stops.stop(scope, {
      reason: why,
      ...(caller !== null && { principal: caller.principal }),
      ...(cancel !== undefined && { cancel }),
    });
    return { body: { stops: registry.stops.list() } };
  },
});

const resume = route({
  id: "resumeCalls",
  method: "DELETE",
  path: "/v1/stops",
  access: "operator",
  tag: "stops",
  summary: "Takes a stop back: of `tool`, of `tenant`, or, with neither, that of all.",
  query: z.strictObject({ reason, tool: toolName.optional(), tenant: tenantId.optional() }),
  answer: z.looseObject({ stops: z.array(ok) }),
  errors: ["NOT_FOUND", "STORE_FAILED", "AUDIT_FAILED"],
  async handle(request, { registry }) {
    const { tool, tenant } = request.query;
    if (tool !== undefined && tenant !== undefined)
      return {
        refusal: toRefusal("INVALID_REQUEST", "query: received tool and tenant, expected one of them, or neither"),
      };
    const stood = await registry.stops.resume(toScope(tool, tenant), toOrigin(request));
    if (!stood) return { refusal: toRefusal("NOT_FOUND", "It is not stopped.") };
    return { body: { stops: registry.stops.list() } };
  },
});

function toScope(tool: string | undefined, tenant: string | undefined): StopScope {
  if (tool !== undefined) return { kind: "tool", name: tool };
  return tenant === undefined ? { kind: "all" } : { kind: "tenant", tenant };
}

export const STOP_ROUTES: readonly RestRoute[] = [listStops, stop, resume];
