// Settings at random, what they can be carried out on, and all they decide about, for properties of settings and of declarations.
import fc from "fast-check";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../src/core/registry.ts";
import { toSettingId } from "../../src/core/settings/setting-rules.ts";
import { ToolyardError } from "../../src/errors/toolyard-error.ts";
import { isObject, type JsonObject } from "../../src/kernel/json.ts";
import type { Setting, SettingKind } from "../../src/ports/setting-store.ts";
import { defineTool } from "../../src/tool/define-tool.ts";

export const TOOLS = [
  defineTool({
    name: "orders.get",
    version: "1.0.0",
    description: "Reads.",
    effect: "read",
    access: { roles: ["USER"] },
    limits: [{ name: "own", per: ["principal"], capacity: 50, windowMs: 60_000 }],
    handler: () => "done",
  }),
  defineTool({ name: "orders.refund", version: "1.0.0", description: "Reads.", effect: "read", handler: () => "done" }),
] as const;
export const PEOPLE = ["ann", "bob"].flatMap((id) =>
  [["USER"], ["GUEST"], ["ADMIN"], ["R1"], ["R2"]].map((roles) => ({ id, tenant: "t", roles })),
);

const roleName = fc.constantFrom("R1", "R2", "USER");
const roles = fc.uniqueArray(roleName, { minLength: 1, maxLength: 2 });
const who = fc.constantFrom("ann", "bob");
const name = fc.constantFrom("a", "b");
const body: Readonly<Record<SettingKind, fc.Arbitrary<JsonObject>>> = {
  role: fc.record({ inherits: fc.uniqueArray(roleName, { maxLength: 2 }) }),
  grant: fc.record(
    {
      effect: fc.constantFrom("allow", "deny"),
      tools: fc.constantFrom(["*"], ["orders.*"], ["orders.get"]),
      roles,
      principals: fc.constantFrom(["ann"], ["bob"]),
    },
    { requiredKeys: ["tools"] },
  ),
  permission: fc.record({ roles }),
  principal: fc.record({ roles, scopes: fc.constant(["s"]), disabled: fc.boolean() }, { requiredKeys: [] }),
  limit: fc.record(
    {
      per: fc.constantFrom(["principal"], ["tenant"], ["principal", "tool"]),
      capacity: fc.integer({ min: 1, max: 9 }),
      windowMs: fc.constant(60_000),
      roles,
    },
    { requiredKeys: ["per", "capacity", "windowMs"] },
  ),
  override: fc.record({ capacity: fc.integer({ min: 1, max: 9 }) }),
  stop: fc.constant({}),
};
const ids: Readonly<Record<SettingKind, fc.Arbitrary<string>>> = {
  role: fc.constantFrom("R1", "R2"),
  grant: name,
  permission: fc.constantFrom("orders.get", "orders.refund"),
  principal: who.map((id) => toSettingId("t", id)),
  limit: name,
  override: fc
    .tuple(who, fc.constantFrom("a", "b", "orders.get:own"))
    .map(([id, limit]) => toSettingId("t", id, limit)),
  // Of somebody else: what stops decide is tested in stops.test.ts.
  stop: fc.constantFrom("tool\0elsewhere", "tenant\0elsewhere"),
};
export const KINDS = Object.keys(ids) as readonly SettingKind[];
const set = fc
  .constantFrom(...KINDS)
  .chain((kind) =>
    fc.record({ do: fc.constant("set" as const), kind: fc.constant(kind), id: ids[kind], body: body[kind] }),
  );
const remove = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.record({ do: fc.constant("remove" as const), kind: fc.constant(kind), id: ids[kind] }));
export const steps = fc.array(fc.oneof({ weight: 3, arbitrary: set }, { weight: 1, arbitrary: remove }), {
  maxLength: 60,
  size: "max",
});
export type Step = (typeof steps extends fc.Arbitrary<infer S> ? S : never) extends readonly (infer One)[]
  ? One
  : never;

