import { describe, expect, test } from "vitest";
import { createPrincipal, type Principal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createAuthorization, Role, type AuthorizationOptions, type Grant } from "./index.ts";

/** All that authorisation reads of a version. */
function toTool(fields: Partial<ToolVersion> = {}): ToolVersion {
  return { name: "orders.get", version: "1.2.0", access: null, limits: [], concurrency: [], ...fields } as ToolVersion;
}

const holder = (...roles: string[]): Principal => createPrincipal({ id: "ann", roles });

/** Code and problems of what `run` throws. */
function refusalOf(run: () => unknown): { code: string; problems: string[] } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    return { code: error.code, problems: error.problems.map(({ path, message }) => `${path}: ${message}`) };
  }
  throw new Error("nothing was refused");
}

const refuse = (options: unknown) => refusalOf(() => createAuthorization(options as AuthorizationOptions));

describe("roles", () => {
  test("are ADMIN, USER and GUEST, each inheriting the next", () => {
    const authorization = createAuthorization();
    const holds = (who: Principal, role: string): boolean => authorization.holds(who, role);
    expect(Role).toEqual({ ADMIN: "ADMIN", USER: "USER", GUEST: "GUEST" });
    expect([...authorization.roles]).toEqual(["ADMIN", "USER", "GUEST"]);
    expect(holds(holder(Role.ADMIN), Role.GUEST)).toBe(true);
    expect(holds(holder(Role.GUEST), Role.USER)).toBe(false);
    expect(holds(holder("GHOST"), "GHOST")).toBe(false);
  });

  test("of one's own inherit through several steps, from roles declared later, and add to the three", () => {
    const roles = {
      LEAD: { inherits: ["SUPPORT"], description: "Team lead" },
      SUPPORT: { inherits: ["USER"] },
      ADMIN: { inherits: ["LEAD"] },
    };
    const authorization = createAuthorization({ roles });
    const holds = (who: Principal, role: string): boolean => authorization.holds(who, role);
    expect(holds(holder("LEAD"), Role.GUEST)).toBe(true);
    expect(holds(holder(Role.ADMIN), "SUPPORT")).toBe(true);
    expect(holds(holder(Role.ADMIN), Role.USER)).toBe(true);
    expect(holds(holder("SUPPORT"), "LEAD")).toBe(false);
  });

  test("may be many, and inherit in a long chain", () => {
    const chain = Array.from({ length: 2_000 }, (_, i) => [`R${i}`, i === 0 ? {} : { inherits: [`R${i - 1}`] }]);
    const authorization = createAuthorization({ roles: Object.fromEntries(chain) });
    expect(authorization.holds(holder("R1999"), "R0")).toBe(true);
    const access = authorization.compile(toTool({ access: { roles: ["R1000"] } }));
    expect(access.decide(holder("R1999")).allowed).toBe("yes");
    expect(access.decide(holder("R999")).allowed).toBe("no");
  });

  test("are refused with everything that is wrong with them", () => {
    const roles = {
      "1st": {},
      SUPPORT: { inherit: ["USER"] },
      LEAD: { inherits: "USER" },
      TEAM: { description: 1 },
      NONE: null,
    };
    expect(refuse({ roles })).toEqual({
      code: "INVALID_OPTION",
      problems: [
        'roles.1st: received "1st", expected a letter, then letters, digits, "_" and "-", at most 64 characters',
        'roles.SUPPORT.inherit: unknown key, expected inherits or description; did you mean "inherits"?',
        'roles.LEAD.inherits: received "USER", expected a list of role names',
        "roles.TEAM.description: received 1, expected text",
        'roles.NONE: received null, expected an object such as { inherits: ["USER"] }',
      ],
    });
    expect(refuse({ roles: ["SUPPORT"] }).problems).toEqual([
      "roles: received a list of 1, expected an object of role declarations by name",
    ]);
  });

  test("that inherit what nobody declared are refused with the nearest role", () => {
    expect(refuse({ roles: { SUPPORT: { inherits: ["user", "XYZ"] } } })).toEqual({
      code: "UNKNOWN_ROLE",
      problems: [
        'roles.SUPPORT.inherits: received "user", expected one of the declared roles ADMIN, USER, GUEST, SUPPORT; did you mean "USER"?',
        'roles.SUPPORT.inherits: received "XYZ", expected one of the declared roles ADMIN, USER, GUEST, SUPPORT',
      ],
    });
  });

  test("that inherit in a circle are refused once, with the circle", () => {
    const circle = (roles: AuthorizationOptions["roles"]) => refuse({ roles }).problems;
    const message = "roles inherit one another in a circle";
    expect(circle({ A: { inherits: ["B"] }, B: { inherits: ["C"] }, C: { inherits: ["A"] } })).toEqual([
      `roles.A.inherits: ${message}: A → B → C → A; remove one of these`,
    ]);
    expect(circle({ A: { inherits: ["A"] } })).toEqual([`roles.A.inherits: ${message}: A → A; remove one of these`]);
    expect(circle({ GUEST: { inherits: ["ADMIN"] } })).toEqual([
      `roles.ADMIN.inherits: ${message}: ADMIN → USER → GUEST → ADMIN; remove one of these`,
    ]);
  });
});

