// What has to hold for every policy, principal and tool; with an oracle that is written the naive way round.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPrincipal, type Principal } from "../call/principal.ts";
import type { Access } from "../tool/access.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import {
  createAuthorization,
  type Authorization,
  type Authorizer,
  type Condition,
  type Decision,
  type Grant,
  type RoleDeclaration,
} from "./index.ts";

// Each role may inherit those before it, so that no circle comes up; GHOST is never declared.
const ROLES = ["LOW", "GUEST", "MIDDLE", "USER", "HIGH", "ADMIN", "OWNER", "OTHER"];
const BUILT_IN: Readonly<Record<string, readonly string[]>> = { ADMIN: ["USER"], USER: ["GUEST"], GUEST: [] };
const IDS = ["ann", "bob", "cy"];
const TENANTS = ["acme", "globex", "default"];
const SCOPES = ["read", "write", "refund"];
const TOOLS = ["orders", "orders.get", "orders.items.add", "ordersx", "users.get"];
const PATTERNS = [...TOOLS, "*", "orders.*", "orders.items.*", "users.*"];

const subset = (values: readonly string[], minLength = 0): fc.Arbitrary<string[]> =>
  fc.subarray([...values], { minLength });

// Enough further roles that those above get no bit of their own: none, some, or all of them.
const crowds = fc
  .constantFrom(0, 27, 40)
  .map((length) => Array.from({ length }, (_, index) => [`R${index}`, {}] as const));

const declarations = fc
  .tuple(crowds, ...ROLES.map((_, index) => subset(ROLES.slice(0, index))))
  .map(([crowd, ...inherited]): Record<string, RoleDeclaration> =>
    Object.fromEntries([...crowd, ...ROLES.map((role, i) => [role, { inherits: inherited[i] ?? [] }] as const)]),
  );

const conditions = fc.constantFrom<Condition[]>(
  (input) => (input as { n: number }).n > 2,
  (input) => (input as { n: number }).n % 2 === 0,
  (_, { principal }) => principal.id === "ann",
  () => true,
  () => {
    throw new Error("broken");
  },
  () => "yes" as unknown as boolean,
  () => Promise.reject(new Error("late")) as unknown as boolean,
);

const grants: fc.Arbitrary<Grant> = fc.record(
  {
    effect: fc.constantFrom("allow", "allow", "deny"),
    tools: subset(PATTERNS, 1),
    roles: subset(ROLES, 1),
    principals: subset(IDS, 1),
    scopes: subset(SCOPES, 1),
    tenants: subset(TENANTS, 1),
    when: conditions,
  },
  { requiredKeys: ["tools"] },
);

const access: fc.Arbitrary<Access | null> = fc.option(
  fc.record(
    { roles: subset(ROLES), principals: subset(IDS), tenants: subset(TENANTS, 1), scopes: subset(SCOPES) },
    { requiredKeys: [] },
  ),
);

const principals: fc.Arbitrary<Principal> = fc
  .record({
    id: fc.constantFrom(...IDS),
    tenant: fc.constantFrom(...TENANTS),
    roles: subset([...ROLES, "GHOST"]),
    scopes: subset(SCOPES),
  })
  .map((input) => createPrincipal(input));

interface World {
  readonly roles: Record<string, RoleDeclaration>;
  readonly grants: readonly Grant[];
  readonly permissions: readonly string[] | null;
  readonly name: string;
  readonly access: Access | null;
  readonly principal: Principal;
  readonly input: { readonly n: number };
}

const worlds: fc.Arbitrary<World> = fc.record({
  roles: declarations,
  grants: fc.array(grants, { maxLength: 6 }),
  permissions: fc.option(subset(ROLES)),
  name: fc.constantFrom(...TOOLS),
  access,
  principal: principals,
  input: fc.record({ n: fc.integer({ min: 0, max: 5 }) }),
});

/** All that authorisation reads of a version. */
function toTool({ name, access: own }: World): ToolVersion {
  return { name, version: "1.0.0", access: own, limits: [], concurrency: [] } as unknown as ToolVersion;
}

function toAuthorization(world: World, authorizer?: Authorizer): Authorization {
  const authorization = createAuthorization({ roles: world.roles, grants: world.grants, authorizer });
  if (world.permissions !== null) authorization.setPermissions(world.name, world.permissions);
  return authorization;
}

/** The decision without and with the arguments. */
function decideBoth(world: World, authorizer?: Authorizer): readonly [Decision, Decision] {
  const compiled = toAuthorization(world, authorizer).compile(toTool(world));
  return [compiled.decide(world.principal), compiled.decideArguments(world.principal, world.input)];
}