/** Asks for everything at once, as several operators do; what cannot be is refused, and nothing else. */
export async function carryOut(registry: Registry, all: readonly Step[]): Promise<readonly boolean[]> {
  const done = await Promise.allSettled(
    all.map((step) =>
      step.do === "set"
        ? registry.settings.set(step.kind, step.id, step.body as object)
        : registry.settings.remove(step.kind, step.id),
    ),
  );
  return done.map((one) => {
    if (one.status === "rejected" && !(one.reason instanceof ToolyardError)) throw one.reason;
    return one.status === "fulfilled";
  });
}

/** Everything that settings decide about, as far as it can be asked. */
export async function look(registry: Registry) {
  const about = PEOPLE.map(async (principal) => ({
    sees: registry.list({ principal }).map((tool) => tool.name),
    may: TOOLS.map((tool) => registry.permissions.check(principal, tool.name)),
    quotas: await Promise.all(
      TOOLS.map(async (tool) =>
        (await registry.quotas.remaining(principal, tool.name)).map(({ limit, capacity }) => [limit, capacity]),
      ),
    ),
  }));
  return {
    about: await Promise.all(about),
    overrides: registry.quotas.overrides().toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}

export async function listAll(registry: Registry) {
  return [registry.stops.list(), ...(await Promise.all(KINDS.map((kind) => registry.settings.list(kind))))];
}

export type Program = Pick<RegistryOptions, "roles" | "grants" | "limits" | "principals" | "quotaOverrides">;

/** What a registry without stores takes of the steps, as its options. */
export async function toProgram(all: readonly Step[]): Promise<Program> {
  const registry = createRegistry({ tools: TOOLS, limits: [] });
  await carryOut(registry, all);
  const list = (kind: SettingKind) => registry.settings.list(kind);
  return withSettings({ limits: [] }, [
    ...(await list("role")),
    ...(await list("grant")),
    ...(await list("limit")),
    ...(await list("principal")),
    ...(await list("override")),
  ]).program;
}

/** The rule of precedence, said a second time: what the program declares, and settings of ids that it does not declare. */
export function withSettings(
  program: Program,
  stored: readonly Setting[],
): { readonly program: Program; readonly permissions: readonly Setting[] } {
  const { roles: declaredRoles = {}, grants = [], limits = [], principals = [], quotaOverrides = [] } = program;
  const of = (kind: SettingKind, isDeclared: (id: string) => boolean): readonly (readonly [string, object])[] =>
    stored.flatMap((one) =>
      one.kind === kind && !isDeclared(one.id) && isObject(one.body) ? [[one.id, one.body]] : [],
    );
  const newLimits = [
    ...limits,
    ...of("limit", (id) => limits.some((one) => one.name === id)).map(([id, said]) => ({ ...said, name: id })),
  ] as NonNullable<Program["limits"]>;
  const isLimit = (limit: string) => limit === "orders.get:own" || newLimits.some((one) => one.name === limit);
  return {
    permissions: stored.filter(({ kind }) => kind === "permission"),
    program: {
      ...program,
      roles: { ...Object.fromEntries(of("role", (id) => id in declaredRoles)), ...declaredRoles },
      grants: [
        ...grants,
        ...of("grant", (id) => grants.some((one) => one.name === id)).map(([id, said]) => ({ ...said, name: id })),
      ] as NonNullable<Program["grants"]>,
      limits: newLimits,
      principals: [
        ...principals,
        ...of("principal", (id) => principals.some((one) => toSettingId(one.tenant ?? "", one.id) === id)).map(
          ([id, said]) => ({ ...said, tenant: id.split("\0")[0] ?? "", id: id.split("\0")[1] ?? "" }),
        ),
      ],
      quotaOverrides: [
        ...quotaOverrides,
        ...of("override", (id) =>
          quotaOverrides.some((one) => toSettingId(one.tenant ?? "", one.principal, one.limit) === id),
        )
          .map(([id, said]) => ({ said, parts: id.split("\0") }))
          .filter(({ parts }) => isLimit(parts[2] ?? ""))
          .map(({ said, parts: [tenant = "", principal = "", limit = ""] }) => ({
            ...(said as { readonly capacity: number }),
            tenant,
            principal,
            limit,
          })),
      ],
    },
  };
}
