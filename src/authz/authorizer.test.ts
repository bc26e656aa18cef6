import { describe, expect, test } from "vitest";
import { createPrincipal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import {
  createAuthorization,
  type AuthorizationRequest,
  type Authorizer,
  type Decision,
  type ToolAccess,
} from "./index.ts";

/** All that authorisation reads of a version. */
const tool = {
  name: "orders.get",
  version: "1.0.0",
  access: { roles: ["USER"] },
  limits: [],
  concurrency: [],
} as unknown as ToolVersion;
const user = createPrincipal({ id: "ann", roles: ["USER"] });
const guest = createPrincipal({ id: "gus", roles: ["GUEST"] });

const compile = (authorizer: Authorizer): ToolAccess => createAuthorization({ authorizer }).compile(tool);

describe("an authorizer", () => {
  test("is asked without arguments, then with them", () => {
    const requests: AuthorizationRequest[] = [];
    const access = compile((request) => requests.push(request) > 0);
    access.decide(user);
    access.decideArguments(user, { n: 1 });
    expect(requests).toEqual([
      { principal: user, tool, phase: "tool", input: undefined },
      { principal: user, tool, phase: "tool", input: undefined },
      { principal: user, tool, phase: "arguments", input: { n: 1 } },
    ]);
  });

  test("that looks only at arguments is asked about them, though it had no objection before", () => {
    const access = compile(
      ({ input }, decideDefault) => (input as { n: number } | undefined)?.n !== 13 && decideDefault(),
    );
    expect(access.decide(user)).toMatchObject({
      allowed: "conditional",
      visible: true,
      rule: "definition of orders.get",
    });
    expect(access.decideArguments(user, { n: 1 })).toMatchObject({ allowed: "yes", rule: "definition of orders.get" });
    expect(access.decideArguments(user, { n: 13 })).toMatchObject({ allowed: "no", visible: true, rule: "authorizer" });
    expect(access.decide(guest)).toMatchObject({ allowed: "no", visible: false, rule: "default deny" });
  });

  test("decides in place of the default, by true and false", () => {
    expect(compile(() => true).decideArguments(guest, {})).toMatchObject({
      allowed: "yes",
      visible: true,
      rule: "authorizer",
    });
    expect(compile(() => false).decide(user)).toMatchObject({ allowed: "no", visible: false, rule: "authorizer" });
  });

  test("decides in full by a decision, in which what may be called is visible", () => {
    const own = { allowed: "no", visible: true, rule: "office hours", reason: "Closed." } as const;
    expect(compile(() => own).decide(user)).toEqual(own);
    const unseen = { ...own, allowed: "yes", visible: false } as const;
    expect(compile(() => unseen).decide(user)).toEqual({ ...own, allowed: "conditional" });
    expect(compile(() => unseen).decideArguments(user, {})).toEqual({ ...own, allowed: "yes" });
  });

  test("that leaves it open even with the arguments refuses", () => {
    const open: Decision = { allowed: "conditional", visible: true, rule: "r", reason: "Perhaps." };
    expect(compile(() => open).decideArguments(user, {})).toEqual({ ...open, allowed: "no" });
  });

  test("that refuses a tool and then allows the call refuses", () => {
    expect(compile(({ phase }) => phase === "arguments").decideArguments(user, {})).toMatchObject({
      allowed: "no",
      visible: false,
    });
  });

  const decision = { allowed: "yes", visible: true, rule: "r", reason: "R." };
  test.each([
    ["a promise", () => Promise.reject(new Error("late"))],
    ["nothing", () => undefined],
    ["a truthy value", () => 1],
    ["an empty object", () => ({})],
    ["a decision with another word", () => ({ ...decision, allowed: "perhaps" })],
    ["a decision without visible", () => ({ ...decision, visible: undefined })],
    ["a decision without rule", () => ({ ...decision, rule: undefined })],
    ["a decision without reason", () => ({ ...decision, reason: undefined })],
  ])("that answers %s refuses, before and with the arguments", (_, answer) => {
    expect(compile(answer as unknown as Authorizer).decide(user)).toMatchObject({ allowed: "no", visible: false });
    const late: Authorizer = ({ phase }) => phase === "tool" || (answer() as boolean);
    expect(compile(late).decideArguments(user, {})).toMatchObject({ allowed: "no", visible: true });
  });

  test("that throws refuses, and only explain tells why", () => {
    const access = compile(() => {
      throw new RangeError("secret path");
    });
    expect(JSON.stringify(access.decide(user))).not.toContain("secret");
    expect(access.explain(user)).toMatchObject({ allowed: false, visible: false, rule: "authorizer" });
    expect(access.explain(user).considered).toEqual([
      { rule: "authorizer", matched: false, why: "gave no decision (it threw RangeError: secret path), which refuses" },
    ]);
  });

  test("is explained ahead of what it delegates to", () => {
    const access = compile((_, decideDefault) => decideDefault());
    expect(access.explain(user, {})).toEqual({
      allowed: true,
      visible: true,
      conditional: false,
      rule: "definition of orders.get",
      reason: "The definition of the tool allows it.",
      considered: [
        { rule: "authorizer", matched: true, why: "decides in place of the default" },
        { rule: "definition of orders.get", matched: true, why: "fits the principal and allows" },
      ],
    });
  });

  test("that is no synchronous function is refused at the start", () => {
    const refusalOf = (authorizer: unknown): string => {
      try {
        createAuthorization({ authorizer: authorizer as Authorizer });
      } catch (error) {
        if (error instanceof ToolyardError && error.code === "INVALID_OPTION") return error.message;
        throw error;
      }
      return "";
    };
    expect(refusalOf("cedar")).toContain('authorizer: received "cedar", expected a function (request, decideDefault)');
    expect(refusalOf(async () => true)).toContain("authorizer: received an async or generator function");
  });
});
