import { describe, expect, test } from "vitest";
import { createPrincipal, type Principal, type PrincipalInput } from "../call/principal.ts";
import type { Access } from "../tool/access.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createAuthorization, Role, type Authorization, type Grant } from "./index.ts";

/** All that authorisation reads of a version. */
function toTool(access: Access | null, name = "orders.get"): ToolVersion {
  return { name, version: "1.0.0", access, limits: [], concurrency: [] } as unknown as ToolVersion;
}

const who = (input: Partial<PrincipalInput> = {}): Principal => createPrincipal({ id: "ann", ...input });
const admin = who({ id: "root", roles: [Role.ADMIN] });
const user = who({ roles: [Role.USER] });
const guest = who({ roles: [Role.GUEST] });

const decide = (access: Access | null, principal: Principal, ...grants: Grant[]) =>
  createAuthorization({ roles: { SUPPORT: {} }, grants })
    .compile(toTool(access))
    .decide(principal);

const YES = { allowed: "yes", visible: true };
const HIDDEN = { allowed: "no", visible: false };

describe("without any rule", () => {
  test("lets admins in, by the rule that says so, and nobody else", () => {
    expect(decide(null, admin)).toMatchObject({ ...YES, rule: "default: admins only" });
    expect(decide(null, user)).toMatchObject({ ...HIDDEN, rule: "default deny" });
    expect(decide({}, user)).toMatchObject(HIDDEN);
    expect(decide({ roles: [], principals: [] }, user)).toMatchObject(HIDDEN);
  });

  test("reads a definition that names scopes or tenants but nobody as admins only", () => {
    const access = { scopes: ["read"], tenants: ["default"] };
    expect(decide(access, who({ scopes: ["read"] }))).toMatchObject(HIDDEN);
    expect(decide(access, who({ roles: [Role.ADMIN], scopes: ["read"] }))).toMatchObject(YES);
  });

  test("gives no power to a role that nobody declared, on either side", () => {
    expect(decide({ roles: ["GHOST"] }, who({ roles: ["GHOST"] }))).toMatchObject(HIDDEN);
    expect(decide({ roles: ["constructor"] }, who({ roles: ["constructor", "__proto__"] }))).toMatchObject(HIDDEN);
  });
});

describe("a definition", () => {
  test("lets in holders of its roles, inherited ones included", () => {
    const access = { roles: [Role.USER] };
    expect(decide(access, user)).toMatchObject({ ...YES, rule: "definition of orders.get" });
    expect(decide(access, admin)).toMatchObject({ ...YES, rule: "definition of orders.get" });
    expect(decide(access, guest)).toMatchObject(HIDDEN);
  });

  test("lets in the principals it names, whatever their roles", () => {
    expect(decide({ roles: ["SUPPORT"], principals: ["ann"] }, guest)).toMatchObject(YES);
    expect(decide({ principals: ["bob"] }, user)).toMatchObject(HIDDEN);
  });

  test("cannot keep an admin out by naming other roles or principals", () => {
    expect(decide({ roles: ["SUPPORT"] }, admin)).toMatchObject({ ...YES, rule: "default: admins only" });
    expect(decide({ principals: ["bob"] }, admin)).toMatchObject(YES);
  });

  test("shows the tool to who lacks a scope, refuses the call, and names what is missing", () => {
    const access = { roles: [Role.USER], scopes: ["read", "write", "refund"] };
    expect(decide(access, who({ scopes: ["read", "write"] }))).toEqual({
      allowed: "no",
      visible: true,
      rule: "definition of orders.get",
      reason: 'The principal lacks the scope "refund".',
    });
    expect(decide(access, who({ scopes: ["write"] })).reason).toBe('The principal lacks the scopes "read", "refund".');
    expect(decide(access, who({ scopes: ["refund", "read", "write"] }))).toMatchObject(YES);
  });

  test("asks for its scopes whichever rule lets somebody in, admins too", () => {
    const access = { scopes: ["write"] };
    const missing = { allowed: "no", visible: true, rule: "definition of orders.get" };
    expect(decide(access, admin)).toMatchObject(missing);
    expect(decide(access, user, { tools: ["*"] })).toMatchObject(missing);
    expect(decide(access, user, { tools: ["*"], when: () => true })).toMatchObject(missing);
  });

  test("hides the tool from other tenants, whichever rule would let somebody in", () => {
    const access = { roles: [Role.USER], tenants: ["acme"] };
    const other = { ...HIDDEN, rule: "definition of orders.get", reason: "The tool is not offered to this tenant." };
    expect(decide(access, who({ tenant: "globex" }))).toEqual(other);
    expect(decide(access, who({ tenant: "globex", roles: [Role.ADMIN] }))).toEqual(other);
    expect(decide(access, who({ tenant: "globex" }), { tools: ["*"], tenants: ["globex"] })).toEqual(other);
    expect(decide(access, who({ tenant: "acme" }))).toMatchObject(YES);
  });
});

