// The type of what `createAuthorization` makes.
import type { Principal } from "../call/principal.ts";
import type { Problem } from "../errors/toolyard-error.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import type { Authorizer } from "./authorizer.ts";
import type { Grant } from "./grant.ts";
import type { RoleDeclaration } from "./role.ts";
import type { ToolAccess } from "./tool-access.ts";

export interface AuthorizationOptions {
  /** Roles besides ADMIN, USER and GUEST; these three may be given more to inherit. @default none */
  readonly roles?: Readonly<Record<string, RoleDeclaration>> | undefined;
  /** @default none */
  readonly grants?: readonly Grant[] | undefined;
  /** Decides in place of the default. @default none */
  readonly authorizer?: Authorizer | undefined;
}

/** What the program declares in place of what it declared before, and what of the grants beside that changes with it. */
export interface DeclaredRules {
  /** All roles besides ADMIN, USER and GUEST, whoever named them. */
  readonly roles: Readonly<Record<string, RoleDeclaration>>;
  readonly grants: readonly Grant[];
  /** Names of grants beside them that go. */
  readonly without: ReadonlySet<string>;
  /** Grants that come beside them. */
  readonly added: readonly Grant[];
}

export interface Authorization {
  /** Grows with every change. A `ToolAccess` decides by the rules of the epoch it was compiled in: compile anew. */
  readonly epoch: number;
  /** The rules that concern the tool, ready to decide. */
  compile(tool: ToolVersion): ToolAccess;
  /**
   * From now on holders of `roles` may use every version of the tool, in place of the roles and principals its
   * definitions name; their tenants and scopes stay. None: admins only. Throws UNKNOWN_ROLE.
   */
  setPermissions(name: string, roles: readonly string[]): void;
  /** The roles that may use the tool, grants apart; ADMIN when no role is named. */
  permissions(tool: ToolVersion): readonly string[];
  /** Back to the definitions. Whether permissions had been set. */
  clearPermissions(name: string): boolean;
  /** Adds all of them or none: throws INVALID_OPTION or UNKNOWN_ROLE with every problem. */
  addGrants(grants: readonly Grant[]): void;
  /** Removes every grant of that name, and says how many there were. */
  removeGrants(name: string): number;
  /** In the order they were added, with name and effect filled in. */
  readonly grants: readonly Grant[];
  /**
   * Makes these the roles besides ADMIN, USER and GUEST, in place of those before, when the result is called. Throws INVALID_OPTION or
   * UNKNOWN_ROLE at once, also for a role that is gone and that grants or permissions still name.
   */
  prepareRoles(roles: Readonly<Record<string, RoleDeclaration>>): () => void;
  /**
   * Puts these roles and grants in place of those that were declared before, when the result is called; grants that were added stay.
   * Throws INVALID_OPTION or UNKNOWN_ROLE at once, also for a role that is gone and that what stays still names.
   */
  prepareDeclared(rules: DeclaredRules): () => void;
  /** Names in the tool's access, limits and concurrency limits that are no roles. */
  checkRoles(tool: ToolVersion): readonly Problem[];
  /** The names of all roles. */
  readonly roles: ReadonlySet<string>;
  /** Whether the principal has the role or one that inherits it. */
  holds(principal: Principal, role: string): boolean;
}
