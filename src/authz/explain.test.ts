import { describe, expect, test } from "vitest";
import { createPrincipal, type Principal, type PrincipalInput } from "../call/principal.ts";
import type { Access } from "../tool/access.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createAuthorization, Role, type Grant } from "./index.ts";

/** All that authorisation reads of a version. */
function toTool(access: Access | null): ToolVersion {
  return { name: "orders.get", version: "1.0.0", access, limits: [], concurrency: [] } as unknown as ToolVersion;
}

const who = (input: Partial<PrincipalInput> = {}): Principal => createPrincipal({ id: "ann", ...input });
const user = who({ roles: [Role.USER] });

describe("explain", () => {
  test("lists what was looked at until the decision, in order, with why", () => {
    const grants: Grant[] = [
      { name: "stop", effect: "deny", tools: ["*"], tenants: ["globex"] },
      { name: "bob's", tools: ["orders.*"], principals: ["bob"] },
      { name: "elsewhere", tools: ["users.*"] },
      { name: "readers", tools: ["*"], scopes: ["read"] },
    ];
    const access = createAuthorization({ roles: { SUPPORT: {} }, grants }).compile(toTool({ roles: ["SUPPORT"] }));
    expect(access.explain(who({ scopes: ["read"] }))).toEqual({
      allowed: true,
      visible: true,
      conditional: false,
      rule: 'grant "readers"',
      reason: "A grant allows it.",
      considered: [
        { rule: 'grant "stop"', matched: false, why: "not for the principal's tenant" },
        { rule: "definition of orders.get", matched: false, why: 'for holders of "SUPPORT", the principal has "USER"' },
        { rule: `grant "bob's"`, matched: false, why: "does not name this principal" },
        { rule: 'grant "readers"', matched: true, why: "fits the principal and allows" },
      ],
    });
    const refused = access.explain(user);
    expect(refused).toMatchObject({ allowed: false, visible: false, rule: "default deny" });
    expect(refused.considered.slice(-2)).toEqual([
      { rule: 'grant "readers"', matched: false, why: 'needs "read", the principal has none' },
      { rule: "default: admins only", matched: false, why: 'for holders of "ADMIN", the principal has "USER"' },
    ]);
  });

  test("says what tenants, scopes and conditions did", () => {
    const grant: Grant = {
      name: "g",
      effect: "deny",
      tools: ["*"],
      when: (input) => (input as { stop: boolean }).stop,
    };
    const tool = toTool({ roles: [Role.USER], tenants: ["acme"], scopes: ["read"] });
    const access = createAuthorization({ grants: [grant] }).compile(tool);
    const ann = who({ tenant: "acme", scopes: ["read"] });
    expect(access.explain(user).considered).toEqual([
      { rule: "definition of orders.get", matched: false, why: "the tool is not offered to the principal's tenant" },
    ]);
    expect(access.explain(who({ tenant: "acme" })).considered.at(-1)).toEqual({
      rule: "definition of orders.get",
      matched: false,
      why: 'the principal lacks "read"',
    });
    expect(access.explain(ann)).toMatchObject({ allowed: true, conditional: true, rule: 'grant "g"' });
    expect(access.explain(ann).considered.map(({ matched, why }) => [matched, why])).toEqual([
      [true, "the tool is offered to the principal's tenant"],
      [true, "fits the principal and allows"],
      [true, "the principal holds every scope needed"],
      [true, "fits the principal and denies, on a condition about the arguments"],
    ]);
    const stopped = access.explain(ann, { stop: true });
    expect(stopped).toMatchObject({ allowed: false, visible: true, conditional: false, rule: 'grant "g"' });
    expect(stopped.considered.at(-1)).toMatchObject({ matched: true, why: "the condition holds for these arguments" });
    const passed = access.explain(ann, { stop: false });
    expect(passed).toMatchObject({ allowed: true, conditional: false, rule: "definition of orders.get" });
    expect(passed.considered.at(-1)).toMatchObject({
      matched: false,
      why: "the condition does not hold for these arguments",
    });
    expect(access.explain(ann, {}).considered.at(-1)).toMatchObject({
      matched: true,
      why: "the condition gave no answer (it returned undefined), which refuses",
    });
    expect(access.explain(ann, null).considered.at(-1)?.why).toContain("it threw TypeError: Cannot read");
  });

  test("keeps other principals and the names of grants out of the reason", () => {
    const grants: Grant[] = [{ name: "suspects", effect: "deny", tools: ["*"], principals: ["ann", "bob"] }];
    const { reason, considered } = createAuthorization({ grants }).compile(toTool(null)).explain(user);
    expect(reason).toBe("A rule keeps this principal from using the tool.");
    expect(JSON.stringify(considered)).not.toContain("bob");
  });
});