// The oracle: widens what the principal holds, asks every grant, and settles the answers at the end.
type Answer = true | false | "maybe";

function decideNaively(world: World, known: boolean): Pick<Decision, "allowed" | "visible"> {
  const { principal } = world;
  const held = new Set(principal.roles.filter((role) => ROLES.includes(role)));
  for (const role of held)
    [...(BUILT_IN[role] ?? []), ...(world.roles[role]?.inherits ?? [])].forEach((next) => held.add(next));
  const whether = (grant: Grant): Answer => {
    if (grant.when === undefined) return true;
    if (!known) return "maybe";
    try {
      const answer: unknown = grant.when(world.input, { principal, tool: toTool(world) });
      if (answer instanceof Promise) answer.catch(() => undefined);
      return typeof answer === "boolean" ? answer : grant.effect === "deny";
    } catch {
      return grant.effect === "deny";
    }
  };
  const isFor = (grant: Grant): boolean =>
    grant.tools.some((p) => new RegExp(`^${p.replaceAll(".", "\\.").replace("*", ".+")}$`).test(world.name)) &&
    (grant.roles?.some((role) => held.has(role)) ?? true) &&
    (grant.principals?.includes(principal.id) ?? true) &&
    (grant.scopes?.every((scope) => principal.scopes.includes(scope)) ?? true) &&
    (grant.tenants?.includes(principal.tenant) ?? true);
  const mine = world.grants.filter(isFor);
  const denies = mine.filter((grant) => grant.effect === "deny");
  const allows = mine.filter((grant) => grant.effect !== "deny");
  const named = world.permissions ?? world.access?.roles ?? [];
  const byName = world.permissions === null && (world.access?.principals ?? []).includes(principal.id);
  const base = held.has("ADMIN") || byName || named.some((role) => held.has(role));
  const inside = world.access?.tenants?.includes(principal.tenant) ?? true;
  const visible = inside && (base || allows.length > 0) && denies.every((grant) => grant.when !== undefined);
  const scoped = (world.access?.scopes ?? []).every((scope) => principal.scopes.includes(scope));
  const denied = denies.map(whether);
  const allowed = [base, ...allows.map(whether)];
  if (!visible || !scoped || denied.includes(true)) return { allowed: "no", visible };
  if (allowed.includes(true) && !denied.includes("maybe")) return { allowed: "yes", visible };
  return { allowed: allowed.some((answer) => answer !== false) ? "conditional" : "no", visible };
}

const RANK = { no: 0, conditional: 1, yes: 2 };
const isAtMost = (a: Decision, b: Decision): boolean =>
  RANK[a.allowed] <= RANK[b.allowed] && Number(a.visible) <= Number(b.visible);
const RUNS = { numRuns: 1_000 };

function holds(name: string, predicate: (world: World) => void): void {
  test(name, () => {
    fc.assert(fc.property(worlds, predicate), RUNS);
  });
}

