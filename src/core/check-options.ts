// Checks the options of a registry, all at once, before anything is made of them.
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import { findNearest } from "../kernel/nearest.ts";
import { readResilienceOptions } from "./resilience-options.ts";
import { checkKeys, toKind, toRangeProblem, toUnknownKeys } from "./options.ts";
import { DEFINITION_FIELDS } from "../tool/publish.ts";
import { CODE, SOURCE_KIND } from "../tool/source.ts";
import type { Hooks } from "../pipeline/hooks.ts";
import type { RegistryOptions } from "./registry.ts";
import type { Declaration } from "./settings/redeclare.ts";

const KEYS = Object.keys({
  app: 1,
  tools: 1,
  force: 1,
  sources: 1,
  roles: 1,
  grants: 1,
  authorizer: 1,
  principals: 1,
  limits: 1,
  quotaOverrides: 1,
  concurrency: 1,
  defaultRole: 1,
  requirePrincipal: 1,
  timeoutMs: 1,
  retry: 1,
  upstreams: 1,
  idempotencyKeepMs: 1,
  results: 1,
  hooks: 1,
  metering: 1,
  audit: 1,
  quotaStore: 1,
  slotStore: 1,
  idempotencyStore: 1,
  outcomeStore: 1,
  cacheStore: 1,
  artefactStore: 1,
  clock: 1,
  random: 1,
  ids: 1,
} satisfies Record<keyof RegistryOptions, 1>);

/** Throws INVALID_OPTION that lists every unknown key and every value of the wrong kind. */
export function checkRegistryOptions(options: RegistryOptions<never>): void {
  checkKeys("createRegistry", options, KEYS);
  const problems: Problem[] = [
    ...toRangeProblem("timeoutMs", options.timeoutMs, 1, 86_400_000),
    ...toRangeProblem("idempotencyKeepMs", options.idempotencyKeepMs, 1_000, 2_592_000_000),
    ...readResilienceOptions(options).problems,
    ...toResultsProblems(options.results),
    ...Object.entries(PORTS).flatMap(([name, methods]) =>
      toPortProblem(name, options[name as keyof typeof PORTS], methods),
    ),
    ...toTypeProblem("requirePrincipal", options.requirePrincipal, "boolean"),
    ...toTypeProblem("authorizer", options.authorizer, "function"),
    ...toTypeProblem("ids", options.ids, "function"),
    ...toRoleProblem(options),
    ...toHookProblems(options.hooks),
    ...toListProblem("tools", options.tools),
    ...toSourceProblems(options.sources),
    ...toListProblem("grants", options.grants),
    ...toListProblem("limits", options.limits),
    ...toListProblem("principals", options.principals),
    ...toListProblem("quotaOverrides", options.quotaOverrides),
    ...toListProblem("concurrency", options.concurrency),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "createRegistry: options have problems.", problems);
}

const DECLARED_KEYS = Object.keys({
  tools: 1,
  roles: 1,
  grants: 1,
  limits: 1,
  principals: 1,
  quotaOverrides: 1,
} satisfies Record<keyof Declaration, 1>);

/** Throws INVALID_OPTION that lists every unknown key and every value of the wrong kind of what is declared anew. */
export function checkDeclaration(declared: Declaration<never>, defaultRole: string | undefined): void {
  checkKeys("redeclare", declared, DECLARED_KEYS);
  const problems: Problem[] = [
    ...toRoleProblem({ ...declared, ...(defaultRole !== undefined && { defaultRole }) }),
    ...DECLARED_KEYS.filter((key) => key !== "roles").flatMap((key) =>
      toListProblem(key, declared[key as keyof Declaration]),
    ),
  ];
  if (problems.length > 0)
    throw toProblemsError("INVALID_OPTION", "redeclare: what is declared has problems.", problems);
}

/** Throws UNKNOWN_ROLE for roles in the registry's own limits that nobody can hold. */
export function checkLimitRoles({ limits, concurrency }: RegistryOptions<never>, roles: ReadonlySet<string>): void {
  const toProblems = (path: string, list: readonly { readonly roles?: readonly string[] }[] = []): readonly Problem[] =>
    list.flatMap((limit, index) =>
      (limit.roles ?? [])
        .filter((role) => !roles.has(role))
        .map((role) => ({ path: `${path}[${index}].roles`, message: toUnknownRole(role, roles) })),
    );
  const problems = [...toProblems("limits", limits), ...toProblems("concurrency", concurrency)];
  if (problems.length > 0)
    throw toProblemsError("UNKNOWN_ROLE", "createRegistry: limits name unknown roles.", problems);
}

