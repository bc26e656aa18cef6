// Tools as their callers see them. What is listed, described and callable comes from the registry's one decision.
import { z } from "zod";
import { toRefusal } from "../../http/index.ts";
import { HIDDEN, toDefined } from "../act.ts";
import { withEtag } from "../etag.ts";
import { toLifecycleHeaders } from "../lifecycle-headers.ts";
import { route, type RestRoute } from "../parts.ts";
import { limitOf, listOf, toolName, toolRef } from "../schemas.ts";
import { toSummaryText, toToolText } from "../tool-view.ts";

const SUMMARY = z
  .looseObject({
    name: z.string(),
    version: z.string(),
    title: z.string(),
    description: z.string(),
    category: z.string(),
    tags: z.array(z.string()),
    effect: z.enum(["read", "write", "destructive"]),
    idempotent: z.boolean(),
    status: z.enum(["staged", "active", "deprecated", "retired"]),
    digest: z.string(),
  })
  .meta({ id: "ToolSummary" });
const TOOL = SUMMARY.extend({
  inputSchema: z.unknown(),
  outputSchema: z.unknown(),
  examples: z.array(z.unknown()),
}).meta({
  id: "Tool",
});

const listTools = route({
  id: "listTools",
  method: "GET",
  path: "/v1/tools",
  access: "caller",
  tag: "tools",
  summary: "The tools that the caller may see, by name.",
  query: z.strictObject({
    category: z.string().max(128).optional(),
    tag: z.string().max(128).optional(),
    text: z.string().max(512).optional().describe("Words that all occur in name, title, description or tags."),
    status: z.enum(["active", "deprecated", "retired", "staged", "any"]).optional(),
    after: toolName.optional().describe("Only names after this one."),
    limit: limitOf(1_000, 100),
  }),
  answer: listOf("tools", SUMMARY),
  handle(request, { registry }) {
    const { after, limit, ...filter } = request.query;
    const given = toDefined(filter);
    const found = registry.list({ ...given, ...(request.caller !== null && { principal: request.caller.principal }) });
    const start = after === undefined ? 0 : found.findIndex(({ name }) => name > after);
    const page = start === -1 ? [] : found.slice(start, start + limit);
    const isMore = start !== -1 && start + limit < found.length;
    const next = isMore ? (page.at(-1)?.name ?? null) : null;
    return withEtag(`{"tools":[${page.map(toSummaryText).join(",")}],"next":${JSON.stringify(next)}}`, request);
  },
});

const getTool = route({
  id: "getTool",
  method: "GET",
  path: "/v1/tools/{ref}",
  access: "caller",
  tag: "tools",
  summary: "One tool with its schemas, as the reference resolves for the caller.",
  params: z.strictObject({ ref: toolRef }),
  answer: TOOL,
  errors: ["UNKNOWN_TOOL"],
  handle(request, { registry }) {
    const { ref } = request.params;
    const tool = request.caller === null ? undefined : registry.get(ref, { principal: request.caller.principal });
    if (tool === undefined)
      return { refusal: toRefusal("UNKNOWN_TOOL", `There is no tool ${JSON.stringify(ref)} for this principal.`) };
    return withEtag(toToolText(tool), request, toLifecycleHeaders(registry, tool));
  },
});

const listVersions = route({
  id: "listVersions",
  method: "GET",
  path: "/v1/tools/{name}/versions",
  access: "caller",
  tag: "tools",
  summary: "The versions of a tool that the caller may see, highest first.",
  params: z.strictObject({ name: toolName }),
  answer: z.looseObject({ versions: z.array(SUMMARY) }),
  errors: ["UNKNOWN_TOOL"],
  handle(request, { registry }) {
    const { caller } = request;
    if (caller === null) return { refusal: HIDDEN };
    const { principal } = caller;
    const seen = registry
      .versions(request.params.name)
      .filter(({ name, version }) => registry.has(`${name}@${version}`, { principal }));
    if (seen.length === 0) return { refusal: toRefusal("UNKNOWN_TOOL", "There is no such tool for this principal.") };
    return withEtag(`{"versions":[${seen.map(toSummaryText).join(",")}]}`, request);
  },
});

const explainAccess = route({
  id: "explainAccess",
  method: "GET",
  path: "/v1/tools/{ref}/access",
  access: "operator",
  tag: "tools",
  summary: "Whether a principal may call a tool, by which rule, and why.",
  params: z.strictObject({ ref: toolRef }),
  query: z.strictObject({
    principal: z.string().min(1).max(256),
    tenant: z.string().min(1).max(256).optional(),
    roles: z
      .string()
      .max(2_000)
      .optional()
      .describe("With commas between them; without it, those that the principal has."),
  }),
  answer: z.looseObject({ allowed: z.string().or(z.boolean()), rule: z.string(), reason: z.string() }),
  handle({ params, query }, { registry }) {
    const { principal: id, tenant, roles } = query;
    const principal = {
      id,
      ...(tenant !== undefined && { tenant }),
      ...(roles !== undefined && { roles: roles.split(",") }),
    };
    return { body: registry.permissions.explain(principal, params.ref) };
  },
});

export const TOOL_ROUTES: readonly RestRoute[] = [listTools, getTool, listVersions, explainAccess];
