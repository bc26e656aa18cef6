// What operators do with versions: publishing what is data, and the life of what is published.
import { z } from "zod";
import { type ActOptions, type Registry, toETag, type ToolLife } from "../../../index.ts";
import type { RouteReply, RouteRequest } from "../../http/index.ts";
import { toRefusal } from "../../http/index.ts";
import { isRefusal, toActOptions } from "../act.ts";
import { route, type RestParts, type RestRoute } from "../parts.ts";
import { actQuery, json, listOf, ok, reason, toolName, toolRef } from "../schemas.ts";
import { toSummary } from "../tool-view.ts";

const LIFE = z.looseObject({ name: z.string(), revision: z.number(), versions: z.array(ok) }).meta({ id: "ToolLife" });
const REF = z.strictObject({ ref: toolRef });
const NAME = z.strictObject({ name: toolName });
const ACT_ERRORS = ["NOT_PUBLISHED", "STATE_CONFLICT", "REVISION_CONFLICT", "STORE_FAILED", "AUDIT_FAILED"] as const;
const IF_MATCH = { "If-Match": 'The revision it is made from, such as "3": another one is refused with 412.' };

type ActRequest = Pick<
  RouteRequest<unknown, { readonly reason?: string | undefined }, unknown>,
  "caller" | "query" | "headers"
>;

/** Does the act as the caller, and answers with what is known of the tool afterwards. */
async function act(request: ActRequest, run: (options: ActOptions) => Promise<ToolLife | void>): Promise<RouteReply> {
  const options = toActOptions(request);
  if (isRefusal(options)) return { refusal: options };
  const life = await run(options);
  return life === undefined ? {} : { body: life, headers: { etag: toETag(life.revision) } };
}

const publish = route({
  id: "publishTools",
  method: "POST",
  path: "/v1/tools",
  access: "operator",
  tag: "catalogue",
  summary: "Publishes tools that are data, all or none: definitions with an `http` part. See docs/http-tools.md.",
  query: z.strictObject({ reason }),
  body: z.strictObject({
    tools: z.array(json).min(1).max(100),
    staged: z
      .boolean()
      .optional()
      .describe("Only their exact versions, or a rollout, reach them until they are activated."),
    force: z.string().min(1).max(1_024).optional().describe("Why a version may break its contract."),
  }),
  answer: z.looseObject({ tools: z.array(ok) }),
  status: 201,
  errors: ["INVALID_DEFINITION", "ALREADY_PUBLISHED", "CONTRACT_BROKEN", "STORE_FAILED", "AUDIT_FAILED"],
  async handle(request, { registry }) {
    const options = toActOptions(request);
    if (isRefusal(options)) return { refusal: options };
    const { tools, staged, force } = request.body;
    const published = await registry.publishData(tools, {
      ...options,
      ...(staged !== undefined && { staged }),
      ...(force !== undefined && { force: { reason: force } }),
    });
    return { body: { tools: published.map(toSummary) } };
  },
});

const getLife = route({
  id: "getLife",
  method: "GET",
  path: "/v1/tools/{name}/life",
  access: "operator",
  tag: "catalogue",
  summary: "The states of all versions of a tool, what leads to them, and its revision.",
  params: NAME,
  answer: LIFE,
  errors: ["NOT_PUBLISHED"],
  handle({ params }, { registry }) {
    const life = registry.life(params.name);
    if (life === undefined)
      return { refusal: toRefusal("NOT_PUBLISHED", `There is no tool ${JSON.stringify(params.name)}.`) };
    return { body: life, headers: { etag: toETag(life.revision) } };
  },
});

type Verb = "activate" | "retire" | "restore";

function statusRoute(verb: Verb, summary: string): RestRoute {
  return route({
    ...{ id: `${verb}Version`, method: "POST", access: "operator", tag: "catalogue", summary },
    path: `/v1/tools/{ref}/${verb}`,
    params: REF,
    query: actQuery,
    answer: LIFE,
    headers: IF_MATCH,
    errors: ACT_ERRORS,
    handle: (request, { registry }) => act(request, (options) => registry[verb](request.params.ref, options)),
  });
}

const deprecate = route({
  id: "deprecateVersion",
  method: "POST",
  path: "/v1/tools/{ref}/deprecate",
  access: "operator",
  tag: "catalogue",
  summary: "Tells callers of a version that its end is near.",
  params: REF,
  query: actQuery,
  body: z.strictObject({
    message: z.string().min(1).max(1_024),
    sunsetAt: z
      .number()
      .int()
      .min(0)
      .max(8_640_000_000_000_000)
      .optional()
      .describe("When it will be retired, epoch ms."),
    successor: toolRef.optional(),
  }),
  answer: LIFE,
  headers: IF_MATCH,
  errors: ACT_ERRORS,
  handle(request, { registry }) {
    const { message, sunsetAt, successor } = request.body;
    const deprecation = {
      message,
      ...(sunsetAt !== undefined && { sunsetAt }),
      ...(successor !== undefined && { successor }),
    };
    return act(request, (options) => registry.deprecate(request.params.ref, deprecation, options));
  },
});

const remove = route({
  id: "deleteVersion",
  method: "DELETE",
  path: "/v1/tools/{ref}",
  access: "operator",
  tag: "catalogue",
  summary: "Removes a version that was never called and that nothing leads to.",
  params: REF,
  query: actQuery,
  headers: IF_MATCH,
  errors: ACT_ERRORS,
  handle: (request, { registry }) => act(request, (options) => registry.delete(request.params.ref, options)),
});