function toUnknownRole(role: string, roles: ReadonlySet<string>): string {
  const near = findNearest(role, roles, 1)[0];
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `received ${toKind(role)}, expected one of ${[...roles].join(", ")}${hint}`;
}

/** What a store of one's own has to be able to do: one that cannot would fail at the first call, or silently do nothing. */
const PORTS = {
  quotaStore: ["take", "read", "reset"],
  slotStore: ["take", "read"],
  idempotencyStore: ["read", "claim", "store", "release", "watch"],
  outcomeStore: ["add", "get", "list", "remove", "count"],
  cacheStore: ["get", "set", "clear"],
  artefactStore: ["put", "get"],
} as const;

function toPortProblem(path: string, store: unknown, methods: readonly string[]): readonly Problem[] {
  if (store === undefined) return [];
  const missing = isObject(store) ? methods.filter((method) => typeof store[method] !== "function") : methods;
  if (missing.length === 0) return [];
  const message = `received ${toKind(store)}, expected a store with ${methods.join(", ")}; it has no ${missing.join(", ")}`;
  return [{ path, message }];
}

const HOOKS: readonly string[] = Object.keys({
  beforeAuthorize: 1,
  beforeAttempt: 1,
  aroundAttempt: 1,
  afterOutcome: 1,
  onSettled: 1,
} satisfies Record<keyof Hooks, 1>);

/** A misspelt hook would be a guard that never stands. */
function toHookProblems(hooks: unknown): readonly Problem[] {
  if (hooks === undefined) return [];
  const sets: readonly unknown[] = Array.isArray(hooks) ? hooks : [hooks];
  return sets.flatMap((set, index) => {
    const path = Array.isArray(hooks) ? `hooks[${index}]` : "hooks";
    if (!isObject(set)) return [{ path, message: `received ${toKind(set)}, expected an object of hooks` }];
    const unknown = toUnknownKeys(set, HOOKS).map((problem) => ({ ...problem, path: `${path}.${problem.path}` }));
    return [...unknown, ...HOOKS.flatMap((name) => toTypeProblem(`${path}.${name}`, set[name], "function"))];
  });
}

function toSourceProblems(sources: unknown): readonly Problem[] {
  if (sources === undefined) return [];
  if (!isObject(sources))
    return [{ path: "sources", message: `received ${toKind(sources)}, expected functions by the names of sources` }];
  return Object.entries(sources).flatMap(([name, source]) => {
    const path = `sources.${name.slice(0, 64)}`;
    // A definition has the name of its source as a field.
    if (SOURCE_KIND.test(name) && name !== CODE && !DEFINITION_FIELDS.includes(name))
      return toTypeProblem(path, source, "function");
    const expected = 'lower-case letters, digits and "-", at most 32, and neither "code" nor a field of definitions';
    return [{ path, message: `is no name of a source, expected ${expected}` }];
  });
}

function toResultsProblems(results: unknown): readonly Problem[] {
  if (results === undefined) return [];
  if (!isObject(results)) return [{ path: "results", message: `received ${toKind(results)}, expected an object` }];
  return [
    ...toUnknownKeys(results, ["maxBytes", "keepMs"]),
    ...toRangeProblem("maxBytes", results["maxBytes"], 1_024, 16_777_216),
    ...toRangeProblem("keepMs", results["keepMs"], 1_000, 86_400_000),
  ].map(({ path, message }) => ({ path: `results.${path}`, message }));
}

function toTypeProblem(path: string, value: unknown, type: "boolean" | "function"): readonly Problem[] {
  if (value === undefined || typeof value === type) return [];
  return [{ path, message: `received ${toKind(value)}, expected a ${type}` }];
}

function toListProblem(path: string, value: unknown): readonly Problem[] {
  return value === undefined || Array.isArray(value)
    ? []
    : [{ path, message: `received ${toKind(value)}, expected an array` }];
}

function toRoleProblem({ defaultRole, roles }: RegistryOptions<never>): readonly Problem[] {
  if (defaultRole === undefined) return [];
  const known = ["ADMIN", "USER", "GUEST", ...Object.keys(roles ?? {})];
  if (known.includes(defaultRole)) return [];
  return [{ path: "defaultRole", message: `received ${toKind(defaultRole)}, expected one of ${known.join(", ")}` }];
}
