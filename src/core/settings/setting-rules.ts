// What a setting of each kind is checked for, and what it changes. One table, so that a setting means the same when it is set, loaded,
// imported or declared. Roles and limits, on which others stand, are changed as a whole: `plan-foundations.ts`.
import { createAuthorization, type Grant } from "../../authz/index.ts";
import { createPrincipal } from "../../call/principal.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject, type JsonValue } from "../../kernel/json.ts";
import type { Environment } from "../../pipeline/environment.ts";
import type { AdministrativeAct } from "../../ports/audit-sink.ts";
import type { Change } from "../../ports/catalog-store.ts";
import type { SettingKind } from "../../ports/setting-store.ts";
import type { QuotaOverrideSpec } from "../../quota/index.ts";
import { checkKeys, toKind } from "../options.ts";
import { fromStopId } from "../stops/stop-scope.ts";
import type { StopTable } from "../stops/stop-table.ts";
import type { KeptOverrides, OverrideKey } from "./kept-overrides.ts";
import { parseStoredPrincipal, type StoredPrincipal, type StoredPrincipals } from "./stored-principals.ts";

/** What settings act on. */
export interface SettingTarget extends Pick<Environment, "authorization" | "limiter"> {
  readonly principals: StoredPrincipals;
  readonly overrides: KeptOverrides;
  readonly stops: StopTable;
}

/** What the trail calls a change of a setting. */
export const SETTING_ACTS: Readonly<Record<SettingKind, AdministrativeAct>> = {
  role: "roles.changed",
  limit: "limits.changed",
  grant: "grants.changed",
  permission: "permissions.changed",
  principal: "principals.changed",
  override: "quota.overridden",
  stop: "stops.changed",
};

/** Kinds on which the others stand. */
export type Foundation = "role" | "limit";

export interface SettingRule {
  /** Throws what refuses it; nothing is changed. */
  check(id: string, body: JsonValue, target: SettingTarget): void;
  /** Puts it in force, or, with null, takes it back. `change`: who does it, when and why. */
  apply(id: string, body: JsonValue | null, target: SettingTarget, change: Change): void;
}

/** The rules of the kinds of which each setting stands for itself. */
export const SETTING_RULES: Readonly<Record<Exclude<SettingKind, Foundation>, SettingRule>> = {
  grant: {
    check(id, body, { authorization }) {
      // So are grants of the program called that have no name: putting this one in force would take them away.
      if (id.startsWith("#"))
        throw refuse(
          "grant",
          `received the name ${toKind(id)}, which begins with "#" like those that grants without one are given`,
        );
      createAuthorization({ roles: toNames(authorization.roles), grants: [toGrant(id, body)] });
    },
    apply(id, body, { authorization }) {
      // Nothing is decided between the two: they are of one turn.
      authorization.removeGrants(id);
      if (body !== null) authorization.addGrants([toGrant(id, body)]);
    },
  },
  permission: {
    check(id, body, { authorization }) {
      checkKeys("settings: permission", body, ["roles"]);
      createAuthorization({ roles: toNames(authorization.roles) }).setPermissions(id, toRoles(body));
    },
    apply(id, body, { authorization }) {
      if (body === null) authorization.clearPermissions(id);
      else authorization.setPermissions(id, toRoles(body));
    },
  },
  principal: {
    check(id, body, { authorization }) {
      parseStoredPrincipal(splitPrincipalId(id), body, authorization.roles);
    },
    apply(id, body, { principals }) {
      const { tenant, id: principal } = splitPrincipalId(id);
      principals.put(tenant, principal, body as StoredPrincipal | null);
    },
  },
  override: {
    check(id, body, { overrides }) {
      if (!isObject(body)) throw refuse("override", `received ${toKind(body)}, expected an object with capacity`);
      overrides.check(splitOverrideId(id), body as unknown as QuotaOverrideSpec);
    },
    apply(id, body, { overrides }) {
      overrides.put(splitOverrideId(id), body as unknown as QuotaOverrideSpec | null);
    },
  },
  stop: {
    check(id, body) {
      checkKeys("settings: stop", body, []);
      if (fromStopId(id) === null)
        throw refuse("stop", `received the id ${toKind(id)}, expected "all", "tool\\0<name>" or "tenant\\0<tenant>"`);
    },
    apply(id, body, { stops }, change) {
      stops.put(id, body === null ? null : change);
    },
  },
};

/** Roles of these names that inherit nothing: enough to tell whether one is there. */
function toNames(roles: ReadonlySet<string>): Readonly<Record<string, object>> {
  return Object.fromEntries([...roles].map((name) => [name, {}]));
}

function toRoles(body: JsonValue): readonly string[] {
  return (body as { readonly roles: readonly string[] }).roles;
}

/** The grant of a setting. Throws INVALID_OPTION for one that is code, or that calls itself something else. */
export function toGrant(id: string, body: JsonValue): Grant {
  if (!isObject(body))
    throw refuse("grant", `received ${toKind(body)}, expected an object such as { tools: ["orders.*"] }`);
  if ("when" in body)
    throw refuse("grant", "a condition is code and cannot be stored; give this grant in the configuration");
  return { ...(withoutName("grant", id, body) as unknown as Grant), name: id };
}

/** The body without its name, which can only be its id. Throws INVALID_OPTION. */
export function withoutName(kind: SettingKind, id: string, body: Readonly<Record<string, unknown>>): object {
  const { name = id, ...rest } = body;
  if (name === id) return rest;
  throw refuse(kind, `its name is ${toKind(name)}, and its id ${toKind(id)}; leave the name out`);
}

/** The id of a setting that has parts: `<tenant>\0<principal>`, and for an override `\0<limit>` behind it. */
export function toSettingId(...parts: readonly string[]): string {
  return parts.join("\0");
}

function splitPrincipalId(text: string): { readonly tenant: string; readonly id: string } {
  const [tenant, id, ...more] = text.split("\0");
  if (tenant !== undefined && id !== undefined && more.length === 0) return { tenant, id };
  throw refuse("principal", `received the id ${toKind(text)}, expected "<tenant>\\0<principal>"`);
}

/** The parts of an override's id. Throws INVALID_OPTION. */
export function splitOverrideId(text: string): OverrideKey {
  const [tenant, id, limit, ...more] = text.split("\0");
  if (tenant === undefined || id === undefined || limit === undefined || more.length > 0)
    throw refuse("override", `received the id ${toKind(text)}, expected "<tenant>\\0<principal>\\0<limit>"`);
  try {
    return { principal: createPrincipal({ id, tenant }), limit };
  } catch (error) {
    throw refuse("override", error instanceof Error ? error.message : String(error));
  }
}

function refuse(kind: SettingKind, problem: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", `settings: ${kind}: ${problem}`);
}
