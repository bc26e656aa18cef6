// Keeps roles, grants and permissions, and hands out the access they come to. Every change is checked whole before any
// of it is kept, and starts a new epoch.
import type { Principal } from "../call/principal.ts";
import type { Problem } from "../errors/toolyard-error.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import type { Authorization, AuthorizationOptions, DeclaredRules } from "./authorization.ts";
import type { Authorizer } from "./authorizer.ts";
import { findUnknownRoles } from "./check-roles.ts";
import { compileAccess } from "./compile-access.ts";
import type { Grant } from "./grant.ts";
import { createGrantList, type GrantList } from "./grant-list.ts";
import { type ParsedGrant, parseGrants } from "./parse-grants.ts";
import { parsePermissions } from "./parse-permissions.ts";
import { parseRoles } from "./parse-roles.ts";
import { checkSynchronous, createProblems, type Problems } from "./problems.ts";
import { Role, type RoleDeclaration } from "./role.ts";
import type { RoleGraph } from "./role-graph.ts";
import { toAdminRule, type Rule } from "./rule.ts";
import { createToolAccess, type ToolAccess } from "./tool-access.ts";

const ADMINS_ONLY: readonly string[] = Object.freeze([Role.ADMIN]);

/** Creates an authorization. Throws INVALID_OPTION or UNKNOWN_ROLE with every problem in its options. */
export function createAuthorization(options: AuthorizationOptions = {}): Authorization {
  const problems = createProblems();
  const graph = parseRoles(options.roles, problems);
  const declared = parseGrants("grants", options.grants ?? [], graph.names, problems);
  const authorizer: Authorizer | null = options.authorizer ?? null;
  if (authorizer !== null) {
    checkSynchronous("authorizer", authorizer, "(request, decideDefault) => Decision | boolean", problems);
  }
  problems.throwIfAny("The authorisation options cannot be used.");

  return new RuleAuthorization(graph, declared, authorizer);
}

/** Everything that decides, of which there is one for a registry. */
class RuleAuthorization implements Authorization {
  #epoch = 1;
  #graph: RoleGraph;
  #admins: Rule;
  readonly #permissions = new Map<string, readonly string[]>();
  readonly #list: GrantList;
  readonly #authorizer: Authorizer | null;

  constructor(graph: RoleGraph, declared: readonly ParsedGrant[], authorizer: Authorizer | null) {
    this.#graph = graph;
    this.#admins = toAdminRule(graph);
    this.#list = createGrantList(graph);
    this.#list.declare({ declared, without: new Set(), added: [] }, graph);
    this.#authorizer = authorizer;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get grants(): readonly Grant[] {
    return this.#list.grants;
  }

  get roles(): ReadonlySet<string> {
    return this.#graph.names;
  }

  compile(tool: ToolVersion): ToolAccess {
    const policy = {
      graph: this.#graph,
      admins: this.#admins,
      grants: this.#list.compiled,
      permissions: this.#permissions,
    };
    return createToolAccess(compileAccess(tool, policy), this.#authorizer);
  }

  setPermissions(tool: string, roles: readonly string[]): void {
    this.#permissions.set(tool, parsePermissions(tool, roles, this.roles));
    this.#epoch++;
  }

  permissions(tool: ToolVersion): readonly string[] {
    const roles = this.#permissions.get(tool.name) ?? tool.access?.roles ?? ADMINS_ONLY;
    return roles.length === 0 ? ADMINS_ONLY : roles;
  }

  clearPermissions(tool: string): boolean {
    const wasSet = this.#permissions.delete(tool);
    if (wasSet) this.#epoch++;
    return wasSet;
  }

  addGrants(grants: readonly Grant[]): void {
    const faults = createProblems();
    const added = parseGrants("grants", grants, this.roles, faults);
    faults.throwIfAny("The grants cannot be added.");
    this.#list.add(added);
    if (added.length > 0) this.#epoch++;
  }

  removeGrants(name: string): number {
    const removed = this.#list.remove(name);
    if (removed > 0) this.#epoch++;
    return removed;
  }

  prepareRoles(roles: Readonly<Record<string, RoleDeclaration>>): () => void {
    const faults = createProblems();
    const next = parseRoles(roles, faults);
    this.#checkNamed(this.grants, next, faults);
    faults.throwIfAny("The roles cannot be changed.");
    return () => {
      this.#list.regraph(next);
      this.#take(next);
    };
  }

  prepareDeclared({ roles, grants, without, added }: DeclaredRules): () => void {
    const faults = createProblems();
    const next = parseRoles(roles, faults);
    const declared = parseGrants("grants", grants, next.names, faults);
    const others = parseGrants("stored grants", added, next.names, faults);
    const kept = this.#list.others.filter(({ name = "" }) => !without.has(name));
    this.#checkNamed(kept, next, faults);
    faults.throwIfAny("What is declared cannot be used.");
    return () => {
      this.#list.declare({ declared, without, added: others }, next);
      this.#take(next);
    };
  }

  /** Roles that grants and permissions name and that there are not. */
  #checkNamed(grants: readonly Grant[], next: RoleGraph, faults: Problems): void {
    for (const { name, roles = [] } of grants) addUnknown(`grant ${name}`, roles, next, faults);
    for (const [tool, roles] of this.#permissions) addUnknown(`permissions of ${tool}`, roles, next, faults);
  }

  #take(graph: RoleGraph): void {
    this.#graph = graph;
    this.#admins = toAdminRule(graph);
    this.#epoch++;
  }

  checkRoles(tool: ToolVersion): readonly Problem[] {
    return findUnknownRoles(tool, this.roles);
  }

  /** Handed on alone, and so without a `this` of its own. */
  readonly holds = (principal: Principal, role: string): boolean => {
    const holders = this.#graph.holders(role);
    return principal.roles.some((held) => holders.has(held));
  };
}

function addUnknown(path: string, named: readonly string[], { names }: RoleGraph, problems: Problems): void {
  for (const role of named) if (!names.has(role)) problems.addUnknownRole(path, role, names);
}
