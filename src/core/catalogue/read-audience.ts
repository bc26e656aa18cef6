// Who takes part in a rollout, as an administrator says it.
import { createPrincipal, DEFAULT_TENANT } from "../../call/principal.ts";
import { toProblemsError, type Problem } from "../../errors/toolyard-error.ts";
import { findNearest } from "../../kernel/nearest.ts";
import type { Audience, AudienceMember } from "../../registry/index.ts";
import { toChoiceProblem, toKind } from "../options.ts";
import type { RolloutOptions } from "./rollouts.ts";

const MAX_NAMED = 1_000;

/** The audience of a rollout of `version`. Throws INVALID_OPTION or UNKNOWN_ROLE. */
export function readAudience(options: RolloutOptions, version: string, known: ReadonlySet<string>): Audience {
  const { kind, percent, principals = [], tenants = [], roles = [], salt = version } = options;
  const problems: Problem[] = [
    ...toChoiceProblem("kind", kind, ["canary", "shadow"]),
    ...toListProblem("principals", principals, (one) => typeof (one as AudienceMember | null)?.id === "string"),
    ...toListProblem("tenants", tenants, isText),
    ...toListProblem("roles", roles, isText),
    ...(isText(salt) ? [] : [{ path: "salt", message: `received ${toKind(salt)}, expected 1 to 256 characters` }]),
    ...toPercentProblem(percent, principals.length + tenants.length + roles.length > 0),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "rollouts.start: options have problems.", problems);
  const members = principals.map(({ id, tenant = DEFAULT_TENANT }): AudienceMember => {
    const checked = createPrincipal({ id, tenant });
    return { tenant: checked.tenant, id: checked.id };
  });
  checkRoles(roles, known);
  return { percent: percent ?? 0, principals: members, tenants: [...tenants], roles: [...roles], salt };
}

/** A name that is no role would silently fit nobody. */
function checkRoles(roles: readonly string[], known: ReadonlySet<string>): void {
  const problems = roles.flatMap((role, index): readonly Problem[] => {
    if (known.has(role)) return [];
    const near = findNearest(role, known, 1)[0];
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    const message = `received ${JSON.stringify(role)}, expected one of ${[...known].join(", ")}${hint}`;
    return [{ path: `roles[${index}]`, message }];
  });
  if (problems.length > 0) throw toProblemsError("UNKNOWN_ROLE", "rollouts.start: unknown roles.", problems);
}

function toPercentProblem(percent: unknown, isNamed: boolean): readonly Problem[] {
  const message = `received ${toKind(percent)}, expected a number from 0 to 100`;
  if (percent === undefined) {
    return isNamed ? [] : [{ path: "percent", message: `${message}, or principals, tenants or roles` }];
  }
  return typeof percent === "number" && percent >= 0 && percent <= 100 ? [] : [{ path: "percent", message }];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= 256 && !value.includes("\0");
}

function toListProblem(path: string, list: unknown, isOne: (value: unknown) => boolean): readonly Problem[] {
  if (Array.isArray(list) && list.length <= MAX_NAMED && list.every(isOne)) return [];
  const received = Array.isArray(list) ? `${list.length} entries` : toKind(list);
  return [{ path, message: `received ${received}, expected an array of at most ${MAX_NAMED.toLocaleString("en")}` }];
}
