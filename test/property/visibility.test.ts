import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Grant } from "../../src/authz/index.ts";
import type { Access } from "../../src/tool/access.ts";
import { defineTool } from "../../src/tool/define-tool.ts";

const names = ["orders.get", "orders.got", "orders.list", "notes.add", "notes.ads", "admin.wipe"] as const;
const roles = fc.subarray(["ADMIN", "USER", "GUEST", "AUDITOR"], { maxLength: 3 });
const tenants = fc.constantFrom("default", "acme");
const scopes = fc.subarray(["orders:read", "orders:write"]);

const access: fc.Arbitrary<Access | undefined> = fc.option(
  fc.record(
    { roles, principals: fc.subarray(["u1", "u2"]), scopes, tenants: fc.constant(["default", "acme"]) },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const grant: fc.Arbitrary<Grant> = fc.record(
  {
    effect: fc.constantFrom<"allow" | "deny">("allow", "deny"),
    tools: fc.constantFrom<readonly string[]>(["*"], ["orders.*"], ["notes.add"], ["admin.wipe", "orders.get"]),
    roles: fc.subarray(["ADMIN", "USER", "GUEST", "AUDITOR"], { minLength: 1 }),
    principals: fc.subarray(["u1", "u2"], { minLength: 1 }),
    tenants: fc.subarray(["default", "acme"], { minLength: 1 }),
    when: fc.constantFrom(
      () => true,
      () => false,
      (): boolean => {
        throw new Error("x");
      },
    ),
  },
  { requiredKeys: ["tools"] },
);
const principal = fc.record({ id: fc.constantFrom("u1", "u2", "u3"), tenant: tenants, roles, scopes });

function open(accesses: readonly (Access | undefined)[], grants: readonly Grant[]) {
  const tools = names.map((name, index) => {
    const given = accesses[index];
    return defineTool({
      name,
      version: "1.0.0",
      description: "For tests.",
      effect: "read",
      handler: () => 1,
      ...(given === undefined ? {} : { access: given }),
    });
  });
  return createRegistry({ tools, grants, roles: { AUDITOR: { inherits: ["GUEST"] } }, limits: [] });
}

const policy = fc.tuple(
  fc.array(access, { minLength: names.length, maxLength: names.length }),
  fc.array(grant, { maxLength: 5 }),
);

describe("what a principal sees", () => {
  it("is everything it can call: a call that is allowed is listed, described and allowed by check", async () => {
    await fc.assert(
      fc.asyncProperty(policy, principal, async ([accesses, grants], who) => {
        const registry = open(accesses, grants);
        const listed = registry.list({ principal: who }).map(({ name }) => name);
        for (const name of names) {
          const outcome = await registry.execute(name, {}, { principal: who });
          if (outcome.ok) {
            expect(listed).toContain(name);
            expect(registry.permissions.check(who, name, {})).toBe(true);
          }
          expect(registry.get(name, { principal: who }) !== undefined).toBe(listed.includes(name));
          expect(registry.has(name, { principal: who })).toBe(listed.includes(name));
          expect(registry.permissions.explain(who, name).visible).toBe(listed.includes(name));
          expect(!outcome.ok && outcome.error.code === "UNKNOWN_TOOL").toBe(!listed.includes(name));
        }
      }),
      { numRuns: 400 },
    );
  });

  it("tells nothing of the rest: a hidden tool answers like one that does not exist", async () => {
    const suffix = fc.constantFrom("", "@1", "@1.0.0", "@9", "@stable", "@beta");
    await fc.assert(
      fc.asyncProperty(
        policy,
        principal,
        fc.constantFrom(...names),
        suffix,
        async ([accesses, grants], who, name, version) => {
          const registry = open(accesses, grants);
          if (registry.has(name, { principal: who })) return;
          const hidden = await registry.execute(
            `${name}${version}`,
            { any: "thing" },
            { principal: who, digest: "sha256:x" },
          );
          await registry.unregister(name);
          const absent = await registry.execute(
            `${name}${version}`,
            { any: "thing" },
            { principal: who, digest: "sha256:x" },
          );
          const toComparable = (outcome: typeof hidden): unknown => ({
            ...outcome,
            meta: { ...outcome.meta, callId: "", durationMs: 0 },
          });
          expect(toComparable(hidden)).toEqual(toComparable(absent));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("suggests only what may be seen", async () => {
    await fc.assert(
      fc.asyncProperty(policy, principal, async ([accesses, grants], who) => {
        const registry = open(accesses, grants);
        const visible = registry.list({ principal: who }).map(({ name }) => name);
        for (const asked of ["orders.gets", "note.add", "orders.lists", "admin.wip"]) {
          const outcome = await registry.execute(asked, {}, { principal: who });
          if (!outcome.ok) for (const name of outcome.error.suggestions) expect(visible).toContain(name);
        }
      }),
      { numRuns: 200 },
    );
  });
});