describe("grants", () => {
  test("are copied and frozen, with name and effect filled in", () => {
    const tools = ["orders.*"];
    const authorization = createAuthorization({
      grants: [{ tools }, { name: "#2", tools: ["*"], effect: "deny", roles: ["GUEST"] }],
    });
    tools.push("*");
    authorization.addGrants([{ tools: ["users.get"] }]);
    expect(authorization.grants).toEqual([
      { name: "#1", effect: "allow", tools: ["orders.*"] },
      { name: "#2", effect: "deny", tools: ["*"], roles: ["GUEST"] },
      { name: "#3", effect: "allow", tools: ["users.get"] },
    ]);
    expect(Object.isFrozen(authorization.grants) && Object.isFrozen(authorization.grants[0])).toBe(true);
    expect(Object.isFrozen(authorization.grants[0]?.tools)).toBe(true);
  });

  test("are removed by name, all of that name, and a number is not given twice", () => {
    const authorization = createAuthorization({
      grants: [{ tools: ["*"] }, { name: "a", tools: ["x"] }, { name: "a", tools: ["y"] }],
    });
    expect(authorization.removeGrants("a")).toBe(2);
    expect(authorization.removeGrants("#1")).toBe(1);
    expect(authorization.removeGrants("#1")).toBe(0);
    authorization.addGrants([{ tools: ["*"] }]);
    expect(authorization.grants.map(({ name }) => name)).toEqual(["#2"]);
  });

  test("are about the tools that their patterns name", () => {
    const reached = (...tools: string[]): string[] => {
      const authorization = createAuthorization({ grants: [{ tools }] });
      const names = ["orders", "orders.get", "orders.items.add", "orders-old.get", "Orders.get"];
      return names.filter((name) => authorization.compile(toTool({ name })).decide(holder()).allowed === "yes");
    };
    expect(reached("orders.*")).toEqual(["orders.get", "orders.items.add"]);
    expect(reached("orders.items.*", "orders")).toEqual(["orders", "orders.items.add"]);
    expect(reached("*")).toHaveLength(5);
  });

  test("are refused with everything that is wrong with them, each with its path", () => {
    const grants = [
      { tool: ["x"], tools: [], roles: [], principals: [""], scopes: "read", tenants: [1] },
      { tools: ["orders*", "*.get", "orders.**", "a b", 7], effect: "denny", name: "", when: true },
      { name: "x".repeat(129), tools: "*", roles: ["ADMN"] },
      "all",
    ];
    expect(refuse({ grants })).toEqual({
      code: "INVALID_OPTION",
      problems: [
        'grants[0].tool: unknown key, expected one of name, effect, tools, roles, principals, scopes, tenants, when; did you mean "tools"?',
        'grants[0].tools: received an empty list, expected at least one tool name or pattern, such as "orders.*"',
        "grants[0].roles: received an empty list, expected at least one of roles; leave the field out when roles do not matter",
        'grants[0].principals[0]: received "", expected a string of 1 to 256 characters',
        'grants[0].scopes: received "read", expected at least one of scopes; leave the field out when scopes do not matter',
        "grants[0].tenants[0]: received 1, expected a string of 1 to 256 characters",
        'grants[1].name: received "", expected 1 to 128 characters',
        'grants[1].effect: received "denny", expected "allow" or "deny"; did you mean "deny"?',
        'grants[1].tools[0]: received "orders*", expected a tool name, a name followed by ".*", or "*"; did you mean "orders.*"?',
        'grants[1].tools[1]: received "*.get", expected a tool name, a name followed by ".*", or "*"',
        'grants[1].tools[2]: received "orders.**", expected a tool name, a name followed by ".*", or "*"; did you mean "orders.*"?',
        'grants[1].tools[3]: received "a b", expected a tool name, a name followed by ".*", or "*"',
        "grants[1].tools[4]: received 7, expected a string of 1 to 256 characters",
        "grants[1].when: received true, expected a function (input, { principal, tool }) => boolean",
        `grants[2].name: received "${"x".repeat(80)}…", expected 1 to 128 characters`,
        'grants[2].tools: received "*", expected at least one tool name or pattern, such as "orders.*"',
        'grants[2].roles[0]: received "ADMN", expected one of the declared roles ADMIN, USER, GUEST; did you mean "ADMIN"?',
        'grants[3]: received "all", expected an object such as { tools: ["orders.*"], roles: ["USER"] }',
      ],
    });
    expect(refuse({ grants: { tools: ["*"] } }).problems).toEqual([
      "grants: received an object, expected a list of grants",
    ]);
  });

  test("with conditions that cannot answer at once are refused", () => {
    const expected =
      "grants[0].when: received an async or generator function, expected a synchronous one: (input, { principal, tool }) => boolean";
    for (const when of [async () => true, function* () {}, async function* () {}]) {
      expect(refuse({ grants: [{ tools: ["*"], when }] }).problems).toEqual([expected]);
    }
  });

  test("change nothing when one of them is bad", () => {
    const authorization = createAuthorization({ grants: [{ tools: ["a"] }] });
    const { epoch, grants } = authorization;
    const added = [{ tools: ["b"] }, { tools: ["c"], roles: ["GHOST"] }];
    expect(refusalOf(() => authorization.addGrants(added)).code).toBe("UNKNOWN_ROLE");
    expect(refusalOf(() => authorization.addGrants("all" as unknown as Grant[])).code).toBe("INVALID_OPTION");
    expect([authorization.epoch, authorization.grants]).toEqual([epoch, grants]);
  });
});

