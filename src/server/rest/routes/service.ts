// The server itself: whether it lives and takes work, who one is to it, and what it can be asked.
import { z } from "zod";
import { METADATA_PATH } from "../../auth/index.ts";
import { toRefusal } from "../../http/index.ts";
import { HIDDEN } from "../act.ts";
import { route, type RestRoute } from "../parts.ts";
import { ok } from "../schemas.ts";

const liveness = route({
  id: "getLiveness",
  method: "GET",
  path: "/healthz",
  access: "public",
  tag: "service",
  summary: "Whether the process answers.",
  always: true,
  answer: z.looseObject({ status: z.literal("ok") }),
  handle: () => ({ body: { status: "ok" } }),
});

const readiness = route({
  id: "getReadiness",
  method: "GET",
  path: "/readyz",
  access: "public",
  tag: "service",
  summary: "Whether it takes work, and why not: 503 when it does not.",
  always: true,
  answer: z.looseObject({ ready: z.boolean(), reasons: z.array(ok) }),
  async handle(_request, parts) {
    const report = await parts.readiness();
    return { status: report.ready ? 200 : 503, body: report };
  },
});

const whoAmI = route({
  id: "getCaller",
  method: "GET",
  path: "/v1/me",
  access: "caller",
  tag: "service",
  summary: "Who the caller is to the server.",
  answer: z.looseObject({
    id: z.string(),
    tenant: z.string(),
    roles: z.array(z.string()).nullable(),
    scopes: z.array(z.string()),
    credential: z.string(),
  }),
  handle({ caller }, { registry }) {
    if (caller === null) return { refusal: HIDDEN };
    const { id, tenant, roles = null, scopes = [] } = caller.principal;
    return {
      body: {
        id,
        tenant,
        roles,
        scopes,
        credential: caller.kind,
        admin: registry.permissions.holds(caller.principal, "ADMIN"),
      },
    };
  },
});

const health = route({
  id: "getHealth",
  method: "GET",
  path: "/v1/health",
  access: "operator",
  tag: "service",
  summary: "Breakers, bulkheads, the writing of the audit, calls under way.",
  answer: ok,
  handle: async (_request, { registry }) => ({ body: await registry.health() }),
});

const openapi = route({
  id: "getOpenapi",
  method: "GET",
  path: "/openapi.json",
  access: "public",
  tag: "service",
  summary: "This description.",
  answer: ok,
  errors: ["NOT_FOUND"],
  handle(_request, parts) {
    const text = parts.openapi();
    return text === null ? { refusal: toRefusal("NOT_FOUND", "server.openapi is off.") } : { text };
  },
});

const docs = route({
  id: "getDocs",
  method: "GET",
  path: "/docs",
  access: "public",
  tag: "service",
  summary: "This description, as a page.",
  answer: z.string(),
  errors: ["NOT_FOUND"],
  handle(_request, parts) {
    const page = parts.docs();
    if (page === null) return { refusal: toRefusal("NOT_FOUND", "server.docs is off.") };
    return {
      text: page.html,
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": page.policy },
    };
  },
});

const metadata = route({
  id: "getResourceMetadata",
  method: "GET",
  path: METADATA_PATH,
  access: "public",
  tag: "service",
  summary: "Whose tokens are accepted (RFC 9728).",
  answer: ok,
  errors: ["NOT_FOUND"],
  handle(_request, parts) {
    const found = parts.metadata();
    return found === null ? { refusal: toRefusal("NOT_FOUND", "No issuers are configured.") } : { body: found };
  },
});

export const SERVICE_ROUTES: readonly RestRoute[] = [liveness, readiness, whoAmI, health, openapi, docs, metadata];
