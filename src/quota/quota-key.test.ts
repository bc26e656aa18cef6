import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPrincipal, type Principal } from "../call/principal.ts";
import type { LimitScope } from "../tool/limit.ts";
import { toScopes } from "../tool/limit-name.ts";
import { compileLimit, compileOwnLimit, type CompiledLimit } from "./compiled-limit.ts";
import { formatQuotaScope, toQuotaKey } from "./quota-key.ts";

const SCOPES: readonly LimitScope[] = ["principal", "role", "tenant", "tool", "ip"];

function toKeys(limit: CompiledLimit, principal: Principal): readonly string[] {
  const roles = limit.perRole ? principal.roles : [null];
  return roles.map((role) => toQuotaKey(limit, principal, role));
}

const limit = (name: string, per: readonly LimitScope[], tool = "orders.get"): CompiledLimit =>
  compileLimit({ name, per, capacity: 1, windowMs: 1 }, tool);

describe("toQuotaKey", () => {
  test("begins with the tenant, and has a place for the tool also when it is shared over tools", () => {
    const principal = createPrincipal({ id: "u1", tenant: "acme", roles: ["USER", "AUDITOR"], ip: "10.0.0.1" });
    expect(toKeys(limit("a", []), principal)).toEqual(["acme\0a\0"]);
    expect(toKeys(limit("a", ["tenant"]), principal)).toEqual(["acme\0a\0"]);
    expect(toKeys(limit("a", ["tool"]), principal)).toEqual(["acme\0a\0orders.get"]);
    expect(toKeys(limit("a", ["ip", "principal"]), principal)).toEqual(["acme\0a\0\0u1\x0010.0.0.1"]);
    expect(toKeys(limit("a", ["role"]), principal)).toEqual(["acme\0a\0\0USER", "acme\0a\0\0AUDITOR"]);
  });

  test("gives all that come without an address one key", () => {
    const [a, b] = ["u1", "u2"].map((id) => toKeys(limit("a", ["ip"]), createPrincipal({ id })));
    expect(a).toEqual(["default\0a\0\0unknown"]);
    expect(b).toEqual(a);
  });

  test("keeps a tool's own limit apart from one of the registry that has its name", () => {
    const principal = createPrincipal({ id: "u1" });
    const own = compileOwnLimit({ name: "a", per: ["principal"], capacity: 1, windowMs: 1 }, "orders.get");
    const others = [limit("a", ["principal", "tool"]), limit("a", ["principal"])].flatMap((one) =>
      toKeys(one, principal),
    );
    expect(others).not.toContain(toKeys(own, principal)[0]);
  });

  test("keeps different quotas under different keys", () => {
    // Separators, prefixes of one another, and whatever else a principal may hold.
    const text = fc
      .oneof(
        fc.constantFrom("a", "b", "a b", "ab", "unknown", ":", "default", "a\u00e4"),
        fc.string({ minLength: 1, unit: "grapheme" }),
      )
      .filter((value) => /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,256}$/u.test(value));
    const name = fc.constantFrom("a", "b", "a.b", "ab");
    const tool = fc.constantFrom("a", "b", "a.b", "ab");
    const quota = fc.record({ name, tool, own: fc.boolean(), id: text, tenant: text, role: text, ip: fc.option(text) });
    // A name has one list of scopes; that is what fixes how many values follow it.
    const scopesOf = fc.record({
      a: fc.subarray([...SCOPES]),
      b: fc.subarray([...SCOPES]),
      "a.b": fc.subarray([...SCOPES]),
      ab: fc.subarray([...SCOPES]),
    });
    fc.assert(
      fc.property(scopesOf, quota, quota, (perOf, first, second) => {
        const [one, other] = [first, second].map(({ name: called, tool: of, own, id, tenant, role, ip }) => {
          const per = perOf[called];
          const declared = { name: called, per, capacity: 1, windowMs: 1 };
          const compiled = own ? compileOwnLimit(declared, of) : compileLimit(declared, of);
          const principal = createPrincipal({ id, tenant, roles: [role], ip });
          const values = { principal: id, role, ip: ip ?? "unknown", tenant, tool: of };
          const identity = [
            tenant,
            called,
            own,
            own || per.includes("tool") ? of : "",
            ...toScopes(per).map((scope) => values[scope]),
          ];
          return { identity: JSON.stringify(identity), key: toKeys(compiled, principal)[0] };
        });
        expect(one?.key === other?.key).toBe(one?.identity === other?.identity);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("formatQuotaScope", () => {
  test("says what the quota is kept for", () => {
    const principal = createPrincipal({ id: "u1", tenant: "acme", roles: ["USER"] });
    expect(formatQuotaScope(limit("a", []), principal, null)).toBe("tenant=acme");
    expect(formatQuotaScope(limit("a", ["principal"]), principal, null)).toBe("principal=u1");
    expect(formatQuotaScope(limit("a", ["ip", "role", "tool"]), principal, "USER")).toBe(
      "tool=orders.get, role=USER, ip=unknown",
    );
  });
});
