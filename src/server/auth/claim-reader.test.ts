import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLAIMS } from "../../../test/auth/issuer-world.ts";
import { compileClaims } from "./claim-reader.ts";
import type { ClaimSettings } from "./identity-settings.ts";

const read = (claims: object, over: Partial<ClaimSettings> = {}): ReturnType<ReturnType<typeof compileClaims>> =>
  compileClaims({ ...CLAIMS, ...over })({ sub: "ada", ...claims });

const toAccepted = (over: object): object => ({
  ok: true,
  principal: { id: "ada", tenant: "default", roles: [], scopes: [], ...over },
});

describe("roles and scopes", () => {
  it.each([
    ["none", {}, {}],
    ["a list", { roles: ["A", "B", "A"] }, { roles: ["A", "B"] }],
    ["a text, which is one role", { roles: "A B" }, { roles: ["A B"] }],
    ["scopes in a text", { scope: " a  b a" }, { scopes: ["a", "b"] }],
    ["scopes in a list", { scope: ["a", "b c"] }, { scopes: ["a", "b c"] }],
    ["no scopes in an empty text", { scope: "" }, { scopes: [] }],
  ])("are read: %s", (_name, claims, expected) => {
    expect(read(claims)).toEqual(toAccepted(expected));
  });

  it.each([
    [{ roles: null }, "claim_roles"],
    [{ roles: [["A"]] }, "claim_roles"],
    [{ roles: [""] }, "claim_limits"],
    [{ scope: null }, "claim_scopes"],
    [{ scope: { a: true } }, "claim_scopes"],
    [{ scope: ["a", 1] }, "claim_scopes"],
    [{ scope: ["a\r\nb"] }, "claim_limits"],
  ])("are refused as %j", (claims, reason) => {
    expect(read(claims)).toEqual({ ok: false, status: 401, reason });
  });

  it("come from where the pointers lead, and from nowhere else", () => {
    const over = { roles: "/realm_access/roles", scopes: "/a~1b", principal: "/user/name" };
    const claims = {
      user: { name: "eve" },
      realm_access: { roles: ["R"] },
      "a/b": "s",
      roles: ["ADMIN"],
      scope: "all",
    };
    expect(read(claims, over)).toEqual(toAccepted({ id: "eve", roles: ["R"], scopes: ["s"] }));
    expect(read({ roles: ["ADMIN"] }, { roles: null })).toEqual(toAccepted({}));
  });

  it("are not found on prototypes", () => {
    const over = { principal: "/constructor/name", roles: "/toString/name" };
    expect(read({}, over)).toMatchObject({ reason: "claim_principal" });
  });
});

describe("tenants", () => {
  const tenant = "/org";

  it("are the claim's where one is configured, and never the default instead", () => {
    expect(read({ org: "acme" }, { tenant })).toEqual(toAccepted({ tenant: "acme" }));
    for (const org of [undefined, null, 7, ["acme"], {}, true]) {
      expect(read({ org }, { tenant })).toEqual({ ok: false, status: 401, reason: "claim_tenant" });
    }
    for (const org of ["", "a\u0000b", "x".repeat(257)]) expect(read({ org }, { tenant }).ok).toBe(false);
  });

  it("are the default where none is configured, whatever the claims say", () => {
    expect(read({ org: "acme", tenant: "acme" })).toEqual(toAccepted({}));
  });

  it("are allowed ones, the default too", () => {
    expect(read({ org: "acme" }, { tenant, tenants: ["acme"] })).toMatchObject({ ok: true });
    expect(read({ org: "ACME" }, { tenant, tenants: ["acme"] })).toMatchObject({ reason: "claim_tenant" });
    expect(read({ org: "acme" }, { tenant, tenants: [] })).toMatchObject({ reason: "claim_tenant" });
    expect(read({}, { tenants: ["acme"] })).toMatchObject({ reason: "claim_tenant" });
  });
});

describe("rules", () => {
  const rules = [
    { when: { "/azp": ["robot", "cron"] }, roles: ["ROBOT"], scopes: ["run"], tenant: "machines" },
    { when: { "/groups": ["staff"], "/org": ["acme"] }, roles: ["STAFF"], scopes: [], tenant: null },
  ];

  it("give when all that they ask for is there", () => {
    expect(read({ azp: "cron", scope: "read" }, { rules })).toEqual(
      toAccepted({ tenant: "machines", roles: ["ROBOT"], scopes: ["read", "run"] }),
    );
    expect(read({ groups: ["a", "staff"], org: "acme", roles: ["X"] }, { rules })).toEqual(
      toAccepted({ roles: ["X", "STAFF"] }),
    );
    expect(read({ groups: ["staff"] }, { rules })).toEqual(toAccepted({}));
    expect(read({ groups: ["staffer"], org: "acme", azp: "robots" }, { rules })).toEqual(toAccepted({}));
  });

  it("give to everybody when they ask for nothing", () => {
    expect(read({}, { rules: [{ when: {}, roles: ["USER"], scopes: [], tenant: null }] })).toEqual(
      toAccepted({ roles: ["USER"] }),
    );
  });

  it("refuse a claim that is no text and no list of texts", () => {
    for (const azp of [null, true, 1, {}, [1], ["robot", null]]) {
      expect(read({ azp }, { rules })).toEqual({ ok: false, status: 401, reason: "claim_rule" });
    }
  });

  it("name a tenant where the claim does not, and never another one than the claim", () => {
    const over = { rules, tenant: "/org" };
    expect(read({ azp: "robot" }, over)).toMatchObject({ principal: { tenant: "machines" } });
    expect(read({ azp: "robot", org: "machines" }, over)).toMatchObject({ principal: { tenant: "machines" } });
    expect(read({ azp: "robot", org: "acme" }, over)).toMatchObject({ reason: "claim_tenant" });
    const two = [...rules, { when: {}, roles: [], scopes: [], tenant: "other" }];
    expect(read({ azp: "robot" }, { rules: two })).toMatchObject({ reason: "claim_tenant" });
  });
});

it("never gives a role, a scope or a tenant that no claim and no rule has, and never throws", () => {
  const over = { tenant: "/org", tenants: ["acme", "other"] };
  const text = fc.constantFrom("acme", "other", "third", "ADMIN", "a b");
  const claim = fc.oneof(text, fc.array(text, { maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }));
  const shape = { sub: claim, org: claim, roles: claim, scope: claim };
  fc.assert(
    fc.property(fc.record(shape, { requiredKeys: [] }), (claims) => {
      const answer = compileClaims({ ...CLAIMS, ...over })(claims);
      if (!answer.ok) return answer.status === 401;
      const { id, tenant, roles, scopes } = answer.principal;
      const isGiven = (list: readonly string[], value: unknown): boolean =>
        list.every((entry) => [value].flat().join(" ").includes(entry));
      return (
        id === claims.sub &&
        tenant === claims.org &&
        over.tenants.includes(tenant) &&
        isGiven(roles, claims.roles) &&
        isGiven(scopes, claims.scope)
      );
    }),
    { numRuns: 2000 },
  );
});
