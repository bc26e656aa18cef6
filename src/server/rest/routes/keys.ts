// API keys of a tenant. A key is in one answer only: the one that made it.
import { z } from "zod";
import type { CreatedKey, KeyDescription, Keys } from "../../../keys/index.ts";
import { type Caller, type RouteReply, toRefusal } from "../../http/index.ts";
import { findOwn, HIDDEN, isOwnTenant, toBy, toDefined } from "../act.ts";
import { route, type RestRoute } from "../parts.ts";
import { actQuery, limitOf, listOf, ok, principalId, tenantId } from "../schemas.ts";

const KEY = z
  .looseObject({ id: z.string(), name: z.string(), tenant: z.string(), principal: z.string(), status: z.string() })
  .meta({ id: "ApiKey" });
const CREATED = z.looseObject({ key: z.string().describe("It cannot be shown again."), description: KEY });
const ID = z.strictObject({ id: z.string().min(1).max(64) });
const LIFETIME = z
  .number()
  .int()
  .min(1_000)
  .max(315_360_000_000)
  .nullable()
  .optional()
  .describe("Milliseconds; null: until it is revoked. Default: 90 days.");
const NO_KEYS = toRefusal("NOT_FOUND", "There are no API keys: the server has no state to keep them in.");
const UNKNOWN = toRefusal("UNKNOWN_KEY", "There is no API key of this id.");

function toCreated({ key, description }: CreatedKey): RouteReply {
  return { body: { key: key.reveal(), description }, headers: { location: `/v1/keys/${description.id}` } };
}

/** The key, when it is of a tenant that is the caller's business. */
async function find(keys: Keys, caller: Caller | null, id: string): Promise<KeyDescription | undefined> {
  return findOwn(caller, id, (filter) => keys.list(filter));
}

const listKeys = route({
  id: "listKeys",
  method: "GET",
  path: "/v1/keys",
  access: "admin",
  tag: "keys",
  summary: "API keys, without what they are made of; those of the caller's tenant, of any for an operator.",
  query: z.strictObject({
    tenant: tenantId.optional(),
    principal: principalId.optional(),
    after: z.string().max(64).optional(),
    limit: limitOf(1_000, 100),
  }),
  answer: listOf("keys", KEY),
  async handle({ caller, query }, { keys }) {
    if (keys === null || caller === null) return { refusal: NO_KEYS };
    const tenant = query.tenant ?? (caller.isOperator ? undefined : caller.principal.tenant);
    if (tenant !== undefined && !isOwnTenant(caller, tenant)) return { body: { keys: [], next: null } };
    const found = await keys.list(toDefined({ ...query, tenant }));
    return { body: { keys: found, next: found.length === query.limit ? (found.at(-1)?.id ?? null) : null } };
  },
});

const createKey = route({
  id: "createKey",
  method: "POST",
  path: "/v1/keys",
  access: "admin",
  tag: "keys",
  summary: "Makes an API key. The answer is the only one that shows it.",
  body: z.strictObject({
    principal: principalId,
    tenant: tenantId.optional().describe("Default: the caller's."),
    name: z.string().min(1).max(128).optional(),
    env: z.string().min(1).max(16).optional(),
    roles: z
      .array(z.string().min(1).max(64))
      .max(32)
      .nullable()
      .optional()
      .describe("null: those that the principal has without a key."),
    scopes: z.array(z.string().min(1).max(256)).max(256).optional(),
    lifetimeMs: LIFETIME,
  }),
  answer: CREATED,
  status: 201,
  errors: ["STORE_FAILED", "AUDIT_FAILED"],
  async handle({ caller, body }, { keys }) {
    if (keys === null || caller === null) return { refusal: NO_KEYS };
    const { principal, tenant = caller.principal.tenant, ...given } = body;
    if (!isOwnTenant(caller, tenant)) return { refusal: HIDDEN };
    const more = toDefined(given);
    return toCreated(await keys.create({ principal, tenant, ...more, by: toBy(caller) }));
  },
});

const rotateKey = route({
  id: "rotateKey",
  method: "POST",
  path: "/v1/keys/{id}/rotate",
  access: "admin",
  tag: "keys",
  summary: "Makes a successor of a key: both work until the old one ends.",
  params: ID,
  body: z.strictObject({ overlapMs: z.number().int().min(0).max(7_776_000_000).optional(), lifetimeMs: LIFETIME }),
  answer: CREATED,
  status: 201,
  errors: ["UNKNOWN_KEY", "KEY_ENDED", "STORE_FAILED", "AUDIT_FAILED"],
  async handle({ caller, params, body }, { keys }) {
    if (keys === null) return { refusal: NO_KEYS };
    if ((await find(keys, caller, params.id)) === undefined) return { refusal: UNKNOWN };
    const more = toDefined(body);
    return toCreated(await keys.rotate(params.id, { ...more, by: toBy(caller) }));
  },
});

const revokeKey = route({
  id: "revokeKey",
  method: "DELETE",
  path: "/v1/keys/{id}",
  access: "admin",
  tag: "keys",
  summary: "Ends a key at once.",
  params: ID,
  query: actQuery,
  answer: ok,
  errors: ["UNKNOWN_KEY", "STORE_FAILED", "AUDIT_FAILED"],
  async handle({ caller, params, query }, { keys }) {
    if (keys === null) return { refusal: NO_KEYS };
    if ((await find(keys, caller, params.id)) === undefined) return { refusal: UNKNOWN };
    const wasToWork = await keys.revoke(params.id, { by: toBy(caller), reason: query.reason ?? null });
    return { body: { revoked: true, wasToWork } };
  },
});

export const KEY_ROUTES: readonly RestRoute[] = [listKeys, createKey, rotateKey, revokeKey];
