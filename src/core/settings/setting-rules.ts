// What a setting of each kind is checked for, and what it changes. One table, so that a setting means the same when it is set, when it is
// loaded and when it is imported.
import { createAuthorization, type Grant, type RoleDeclaration } from "../../authz/index.ts";
import { createPrincipal } from "../../call/principal.ts";
import { ToolyardError, toProblemsError } from "../../errors/toolyard-error.ts";
import { isObject, type JsonValue } from "../../kernel/json.ts";
import type { Environment } from "../../pipeline/environment.ts";
import type { AdministrativeAct } from "../../ports/audit-sink.ts";
import type { SettingKind } from "../../ports/setting-store.ts";
import type { QuotaOverrideSpec } from "../../quota/index.ts";
import { checkLimits } from "../../tool/check-limit.ts";
import { checkKeys, toKind } from "../options.ts";
import { parseStoredPrincipal, type StoredPrincipal, type StoredPrincipals } from "./stored-principals.ts";

/** What settings act on. */
export interface SettingTarget extends Pick<Environment, "authorization" | "limiter"> {
  readonly principals: StoredPrincipals;
}

export interface SettingRule {
  /** What the trail calls a change of one. */
  readonly act: AdministrativeAct;
  /** Whether it is in force at once; if not, from the next opening on. */
  readonly isImmediate: boolean;
  /** Throws what refuses it; nothing is changed. */
  check(id: string, body: JsonValue, target: SettingTarget): void;
  /** Puts it in force, or, with null, takes it back. */
  apply(id: string, body: JsonValue | null, target: SettingTarget): void;
}

/** The rule of each kind. */
export const SETTING_RULES: Readonly<Record<SettingKind, SettingRule>> = {
  role: {
    act: "roles.changed",
    isImmediate: false,
    check(id, body, { authorization }) {
      const others = Object.fromEntries([...authorization.roles].map((name) => [name, {}]));
      createAuthorization({ roles: { ...others, [id]: body as RoleDeclaration } });
    },
    apply() {},
  },
  limit: {
    act: "limits.changed",
    isImmediate: false,
    check(id, body) {
      if (!isObject(body))
        throw refuse("limit", `received ${toKind(body)}, expected an object such as { per, capacity, windowMs }`);
      const problems = checkLimits([{ ...body, name: id }], "limit");
      if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "settings: the limit cannot be used.", problems);
    },
    apply() {},
  },
  grant: {
    act: "grants.changed",
    isImmediate: true,
    check(id, body, { authorization }) {
      if (isObject(body) && "when" in body)
        throw refuse("grant", "a condition is code and cannot be stored; give this grant in the configuration");
      const roles = Object.fromEntries([...authorization.roles].map((name) => [name, {}]));
      createAuthorization({ roles, grants: [toGrant(id, body)] });
    },
    apply(id, body, { authorization }) {
      // The new one first: a deny that is changed is in force all the time.
      const before = authorization.grants.filter(({ name }) => name === id).length;
      if (before > 0) authorization.removeGrants(id);
      if (body !== null) authorization.addGrants([toGrant(id, body)]);
    },
  },
  permission: {
    act: "permissions.changed",
    isImmediate: true,
    check(id, body, { authorization }) {
      checkKeys("settings: permission", body, ["roles"]);
      const roles = Object.fromEntries([...authorization.roles].map((name) => [name, {}]));
      createAuthorization({ roles }).setPermissions(id, (body as { readonly roles: readonly string[] }).roles);
    },
    apply(id, body, { authorization }) {
      if (body === null) authorization.clearPermissions(id);
      else authorization.setPermissions(id, (body as { readonly roles: readonly string[] }).roles);
    },
  },
  principal: {
    act: "principals.changed",
    isImmediate: true,
    check(id, body, { authorization }) {
      parseStoredPrincipal(splitId(id), body, authorization.roles);
    },
    apply(id, body, { principals }) {
      const { tenant, id: principal } = splitId(id);
      principals.put(tenant, principal, body as StoredPrincipal | null);
    },
  },
  override: {
    act: "quota.overridden",
    isImmediate: true,
    check(id, body, { limiter }) {
      const { tenant, id: principal, limit } = splitOverrideId(id);
      const { overrides } = limiter;
      const before = overrides.find(
        (one) => one.tenant === tenant && one.principal === principal && one.limit === limit,
      );
      const who = createPrincipal({ id: principal, tenant });
      // There is no question without the act: it is taken back at once, in the same turn.
      limiter.override(who, limit, body as unknown as QuotaOverrideSpec);
      limiter.override(who, limit, before === undefined ? null : toSpec(before));
    },
    apply(id, body, { limiter }) {
      const { tenant, id: principal, limit } = splitOverrideId(id);
      limiter.override(createPrincipal({ id: principal, tenant }), limit, body as unknown as QuotaOverrideSpec | null);
    },
  },
};

function toSpec({ capacity, windowMs, burst }: QuotaOverrideSpec): QuotaOverrideSpec {
  return { capacity, ...(windowMs !== undefined && { windowMs }), ...(burst !== undefined && { burst }) };
}

function toGrant(name: string, body: JsonValue): Grant {
  if (!isObject(body))
    throw refuse("grant", `received ${toKind(body)}, expected an object such as { tools: ["orders.*"] }`);
  return { ...(body as unknown as Grant), name };
}

/** The id of a setting that has parts: `<tenant>\0<principal>`, and for an override `\0<limit>` behind it. */
export function toSettingId(...parts: readonly string[]): string {
  return parts.join("\0");
}

function splitId(text: string): { readonly tenant: string; readonly id: string } {
  const [tenant, id, ...more] = text.split("\0");
  if (tenant !== undefined && id !== undefined && more.length === 0) return { tenant, id };
  throw refuse("principal", `received the id ${toKind(text)}, expected "<tenant>\\0<principal>"`);
}

function splitOverrideId(text: string): { readonly tenant: string; readonly id: string; readonly limit: string } {
  const [tenant, id, limit, ...more] = text.split("\0");
  if (tenant !== undefined && id !== undefined && limit !== undefined && more.length === 0)
    return { tenant, id, limit };
  throw refuse("override", `received the id ${toKind(text)}, expected "<tenant>\\0<principal>\\0<limit>"`);
}

function refuse(kind: SettingKind, problem: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", `settings: ${kind}: ${problem}`);
}