describe("permissions set at run time", () => {
  const restricted = { roles: [Role.USER], principals: ["ann"], tenants: ["acme"], scopes: ["read"] };
  const ann = who({ tenant: "acme", scopes: ["read"] });

  function toAuthorization(...roles: string[]): Authorization {
    const authorization = createAuthorization({ roles: { SUPPORT: {} } });
    authorization.setPermissions("orders.get", roles);
    return authorization;
  }

  test("replace the roles and principals of every version, and keep tenants and scopes", () => {
    const access = toAuthorization("SUPPORT").compile(toTool(restricted));
    const support = { roles: ["SUPPORT"], tenant: "acme", scopes: ["read"] };
    expect(access.decide(ann)).toMatchObject(HIDDEN);
    expect(access.decide(who(support))).toMatchObject({ ...YES, rule: "permissions of orders.get" });
    expect(access.decide(who({ ...support, tenant: "globex" }))).toMatchObject(HIDDEN);
    expect(access.decide(who({ ...support, scopes: [] }))).toMatchObject({ allowed: "no", visible: true });
  });

  test("leave the tool to admins when they are empty", () => {
    const access = toAuthorization().compile(toTool({ roles: [Role.USER] }));
    expect(access.decide(user)).toMatchObject(HIDDEN);
    expect(access.decide(admin)).toMatchObject(YES);
  });

  test("concern no other tool", () => {
    const access = toAuthorization("SUPPORT").compile(toTool({ roles: [Role.USER] }, "orders.get.more"));
    expect(access.decide(user)).toMatchObject(YES);
  });
});

describe("a grant", () => {
  test("adds to the definition and to run-time permissions", () => {
    const grant = { name: "guests", tools: ["orders.*"], roles: [Role.GUEST] };
    expect(decide({ roles: ["SUPPORT"] }, guest, grant)).toMatchObject({ ...YES, rule: 'grant "guests"' });
    const authorization = createAuthorization({ grants: [grant] });
    authorization.setPermissions("orders.get", [Role.ADMIN]);
    expect(authorization.compile(toTool(null)).decide(guest)).toMatchObject(YES);
  });

  test("applies where all of its fields fit, and in a field any value but every scope", () => {
    const grant: Grant = {
      tools: ["users.get", "orders.get"],
      roles: ["SUPPORT", Role.USER],
      principals: ["bob", "ann"],
      tenants: ["acme", "globex"],
      scopes: ["read", "write"],
    };
    const fitting = { roles: [Role.USER], tenant: "globex", scopes: ["write", "read"] };
    expect(decide(null, who(fitting), grant)).toMatchObject(YES);
    for (const change of [{ id: "cy" }, { roles: [Role.GUEST] }, { tenant: "other" }, { scopes: ["read"] }]) {
      expect(decide(null, who({ ...fitting, ...change }), grant)).toMatchObject({ ...HIDDEN, rule: "default deny" });
    }
  });

  test("without roles, principals, scopes or tenants is for everybody", () => {
    expect(decide(null, who({ roles: [], tenant: "any" }), { tools: ["orders.get"] })).toMatchObject(YES);
  });

  test("that denies wins over every rule, whatever the order, and hides the tool from admins too", () => {
    const deny: Grant = { name: "stop", effect: "deny", tools: ["*"] };
    const allow: Grant = { tools: ["*"] };
    for (const grants of [[deny, allow], [allow, deny], [deny]]) {
      for (const principal of [user, admin]) {
        expect(decide({ roles: [Role.USER] }, principal, ...grants)).toMatchObject({ ...HIDDEN, rule: 'grant "stop"' });
      }
    }
  });

  test("that denies a role denies all who inherit it", () => {
    const deny: Grant = { effect: "deny", tools: ["*"], roles: [Role.USER] };
    expect(decide(null, admin, deny)).toMatchObject(HIDDEN);
    expect(decide({ roles: [Role.GUEST] }, guest, deny)).toMatchObject(YES);
  });
});