describe("permissions", () => {
  test("are the set roles, else the definition's, else ADMIN", () => {
    const authorization = createAuthorization();
    const tool = toTool({ access: { roles: ["USER"] } });
    expect(authorization.permissions(toTool())).toEqual(["ADMIN"]);
    expect(authorization.permissions(tool)).toEqual(["USER"]);
    authorization.setPermissions("orders.get", ["GUEST", "USER", "GUEST"]);
    expect(authorization.permissions(tool)).toEqual(["GUEST", "USER"]);
    authorization.setPermissions("orders.get", []);
    expect(authorization.permissions(tool)).toEqual(["ADMIN"]);
    expect(authorization.clearPermissions("orders.get")).toBe(true);
    expect(authorization.clearPermissions("orders.get")).toBe(false);
    expect(authorization.permissions(tool)).toEqual(["USER"]);
  });

  test("are refused whole for what is no role or no name", () => {
    const authorization = createAuthorization();
    expect(refusalOf(() => authorization.setPermissions("orders.get", ["USER", "Gest"]))).toEqual({
      code: "UNKNOWN_ROLE",
      problems: [
        'roles[1]: received "Gest", expected one of the declared roles ADMIN, USER, GUEST; did you mean "GUEST"?',
      ],
    });
    expect(refusalOf(() => authorization.setPermissions("orders.get@1", "USER" as unknown as string[]))).toEqual({
      code: "INVALID_OPTION",
      problems: [
        'name: received "orders.get@1", expected the name of a tool without a version, such as "orders.get"',
        'roles: received "USER", expected a list of role names',
      ],
    });
    expect(refusalOf(() => authorization.setPermissions("a", [1 as unknown as string])).code).toBe("INVALID_OPTION");
    expect(authorization.permissions(toTool())).toEqual(["ADMIN"]);
    expect(authorization.epoch).toBe(1);
  });
});

describe("an epoch", () => {
  test("grows with every change and with nothing else", () => {
    const authorization = createAuthorization();
    const steps = [
      () => authorization.addGrants([{ name: "a", tools: ["*"] }]),
      () => authorization.setPermissions("x", ["USER"]),
      () => authorization.clearPermissions("x"),
      () => authorization.removeGrants("a"),
    ];
    let before = authorization.epoch;
    for (const step of steps) {
      step();
      expect(authorization.epoch).toBeGreaterThan(before);
      before = authorization.epoch;
    }
    authorization.addGrants([]);
    authorization.removeGrants("a");
    authorization.clearPermissions("x");
    authorization.compile(toTool()).explain(holder());
    expect(authorization.epoch).toBe(before);
  });

  test("stays in an access compiled in it", () => {
    const authorization = createAuthorization();
    const before = authorization.compile(toTool());
    authorization.addGrants([{ tools: ["*"] }]);
    expect(before.decide(holder()).allowed).toBe("no");
    expect(authorization.compile(toTool()).decide(holder()).allowed).toBe("yes");
  });
});

test("checkRoles finds every name in access, limits and concurrency that is no role", () => {
  const authorization = createAuthorization({ roles: { SUPPORT: {} } });
  const limit = { per: [], capacity: 1, windowMs: 1 };
  const tool = toTool({
    access: { roles: ["USER", "SUPORT"] },
    limits: [limit, { ...limit, roles: ["GHOST"] }],
    concurrency: [{ per: [], max: 1, roles: ["SUPPORT", "guest"] }],
  });
  expect(authorization.checkRoles(tool).map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'orders.get@1.2.0: access.roles[1]: received "SUPORT", expected one of the declared roles ADMIN, USER, GUEST, SUPPORT; did you mean "SUPPORT"?',
    'orders.get@1.2.0: limits[1].roles[0]: received "GHOST", expected one of the declared roles ADMIN, USER, GUEST, SUPPORT',
    'orders.get@1.2.0: concurrency[0].roles[1]: received "guest", expected one of the declared roles ADMIN, USER, GUEST, SUPPORT; did you mean "GUEST"?',
  ]);
  expect(authorization.checkRoles(toTool())).toEqual([]);
});
