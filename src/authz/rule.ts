// One rule, compiled: whom it fits, what it comes to. Definitions, permissions, grants and the default become the same
// shape, so that one loop decides over all of them and explain reads the same data.
import type { Principal } from "../call/principal.ts";
import { toAllowed, toRefused, type Decision } from "./decision.ts";
import type { Condition } from "./grant.ts";
import type { ParsedGrant } from "./parse-grants.ts";
import { Role } from "./role.ts";
import { holdsAny, type RoleGraph, type RoleTest } from "./role-graph.ts";

export interface Rule {
  readonly label: string;
  /** Roles as the rule names them. null: every role. */
  readonly roles: readonly string[] | null;
  /** What decides about roles: `roles` and all that inherit them. */
  readonly roleTest: RoleTest | null;
  readonly principals: ReadonlySet<string> | null;
  readonly tenants: ReadonlySet<string> | null;
  /** All of them are needed. null: none. */
  readonly scopes: readonly string[] | null;
  readonly when: Condition | null;
  /** What it comes to where it applies. */
  readonly met: Decision;
  /** What it comes to before arguments are known: `met`, when there is no condition. */
  readonly open: Decision;
  /** What it comes to where its condition does not hold, if nothing else applies. */
  readonly unmet: Decision;
}

/** The first field of a rule that a principal does not fit. */
export type Mismatch = "tenant" | "principal" | "role" | "scope";

/**
 * Why the rule does not fit the principal, or null when it does. Its condition is not looked at. `heldBits` is what
 * `RoleGraph.toHeldBits` makes of the principal's roles, once for all rules.
 */
export function findMismatch(rule: Rule, principal: Principal, heldBits: number): Mismatch | null {
  if (rule.tenants !== null && !rule.tenants.has(principal.tenant)) return "tenant";
  if (rule.principals !== null && !rule.principals.has(principal.id)) return "principal";
  if (rule.roleTest !== null && !holdsAny(rule.roleTest, heldBits, principal.roles)) return "role";
  if (rule.scopes !== null && !hasEvery(principal.scopes, rule.scopes)) return "scope";
  return null;
}

function hasEvery(held: readonly string[], needed: readonly string[]): boolean {
  for (const scope of needed) if (!held.includes(scope)) return false;
  return true;
}

/** A rule without conditions that allows holders of `roles`. */
export function toRoleRule(label: string, reason: string, roles: readonly string[], graph: RoleGraph): Rule {
  return createRule({ label, roles, roleTest: graph.toRoleTest(roles), met: toAllowed("yes", label, reason) });
}

/** A rule without conditions that allows principals by id. */
export function toPrincipalRule(label: string, reason: string, principals: readonly string[]): Rule {
  return createRule({ label, principals: new Set(principals), met: toAllowed("yes", label, reason) });
}

/** What lets admins in where nothing else does. */
export function toAdminRule(graph: RoleGraph): Rule {
  const reason = "Admins may use every tool that no rule keeps them from.";
  return toRoleRule("default: admins only", reason, [Role.ADMIN], graph);
}

/** The rule that a grant of that name declares. */
export function toGrantRule(name: string, grant: ParsedGrant, graph: RoleGraph): Rule {
  const label = `grant ${JSON.stringify(name)}`;
  return createRule({
    label,
    roles: grant.roles ?? null,
    roleTest: grant.roles === undefined ? null : graph.toRoleTest(grant.roles),
    principals: toSet(grant.principals),
    tenants: toSet(grant.tenants),
    scopes: grant.scopes ?? null,
    when: grant.when ?? null,
    ...(grant.effect === "allow" ? toAllowing(label, grant) : toDenying(label, grant)),
  });
}

function toAllowing(label: string, { when }: ParsedGrant): Pick<Rule, "met"> & Partial<Rule> {
  const met = toAllowed("yes", label, "A grant allows it.");
  if (when === undefined) return { met };
  const unmet = toRefused(true, label, "No rule lets this principal call the tool with these arguments.");
  return { met, open: toOpen(label), unmet };
}

function toDenying(label: string, { when }: ParsedGrant): Pick<Rule, "met"> & Partial<Rule> {
  if (when === undefined) return { met: toRefused(false, label, "A rule keeps this principal from using the tool.") };
  const met = toRefused(true, label, "A rule keeps this principal from calling the tool with these arguments.");
  return { met, open: toOpen(label) };
}

function toOpen(label: string): Decision {
  return toAllowed("conditional", label, "It depends on the arguments whether the call is allowed.");
}

// The only place that makes a rule: one order of fields, so that the engine sees one shape in the loop that decides.
function createRule(fields: Pick<Rule, "label" | "met"> & Partial<Rule>): Rule {
  return Object.freeze({
    label: fields.label,
    roles: fields.roles ?? null,
    roleTest: fields.roleTest ?? null,
    principals: fields.principals ?? null,
    tenants: fields.tenants ?? null,
    scopes: fields.scopes ?? null,
    when: fields.when ?? null,
    met: fields.met,
    open: fields.open ?? fields.met,
    unmet: fields.unmet ?? fields.met,
  });
}

function toSet(values: readonly string[] | undefined): ReadonlySet<string> | null {
  return values === undefined ? null : new Set(values);
}