describe("a condition on the arguments", () => {
  const small: Grant = { name: "small", tools: ["*"], when: (input) => (input as { n: number }).n < 10 };
  const large: Grant = { ...small, name: "large", effect: "deny", when: (input) => (input as { n: number }).n > 99 };
  const compile = (access: Access | null, ...grants: Grant[]) =>
    createAuthorization({ grants }).compile(toTool(access));

  test("shows the tool and leaves the decision open until they are known", () => {
    const access = compile(null, small);
    expect(access.decide(user)).toMatchObject({ allowed: "conditional", visible: true, rule: 'grant "small"' });
    expect(access.decideArguments(user, { n: 1 })).toMatchObject({ ...YES, rule: 'grant "small"' });
    expect(access.decideArguments(user, { n: 10 })).toEqual({
      allowed: "no",
      visible: true,
      rule: 'grant "small"',
      reason: "No rule lets this principal call the tool with these arguments.",
    });
  });

  test("of a deny leaves visible what another rule allows, and denies where it holds", () => {
    const access = compile({ roles: [Role.USER] }, large);
    expect(access.decide(user)).toMatchObject({ allowed: "conditional", visible: true, rule: 'grant "large"' });
    expect(access.decideArguments(user, { n: 1 })).toMatchObject({ ...YES, rule: "definition of orders.get" });
    expect(access.decideArguments(user, { n: 100 })).toMatchObject({
      allowed: "no",
      visible: true,
      rule: 'grant "large"',
    });
    expect(access.decideArguments(admin, { n: 100 })).toMatchObject({ allowed: "no" });
    expect(compile(null, large).decide(user)).toMatchObject(HIDDEN);
  });

  test("of a deny wins over one of an allow, and a second allow may hold where the first does not", () => {
    const even: Grant = { name: "even", tools: ["*"], when: (input) => (input as { n: number }).n % 2 === 0 };
    const access = compile(null, small, even, large);
    expect(access.decideArguments(user, { n: 12 })).toMatchObject({ ...YES, rule: 'grant "even"' });
    expect(access.decideArguments(user, { n: 13 })).toMatchObject({ allowed: "no", rule: 'grant "small"' });
    expect(access.decideArguments(user, { n: 100 })).toMatchObject({ allowed: "no", rule: 'grant "large"' });
  });

  test("is not asked where the principal does not fit, nor where nothing depends on it", () => {
    let asked = 0;
    const counting: Grant = { tools: ["*"], roles: [Role.ADMIN], effect: "deny", when: () => asked++ > 0 };
    expect(compile({ roles: [Role.USER] }, counting).decideArguments(user, {})).toMatchObject(YES);
    const allowing: Grant = { tools: ["*"], when: () => asked++ > 0 };
    expect(compile({ roles: [Role.USER] }, allowing).decideArguments(user, {})).toMatchObject(YES);
    expect(asked).toBe(0);
  });

  test("gets the arguments, the principal and the tool", () => {
    const input = { n: 1 };
    const tool = toTool(null);
    const seen: unknown[] = [];
    const when: Grant["when"] = (...received) => seen.push(received) > 0;
    createAuthorization({ grants: [{ tools: ["*"], when }] })
      .compile(tool)
      .decideArguments(user, input);
    expect(seen).toEqual([[input, { principal: user, tool }]]);
  });

  const throws = (): boolean => {
    throw new TypeError("no such field");
  };
  const resolves = () => Promise.resolve(true) as unknown as boolean;
  const promises = () => Promise.reject(new Error("late")) as unknown as boolean;
  test.each([
    ["throws", throws],
    ["returns a truthy value", () => 1 as unknown as boolean],
    ["returns nothing", () => undefined as unknown as boolean],
    ["returns a promise that rejects", promises],
    ["returns a promise of true", resolves],
  ])("that %s refuses, for an allow and for a deny", (_, when) => {
    expect(compile(null, { tools: ["*"], when }).decideArguments(user, {})).toMatchObject({ allowed: "no" });
    const access = compile({ roles: [Role.USER] }, { tools: ["*"], effect: "deny", when });
    expect(access.decideArguments(user, {})).toMatchObject({ allowed: "no", visible: true });
  });
});

test("deciding makes no objects: decisions of a rule are prepared and frozen", () => {
  const access = createAuthorization({ grants: [{ tools: ["*"] }] }).compile(toTool({ scopes: ["read"] }));
  for (const principal of [user, who({ scopes: ["read"] })]) {
    expect(access.decide(principal)).toBe(access.decide(principal));
    expect(Object.isFrozen(access.decide(principal))).toBe(true);
  }
});
