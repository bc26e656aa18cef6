// Run-time permissions, and the questions about them.
import { Role, type Decision, type Explanation } from "../authz/index.ts";
import type { Principal, PrincipalInput } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { Environment } from "../pipeline/environment.ts";
import { lookupVisible, withCanary } from "../pipeline/find-visible.ts";
import { toAccess } from "../pipeline/plan.ts";
import type { ToolEntry } from "../registry/index.ts";
import { recordAct, toAct } from "./acts.ts";
import type { Emitter } from "./events.ts";
import type { Permissions } from "./registry.ts";
import type { Settings } from "./settings/settings.ts";

/** The permissions of a registry. */
export function createPermissions(environment: Environment, emitter: Emitter, kept: Settings | null): Permissions {
  const { authorization, catalogue } = environment;

  const find = (name: string): ToolEntry => findTool(environment, name);

  // A question about nobody is a slip, never one about trusted code.
  const toPrincipal = (input: PrincipalInput): Principal => environment.principals.identify(input);

  const explain = (input: PrincipalInput, ref: string, args?: unknown): Explanation => {
    const principal = toPrincipal(input);
    if (environment.principals.isDisabled(principal)) return DISABLED;
    const found = catalogue.snapshot.lookup(ref, principal.tenant);
    if (found.kind !== "found") return notFound(ref);
    return toAccess(withCanary(found, environment, principal).entry, environment).explain(principal, args);
  };

  return {
    async set(name, roles, options = {}) {
      find(name);
      if (kept !== null) {
        await kept.set("permission", name, { roles: [...roles] }, options);
        return;
      }
      const act = toAct("permissions.set", options, { roles: [...roles] }, environment);
      authorization.setPermissions(name, roles);
      emitter.emit("permissions.changed", { name });
      await recordAct(environment, "permissions.changed", name, act);
    },
    get(name) {
      const first = find(name).versions[0];
      return first === undefined ? [Role.ADMIN] : authorization.permissions(first.tool.version);
    },
    async clear(name, options = {}) {
      find(name);
      if (kept !== null) {
        await kept.remove("permission", name, options);
        return;
      }
      const act = toAct("permissions.clear", options, { roles: null }, environment);
      if (!authorization.clearPermissions(name)) return;
      emitter.emit("permissions.changed", { name });
      await recordAct(environment, "permissions.changed", name, act);
    },
    check(input, ref, args) {
      const principal = toPrincipal(input);
      if (environment.principals.isDisabled(principal)) return false;
      const found = lookupVisible(ref, environment, principal);
      if (found.kind !== "found") return false;
      const access = toAccess(found.entry, environment);
      const decision: Decision =
        args === undefined ? access.decide(principal) : access.decideArguments(principal, args);
      return decision.allowed !== "no";
    },
    explain,
    holds(input, role) {
      const principal = toPrincipal(input);
      return !environment.principals.isDisabled(principal) && authorization.holds(principal, role);
    },
  };
}

const DISABLED: Explanation = Object.freeze({
  allowed: false,
  visible: false,
  conditional: false,
  rule: "principal is disabled",
  reason: "The principal is disabled.",
  considered: Object.freeze([]),
});

function notFound(ref: string): Explanation {
  return {
    allowed: false,
    visible: false,
    conditional: false,
    rule: "no such tool",
    reason: `There is no tool for ${JSON.stringify(ref)}.`,
    considered: [],
  };
}

function findTool({ catalogue }: Environment, name: string): ToolEntry {
  const tool = catalogue.snapshot.get(name);
  if (tool !== undefined) return tool;
  const names = catalogue.snapshot.tools.map((entry) => entry.name);
  const near = findNearest(name, names);
  const hint = near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`;
  throw new ToolyardError("NOT_PUBLISHED", `There is no tool ${JSON.stringify(name)}${hint}`);
}