describe("the default decision", () => {
  test("agrees with the oracle", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(worlds, (world) => {
        const [before, after] = decideBoth(world);
        expect({ allowed: before.allowed, visible: before.visible }).toEqual(decideNaively(world, false));
        expect({ allowed: after.allowed, visible: after.visible }).toEqual(decideNaively(world, true));
        seen.add(`${before.allowed} ${before.visible} ${after.allowed} ${after.visible}`);
      }),
      { numRuns: 5_000 },
    );
    // Every way a call can go came up, so that agreeing meant something.
    expect([...seen].sort()).toEqual([
      "conditional true no true",
      "conditional true yes true",
      "no false no false",
      "no true no true",
      "yes true yes true",
    ]);
  });

  holds("lets nobody call what they cannot see", (world) => {
    for (const { allowed, visible } of decideBoth(world)) expect(allowed === "no" || visible).toBe(true);
  });

  holds("never allows with arguments what it refuses without, and leaves nothing open", (world) => {
    const [before, after] = decideBoth(world);
    expect(after.allowed).not.toBe("conditional");
    expect(after.visible).toBe(before.visible);
    if (before.allowed !== "conditional") expect(after).toEqual(before);
  });

  holds("lets a deny win over everything", (world) => {
    const denied = {
      ...world,
      grants: [...world.grants, { effect: "deny", tools: [world.name], principals: [world.principal.id] }],
    } as const;
    for (const { allowed, visible } of decideBoth(denied)) expect([allowed, visible]).toEqual(["no", false]);
  });

  test("allows nothing more once a deny is added, and nothing less once an allow is", () => {
    const placed = fc.record({ world: worlds, grant: grants, at: fc.nat(6) });
    fc.assert(
      fc.property(placed, ({ world, grant, at }) => {
        const before = decideBoth(world);
        const after = decideBoth({ ...world, grants: world.grants.toSpliced(at, 0, grant) });
        before.forEach((was, index) => {
          const is = after[index] as Decision;
          expect(grant.effect === "deny" ? isAtMost(is, was) : isAtMost(was, is)).toBe(true);
        });
      }),
      RUNS,
    );
  });

  holds("hides a tool from every tenant that it is not offered to", (world) => {
    const elsewhere = TENANTS.filter((tenant) => tenant !== world.principal.tenant);
    const open: Grant = { tools: ["*"] };
    const locked = { ...world, access: { ...world.access, tenants: elsewhere }, grants: [...world.grants, open] };
    for (const { allowed, visible } of decideBoth(locked)) expect([allowed, visible]).toEqual(["no", false]);
  });

  test("is the same to a tenant whatever is granted to another", () => {
    fc.assert(
      fc.property(worlds, grants, (world, grant) => {
        const foreign = { ...grant, tenants: TENANTS.filter((tenant) => tenant !== world.principal.tenant) };
        const after = decideBoth({ ...world, grants: [foreign, ...world.grants] });
        decideBoth(world).forEach(({ allowed, visible, reason }, index) => {
          expect(after[index]).toMatchObject({ allowed, visible, reason });
        });
      }),
      RUNS,
    );
  });

  holds("is what explain explains", (world) => {
    const compiled = toAuthorization(world).compile(toTool(world));
    const check = (decision: Decision, input?: unknown): void => {
      const { allowed, visible, conditional, rule, reason, considered } = compiled.explain(world.principal, input);
      expect({ allowed, visible, conditional, rule, reason }).toEqual({
        ...decision,
        allowed: decision.allowed !== "no",
        conditional: decision.allowed === "conditional",
      });
      if (rule !== "default deny") expect(considered.map((entry) => entry.rule)).toContain(rule);
    };
    check(compiled.decide(world.principal));
    check(compiled.decideArguments(world.principal, world.input), world.input);
  });

  holds("says for holds() what inheritance says", ({ roles, principal }) => {
    const authorization = createAuthorization({ roles });
    const reaches = (from: string, to: string): boolean =>
      from === to || [...(BUILT_IN[from] ?? []), ...(roles[from]?.inherits ?? [])].some((next) => reaches(next, to));
    for (const role of [...ROLES, "GHOST"]) {
      const held = principal.roles.some((own) => own !== "GHOST" && reaches(own, role));
      expect(authorization.holds(principal, role)).toBe(held);
    }
  });
});

describe("an authorizer's decision", () => {
  const visibles = fc.boolean();
  const answers: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom<unknown[]>(true, false, "default", "throw", Promise.resolve(true), null, {}, 1),
    fc.record({
      allowed: fc.constantFrom("yes", "no", "conditional", "perhaps"),
      visible: visibles,
      rule: fc.constant("own"),
      reason: fc.constant("Own."),
    }),
  );

  test("keeps every promise of the default one, whatever it answers", () => {
    fc.assert(
      fc.property(worlds, answers, answers, (world, early, late) => {
        const authorizer: Authorizer = ({ phase }, decideDefault) => {
          const answer = phase === "tool" ? early : late;
          if (answer === "throw") throw new Error("broken");
          return (answer === "default" ? decideDefault() : answer) as Decision;
        };
        const [before, after] = decideBoth(world, authorizer);
        for (const { allowed, visible } of [before, after]) expect(allowed === "no" || visible).toBe(true);
        expect(before.allowed).not.toBe("yes");
        expect(after.allowed).not.toBe("conditional");
        expect(after.visible).toBe(before.visible);
        if (before.allowed === "no") expect(after.allowed).toBe("no");
      }),
      RUNS,
    );
  });

  holds("is the default one where it delegates", (world) => {
    const [before, after] = decideBoth(world);
    const [ownBefore, ownAfter] = decideBoth(world, (_, decideDefault) => decideDefault());
    expect(ownBefore).toEqual({ ...before, allowed: before.allowed === "no" ? "no" : "conditional" });
    expect(ownAfter).toEqual(after);
  });
});
