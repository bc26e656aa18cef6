// Who may see and call which tool: roles, permissions, grants, and the one decision made from them.
export { createAuthorization } from "./create-authorization.ts";
export type { Authorization, AuthorizationOptions } from "./authorization.ts";
export type { AuthorizationRequest, Authorizer } from "./authorizer.ts";
export type { Decision } from "./decision.ts";
export type { Explanation } from "./explain.ts";
export type { Condition, Grant } from "./grant.ts";
export { Role, type RoleDeclaration } from "./role.ts";
export type { ToolAccess } from "./tool-access.ts";
