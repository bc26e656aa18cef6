import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { Authorizer, Grant } from "../../src/authz/index.ts";
import type { Outcome } from "../../src/call/outcome.ts";
import type { Hooks } from "../../src/pipeline/hooks.ts";
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

interface Published {
  readonly name: string;
  readonly version: string;
  readonly access: Access | undefined;
}

const published: fc.Arbitrary<readonly Published[]> = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom("1.0.0", "1.1.0", "2.0.0", "2.1.0-rc.1"), access), {
    maxLength: 12,
  })
  .map((drawn) => {
    const distinct = new Map(
      drawn.map(([name, version, given]) => [`${name}@${version}`, { name, version, access: given }]),
    );
    return [...distinct.values()];
  });

const refusing: Hooks = { beforeAuthorize: () => ({ refuse: "Closed." }) };
const throwing: Hooks = {
  afterOutcome: () => {
    throw new Error("x");
  },
};
const slow: Hooks = { beforeAuthorize: async () => {} };
const hooks = fc.constantFrom<Hooks | undefined>(undefined, undefined, refusing, throwing, slow);
const authorizer = fc.constantFrom<Authorizer | undefined>(
  undefined,
  undefined,
  ({ tool: { version } }, decideDefault) => (version.startsWith("2") ? false : decideDefault()),
);

interface Policy {
  readonly tools: readonly Published[];
  readonly grants: readonly Grant[];
  readonly hooks: Hooks | undefined;
  readonly authorizer: Authorizer | undefined;
}
const policy: fc.Arbitrary<Policy> = fc.record({
  tools: published,
  grants: fc.array(grant, { maxLength: 4 }),
  hooks,
  authorizer,
});

function open({ tools, grants, hooks: given, authorizer: deciding }: Policy) {
  return createRegistry({
    tools: tools.map(({ name, version, access: allowed }) =>
      defineTool({
        name,
        version,
        description: "For tests.",
        effect: "read",
        handler: () => version,
        ...(allowed === undefined ? {} : { access: allowed }),
      }),
    ),
    force: { reason: "Any access at any version." },
    grants,
    roles: { AUDITOR: { inherits: ["GUEST"] } },
    limits: [],
    ...(given && { hooks: given }),
    ...(deciding && { authorizer: deciding }),
  });
}

const refs = [
  ...names.flatMap((name) =>
    ["", "@1", "@^2", "@1.0.0", "@2.1.0-rc.1", "@9", "@stable", "@beta"].map((v) => `${name}${v}`),
  ),
  "orders.gets",
  "note.add",
  "admin.wip",
];

describe("what a principal sees", () => {
  it("is everything it can call: a call that is allowed is listed, described and allowed by check", async () => {
    await fc.assert(
      fc.asyncProperty(policy, principal, async (drawn, who) => {
        const registry = open({ ...drawn, hooks: undefined });
        const listed = registry.list({ principal: who }).map(({ name }) => name);
        for (const ref of refs) {
          const outcome = await registry.execute(ref, {}, { principal: who });
          const described = registry.get(ref, { principal: who });
          expect(registry.has(ref, { principal: who })).toBe(described !== undefined);
          if (described !== undefined) expect(listed).toContain(described.name);
          if (!outcome.ok) continue;
          expect(listed).toContain(outcome.meta.tool);
          expect(described?.version).toBe(outcome.output);
          expect(registry.permissions.check(who, ref, {})).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is all that any answer depends on: hidden versions answer like ones that do not exist", async () => {
    await fc.assert(
      fc.asyncProperty(policy, principal, fc.boolean(), async (drawn, who, leaves) => {
        const whole = open(drawn);
        const isSeen = ({ name, version }: Published): boolean =>
          whole.get(`${name}@${version}`, { principal: who }) !== undefined;
        const part = open({ ...drawn, tools: drawn.tools.filter(isSeen) });
        expect(whole.list({ principal: who })).toEqual(part.list({ principal: who }));
        const answer = async (registry: typeof whole, ref: string): Promise<unknown> => {
          const signal = leaves ? AbortSignal.abort() : new AbortController().signal;
          const outcome = await registry.execute(ref, { any: "thing" }, { principal: who, digest: "sha256:x", signal });
          return { ...outcome, meta: { ...outcome.meta, callId: "", durationMs: 0 }, ...anonymous(outcome) };
        };
        for (const ref of refs) expect(await answer(whole, ref)).toEqual(await answer(part, ref));
      }),
      { numRuns: 300 },
    );
  });
});

/** Without the call's id, which some messages quote and some times say. */
function anonymous(outcome: Outcome): object {
  if (outcome.ok) return {};
  const message = outcome.error.message.replaceAll(outcome.meta.callId, "").replace(/[\d.]+ms/, "");
  return { error: { ...outcome.error, message } };
}
