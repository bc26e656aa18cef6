// Keeps roles, grants and permissions, and hands out the access they come to. Every change is checked whole before any
// of it is kept, and starts a new epoch.
import type { Authorization, AuthorizationOptions } from "./authorization.ts";
import type { Authorizer } from "./authorizer.ts";
import { findUnknownRoles } from "./check-roles.ts";
import { compileAccess } from "./compile-access.ts";
import { createGrantList } from "./grant-list.ts";
import { parseGrants } from "./parse-grants.ts";
import { parsePermissions } from "./parse-permissions.ts";
import { parseRoles } from "./parse-roles.ts";
import { checkSynchronous, createProblems, type Problems } from "./problems.ts";
import { Role } from "./role.ts";
import type { RoleGraph } from "./role-graph.ts";
import { toAdminRule } from "./rule.ts";
import { createToolAccess } from "./tool-access.ts";

const ADMINS_ONLY: readonly string[] = Object.freeze([Role.ADMIN]);

/** Creates an authorization. Throws INVALID_OPTION or UNKNOWN_ROLE with every problem in its options. */
export function createAuthorization(options: AuthorizationOptions = {}): Authorization {
  const problems = createProblems();
  let graph = parseRoles(options.roles, problems);
  const declared = parseGrants("grants", options.grants ?? [], graph.names, problems);
  const authorizer: Authorizer | null = options.authorizer ?? null;
  if (authorizer !== null) {
    checkSynchronous("authorizer", authorizer, "(request, decideDefault) => Decision | boolean", problems);
  }
  problems.throwIfAny("The authorisation options cannot be used.");

  let admins = toAdminRule(graph);
  const permissions = new Map<string, readonly string[]>();
  const list = createGrantList(graph);
  list.add(declared);
  let epoch = 1;

  return {
    get epoch() {
      return epoch;
    },
    get grants() {
      return list.grants;
    },
    get roles() {
      return graph.names;
    },
    compile(tool) {
      return createToolAccess(compileAccess(tool, { graph, admins, grants: list.compiled, permissions }), authorizer);
    },
    setPermissions(tool, roles) {
      permissions.set(tool, parsePermissions(tool, roles, graph.names));
      epoch++;
    },
    permissions(tool) {
      const roles = permissions.get(tool.name) ?? tool.access?.roles ?? ADMINS_ONLY;
      return roles.length === 0 ? ADMINS_ONLY : roles;
    },
    clearPermissions(tool) {
      const wasSet = permissions.delete(tool);
      if (wasSet) epoch++;
      return wasSet;
    },
    addGrants(grants) {
      const faults = createProblems();
      const added = parseGrants("grants", grants, graph.names, faults);
      faults.throwIfAny("The grants cannot be added.");
      list.add(added);
      if (added.length > 0) epoch++;
    },
    removeGrants(name) {
      const removed = list.remove(name);
      if (removed > 0) epoch++;
      return removed;
    },
    prepareRoles(roles) {
      const faults = createProblems();
      const next = parseRoles(roles, faults);
      for (const { name, roles: named = [] } of list.grants) addUnknown(`grant ${name}`, named, next, faults);
      for (const [tool, named] of permissions) addUnknown(`permissions of ${tool}`, named, next, faults);
      faults.throwIfAny("The roles cannot be changed.");
      return () => {
        graph = next;
        admins = toAdminRule(graph);
        list.regraph(graph);
        epoch++;
      };
    },
    checkRoles: (tool) => findUnknownRoles(tool, graph.names),
    holds(principal, role) {
      const holders = graph.holders(role);
      return principal.roles.some((held) => holders.has(held));
    },
  };
}

function addUnknown(path: string, named: readonly string[], { names }: RoleGraph, problems: Problems): void {
  for (const role of named) if (!names.has(role)) problems.addUnknownRole(path, role, names);
}
