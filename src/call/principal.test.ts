import { describe, expect, it } from "vitest";
import { createPrincipal, type PrincipalInput } from "./principal.ts";

describe("createPrincipal", () => {
  it("fills in tenant, roles, scopes and attributes, and freezes all of it", () => {
    const principal = createPrincipal({ id: "u1" });
    expect(principal).toEqual({ id: "u1", tenant: "default", roles: ["USER"], scopes: [], attributes: {}, ip: null });
    expect(Object.isFrozen(principal)).toBe(true);
    expect(Object.isFrozen(createPrincipal({ id: "u1", roles: ["A"] }).roles)).toBe(true);
  });

  it("returns a checked principal as it is", () => {
    const principal = createPrincipal({ id: "u1" });
    expect(createPrincipal(principal)).toBe(principal);
  });

  it("keeps nothing of the caller's own objects that could change later", () => {
    const roles = ["USER"];
    const principal = createPrincipal({ id: "u1", roles });
    roles.push("ADMIN");
    expect(principal.roles).toEqual(["USER"]);
  });

  it.each([
    [{ id: "" }, "principal.id"],
    [{ id: "a\0b" }, "principal.id"],
    [{ id: "a\u202eb" }, "principal.id"],
    [{ id: "a\ud800b" }, "principal.id"],
    [{ id: 5 }, "principal.id"],
    [{}, "principal.id"],
    [{ id: "u", tenant: "a\0b" }, "principal.tenant"],
    [{ id: "u", roles: "ADMIN" }, "principal.roles"],
    [{ id: "u", roles: [1] }, "principal.roles[0]"],
    [{ id: "u", roles: Array.from({ length: 33 }, () => "R") }, "at most 32"],
    [{ id: "u", scopes: [""] }, "principal.scopes[0]"],
    [null, "received null"],
    ["u1", "received string"],
  ])("refuses %j and names the field", (input, message) => {
    expect(() => createPrincipal(input as unknown as PrincipalInput)).toThrow(message);
  });
});
