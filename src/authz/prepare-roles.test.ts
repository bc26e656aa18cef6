import { describe, expect, test } from "vitest";
import { createPrincipal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createAuthorization } from "./index.ts";

const tool = { name: "orders.get", access: { roles: ["USER"] }, limits: [], concurrency: [] } as unknown as ToolVersion;
const clerk = createPrincipal({ id: "c", roles: ["CLERK"] });

describe("prepareRoles", () => {
  test("lets in by a role that is new, once it is called, and keeps the grants", () => {
    const authorization = createAuthorization({
      grants: [{ name: "g", effect: "deny", tools: ["*"], roles: ["GUEST"] }],
    });
    authorization.removeGrants("g");
    authorization.addGrants([{ name: "h", effect: "deny", tools: ["orders.*"], roles: ["ADMIN"] }]);
    const before = authorization.epoch;
    const apply = authorization.prepareRoles({ CLERK: { inherits: ["USER"] }, CHIEF: { inherits: ["ADMIN"] } });
    expect(authorization.epoch).toBe(before);
    expect(authorization.compile(tool).decide(clerk).allowed).toBe("no");
    apply();
    expect(authorization.epoch).toBeGreaterThan(before);
    expect([...authorization.roles]).toContain("CLERK");
    expect(authorization.compile(tool).decide(clerk).allowed).toBe("yes");
    // Who inherits a role that is denied is denied too, also when the role came after the grant.
    const chief = createPrincipal({ id: "b", roles: ["CHIEF"] });
    expect(authorization.compile(tool).decide(chief).allowed).toBe("no");
    expect(authorization.holds(chief, "USER")).toBe(true);
    authorization.prepareRoles({})();
    expect(authorization.compile(tool).decide(clerk).allowed).toBe("no");
  });

  test("refuses to let go of a role that grants or permissions name, and changes nothing", () => {
    const authorization = createAuthorization({ roles: { CLERK: {}, CHIEF: { inherits: ["CLERK"] } } });
    authorization.addGrants([{ name: "g", tools: ["*"], roles: ["CLERK"] }]);
    authorization.setPermissions("orders.get", ["CHIEF"]);
    const refusal = (() => {
      try {
        return authorization.prepareRoles({});
      } catch (error) {
        return error;
      }
    })() as ToolyardError;
    expect(refusal.code).toBe("UNKNOWN_ROLE");
    expect(refusal.problems.map(({ path }) => path)).toEqual(["grant g", "permissions of orders.get"]);
    expect([...authorization.roles]).toEqual(["ADMIN", "USER", "GUEST", "CLERK", "CHIEF"]);
    expect(() => authorization.prepareRoles({ A: { inherits: ["B"] }, B: { inherits: ["A"] } })).toThrow(/circle/);
  });
});