const setChannel = route({
  id: "setChannel",
  method: "PUT",
  path: "/v1/tools/{name}/channels/{channel}",
  access: "operator",
  tag: "catalogue",
  summary: "Lets a channel lead to exactly this version.",
  params: z.strictObject({ name: toolName, channel: z.string().min(1).max(64) }),
  query: actQuery,
  body: z.strictObject({ version: z.string().min(1).max(128) }),
  answer: LIFE,
  headers: IF_MATCH,
  errors: ACT_ERRORS,
  handle: (request, { registry }) =>
    act(request, (options) =>
      registry.channels.set(request.params.name, request.params.channel, request.body.version, options),
    ),
});

const clearChannel = route({
  id: "clearChannel",
  method: "DELETE",
  path: "/v1/tools/{name}/channels/{channel}",
  access: "operator",
  tag: "catalogue",
  summary: "Takes a channel back.",
  params: z.strictObject({ name: toolName, channel: z.string().min(1).max(64) }),
  query: actQuery,
  answer: LIFE,
  headers: IF_MATCH,
  errors: ACT_ERRORS,
  handle: (request, { registry }) =>
    act(request, (options) => registry.channels.clear(request.params.name, request.params.channel, options)),
});

const setDefault = route({
  id: "setDefault",
  method: "PUT",
  path: "/v1/tools/{name}/default",
  access: "operator",
  tag: "catalogue",
  summary: "What the bare name means, to everybody or to one tenant.",
  params: NAME,
  query: actQuery,
  body: z.strictObject({
    target: z.string().min(1).max(128).describe("A version, or a channel."),
    tenant: z.string().min(1).max(256).optional(),
  }),
  answer: LIFE,
  headers: IF_MATCH,
  errors: ACT_ERRORS,
  handle(request, { registry }) {
    const { target, tenant } = request.body;
    return act(request, (options) =>
      registry.defaults.set(request.params.name, target, { ...options, ...(tenant !== undefined && { tenant }) }),
    );
  },
});

const clearDefault = route({
  id: "clearDefault",
  method: "DELETE",
  path: "/v1/tools/{name}/default",
  access: "operator",
  tag: "catalogue",
  summary: "Takes back what the bare name means.",
  params: NAME,
  query: actQuery.extend({ tenant: z.string().min(1).max(256).optional() }),
  answer: LIFE,
  headers: IF_MATCH,
  errors: ACT_ERRORS,
  handle(request, { registry }) {
    const { tenant } = request.query;
    return act(request, (options) =>
      registry.defaults.clear(request.params.name, { ...options, ...(tenant !== undefined && { tenant }) }),
    );
  },
});

const listRollouts = route({
  id: "listRollouts",
  method: "GET",
  path: "/v1/rollouts",
  access: "operator",
  tag: "catalogue",
  summary: "Canaries and shadows that stand.",
  answer: listOf("rollouts", ok),
  handle: (_request, { registry }) => ({ body: { rollouts: registry.rollouts.list(), next: null } }),
});

const startRollout = route({
  id: "startRollout",
  method: "PUT",
  path: "/v1/tools/{ref}/rollout",
  access: "operator",
  tag: "catalogue",
  summary: "Starts a canary or a shadow of an exact version, or gives the one that stands another audience.",
  params: REF,
  query: actQuery,
  body: z.strictObject({
    kind: z.enum(["canary", "shadow"]).optional(),
    percent: z.number().min(0).max(100).optional(),
    principals: z
      .array(z.strictObject({ id: z.string(), tenant: z.string().optional() }))
      .max(1_000)
      .optional(),
    tenants: z.array(z.string()).max(1_000).optional(),
    roles: z.array(z.string()).max(1_000).optional(),
    salt: z.string().max(256).optional(),
    force: z.string().min(1).max(1_024).optional().describe("Why a canary may break the contract."),
  }),
  answer: LIFE,
  headers: IF_MATCH,
  errors: [...ACT_ERRORS, "CONTRACT_BROKEN", "UNKNOWN_ROLE"],
  handle(request, { registry }) {
    const { force, ...given } = request.body;
    const audience = { ...given, ...(force !== undefined && { force: { reason: force } }) } as RolloutAudience;
    return act(request, (options) => registry.rollouts.start(request.params.ref, { ...audience, ...options }));
  },
});

type RolloutAudience = Omit<Parameters<Registry["rollouts"]["start"]>[1], keyof ActOptions>;
type RolloutVerb = "promote" | "rollback" | "stop";

function rolloutRoute(verb: RolloutVerb, summary: string): RestRoute {
  return route({
    ...{ id: `${verb}Rollout`, method: "POST", access: "operator", tag: "catalogue", summary },
    path: `/v1/tools/{name}/rollout/${verb}`,
    params: NAME,
    query: actQuery,
    answer: LIFE,
    headers: IF_MATCH,
    errors: ACT_ERRORS,
    handle: (request, { registry }: RestParts) =>
      act(request, (options) => registry.rollouts[verb](request.params.name, options)),
  });
}

export const CATALOGUE_ROUTES: readonly RestRoute[] = [
  publish,
  getLife,
  statusRoute("activate", "Makes a staged version active."),
  deprecate,
  statusRoute("retire", "Ends calls of a version at once, whatever leads to it."),
  statusRoute("restore", "Makes a deprecated or retired version active again."),
  remove,
  setChannel,
  clearChannel,
  setDefault,
  clearDefault,
  listRollouts,
  startRollout,
  rolloutRoute("promote", "Gives everybody the canary."),
  rolloutRoute("rollback", "Ends the canary or, when there is none, takes back the last promotion."),
  rolloutRoute("stop", "Ends rollouts; the version that answered everybody else answers everybody."),
];
