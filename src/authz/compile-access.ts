// Picks the rules that concern one tool version and sorts them into the order in which they are decided.
import type { ToolVersion } from "../tool/tool-version.ts";
import { toRefused, type Decision } from "./decision.ts";
import type { CompiledGrant } from "./grant-list.ts";
import { toPrincipalRule, toRoleRule, type Rule } from "./rule.ts";
import type { RoleGraph } from "./role-graph.ts";

/** The rules of one tool version. */
export interface CompiledAccess {
  readonly tool: ToolVersion;
  readonly graph: RoleGraph;
  /** Of the definition. Whoever is let in by whatever rule has to be of one of these. null: of any. */
  readonly tenants: ReadonlySet<string> | null;
  /** Of the definition. Whoever is let in by whatever rule needs all of these to call. */
  readonly scopes: readonly string[];
  /** The definition as explain names it. */
  readonly label: string;
  readonly denies: readonly Rule[];
  readonly allows: readonly Rule[];
  readonly conditionalDenies: readonly Rule[];
  readonly conditionalAllows: readonly Rule[];
  /** For a principal of another tenant than `tenants`. */
  readonly otherTenant: Decision;
  /** For a principal that lacks one scope of `scopes`, by scope. */
  readonly lacks: ReadonlyMap<string, Decision>;
}

/** What all compiled accesses of one epoch share. */
export interface Policy {
  readonly graph: RoleGraph;
  readonly admins: Rule;
  readonly grants: readonly CompiledGrant[];
  /** Roles set at run time, by tool name. */
  readonly permissions: ReadonlyMap<string, readonly string[]>;
}

const NONE: readonly never[] = Object.freeze([]);
const NO_DECISIONS: ReadonlyMap<string, Decision> = new Map();

/** The rules of `policy` that concern `tool`. */
export function compileAccess(tool: ToolVersion, policy: Policy): CompiledAccess {
  const label = `definition of ${tool.name}`;
  const own = policy.grants.filter(({ matchesTool }) => matchesTool(tool.name));
  const pick = (denies: boolean, conditional: boolean): readonly Rule[] => {
    const rules = own.filter((grant) => grant.denies === denies && (grant.rule.when !== null) === conditional);
    return rules.length === 0 ? NONE : rules.map(({ rule }) => rule);
  };
  const scopes = tool.access?.scopes ?? NONE;
  return Object.freeze({
    tool,
    graph: policy.graph,
    tenants: tool.access?.tenants === undefined ? null : new Set(tool.access.tenants),
    scopes,
    label,
    denies: pick(true, false),
    allows: [...toBaseRules(tool, policy, label), ...pick(false, false), policy.admins],
    conditionalDenies: pick(true, true),
    conditionalAllows: pick(false, true),
    otherTenant: toRefused(false, label, "The tool is not offered to this tenant."),
    lacks: scopes.length === 0 ? NO_DECISIONS : new Map(scopes.map((scope) => [scope, toLacking(label, [scope])])),
  });
}

/** Permissions set at run time stand in for the roles and principals of the definition. */
function toBaseRules(tool: ToolVersion, { permissions, graph }: Policy, label: string): readonly Rule[] {
  const set = permissions.get(tool.name);
  if (set !== undefined) {
    return [toRoleRule(`permissions of ${tool.name}`, "The permissions of the tool allow it.", set, graph)];
  }
  const reason = "The definition of the tool allows it.";
  const { roles = NONE, principals = NONE } = tool.access ?? {};
  const rules: Rule[] = [];
  if (roles.length > 0) rules.push(toRoleRule(label, reason, roles, graph));
  if (principals.length > 0) rules.push(toPrincipalRule(label, reason, principals));
  return rules;
}

/** Refuses, and names the scopes that are missing: the caller can ask for a token that has them. */
export function toLacking(label: string, scopes: readonly string[]): Decision {
  const names = scopes.map((scope) => JSON.stringify(scope)).join(", ");
  return toRefused(true, label, `The principal lacks the scope${scopes.length === 1 ? "" : "s"} ${names}.`);
}
