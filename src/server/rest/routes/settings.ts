// What operators set at run time: roles, grants, limits, permissions of tools, what is known of principals. The registry checks what a
// setting says, and names what is wrong with it.
import { z } from "zod";
import { toETag, toSettingId } from "../../../index.ts";
import type { Registry } from "../../../index.ts";
import type { RouteReply } from "../../http/index.ts";
import { toRefusal } from "../../http/index.ts";
import { isRefusal, toActOptions } from "../act.ts";
import { route, type RestParts, type RestRoute } from "../parts.ts";
import { actQuery, listOf, settingId, tenantId } from "../schemas.ts";

type Settings = Registry["settings"];
type Kind = Parameters<Settings["list"]>[0];

const TEXTS = z.array(z.string().min(1).max(256)).max(1_000);
const SETTING = z
  .looseObject({
    id: z.string(),
    revision: z.number(),
    body: z.unknown(),
    inForce: z.boolean().describe("False: the program declares one of the same id."),
  })
  .meta({ id: "Setting" });
const IF_MATCH = {
  "If-Match": 'The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412.',
};
const ERRORS = ["UNKNOWN_ROLE", "UNKNOWN_LIMIT", "REVISION_CONFLICT", "STORE_FAILED", "AUDIT_FAILED"] as const;

interface Resource {
  readonly kind: Kind;
  /** The last part of the path, in the plural. */
  readonly path: string;
  /** For names of operations. */
  readonly word: string;
  readonly what: string;
  readonly body: z.ZodType;
  readonly params: z.ZodObject;
  readonly place: string;
  readonly toId: (params: Readonly<Record<string, string>>) => string;
}

const BY_ID = {
  params: z.strictObject({ id: settingId }),
  place: "{id}",
  toId: ({ id = "" }: Readonly<Record<string, string>>) => id,
};

const RESOURCES: readonly Resource[] = [
  {
    ...{ kind: "role", path: "roles", word: "Role", what: "roles besides ADMIN, USER and GUEST", ...BY_ID },
    body: z.strictObject({ inherits: TEXTS.optional(), description: z.string().max(1_024).optional() }),
  },
  {
    ...{ kind: "grant", path: "grants", word: "Grant", what: "grants: who may use which tools", ...BY_ID },
    body: z.strictObject({
      effect: z.enum(["allow", "deny"]).optional(),
      tools: TEXTS.min(1).describe("Names, or patterns such as `orders.*`."),
      roles: TEXTS.optional(),
      principals: TEXTS.optional(),
      scopes: TEXTS.optional(),
      tenants: TEXTS.optional(),
    }),
  },
  {
    ...{ kind: "limit", path: "limits", word: "Limit", what: "limits of every call", ...BY_ID },
    body: z.strictObject({
      per: z.array(z.enum(["principal", "role", "tenant", "tool", "ip"])).max(5),
      capacity: z.number().positive(),
      windowMs: z.number().int().positive(),
      algorithm: z.enum(["token-bucket", "fixed-window"]).optional(),
      burst: z.number().positive().optional(),
      roles: TEXTS.optional(),
    }),
  },
  {
    ...{
      kind: "permission",
      path: "permissions",
      word: "Permission",
      what: "roles that may use a tool, by its name",
      ...BY_ID,
    },
    body: z.strictObject({ roles: TEXTS }),
  },
  {
    ...{
      kind: "principal",
      path: "principals",
      word: "Principal",
      what: "what is known of principals, whatever their tokens say",
    },
    body: z.strictObject({
      roles: TEXTS.optional(),
      scopes: TEXTS.optional(),
      attributes: z.record(z.string(), z.unknown()).optional(),
      disabled: z.boolean().optional(),
    }),
    params: z.strictObject({ tenant: tenantId, id: settingId }),
    place: "{tenant}/{id}",
    toId: ({ tenant = "", id = "" }) => toSettingId(tenant, id),
  },
];

const MISSING = toRefusal("NOT_FOUND", "There is no such setting.");

function toRoutes({ kind, path, word, what, body, params, place, toId }: Resource): readonly RestRoute[] {
  const common = { access: "operator", tag: "settings", errors: ERRORS } as const;
  const list = route({
    ...{ ...common, id: `list${word}s`, method: "GET", path: `/v1/${path}`, summary: `Set at run time: ${what}.` },
    answer: listOf(path, SETTING),
    async handle(_request, { registry }) {
      return { body: { [path]: await registry.settings.list(kind), next: null } };
    },
  });
  const set = route({
    ...{ ...common, id: `set${word}`, method: "PUT", path: `/v1/${path}/${place}`, summary: `Sets one of: ${what}.` },
    ...{ params, query: actQuery, body, answer: SETTING, headers: IF_MATCH },
    async handle(request, { registry }: RestParts): Promise<RouteReply> {
      const options = toActOptions(request);
      if (isRefusal(options)) return { refusal: options };
      const id = toId(request.params as Readonly<Record<string, string>>);
      const state = await registry.settings.set(kind, id, request.body as never, options);
      return { body: state, headers: { etag: toETag(state.revision) } };
    },
  });
  const remove = route({
    ...{
      ...common,
      id: `remove${word}`,
      method: "DELETE",
      path: `/v1/${path}/${place}`,
      summary: `Takes back one of: ${what}.`,
    },
    ...{ params, query: actQuery, headers: IF_MATCH },
    async handle(request, { registry }: RestParts): Promise<RouteReply> {
      const options = toActOptions(request);
      if (isRefusal(options)) return { refusal: options };
      const wasThere = await registry.settings.remove(
        kind,
        toId(request.params as Readonly<Record<string, string>>),
        options,
      );
      return wasThere ? {} : { refusal: MISSING };
    },
  });
  return [list, set, remove];
}

export const SETTING_ROUTES: readonly RestRoute[] = RESOURCES.flatMap(toRoutes);
