import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { ProblemDetails, Route } from "../http/index.ts";
import { defineRoute } from "../http/index.ts";
import { ROUTES } from "../rest/index.ts";
import type { Operation } from "./document.ts";
import { PROBLEM_DETAILS } from "./problem-schema.ts";
import { TAGS } from "./tags.ts";
import { toOpenapi } from "./to-openapi.ts";

const document = toOpenapi(ROUTES, { version: "1.2.3" });
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

function find(id: string): Operation {
  const found = operations.find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}

function parameterOf(id: string, name: string): unknown {
  return find(id).parameters?.find((parameter) => parameter.name === name);
}

describe("the document of the routes", () => {
  it("is valid OpenAPI 3.1", async () => {
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it("is refused by the validator when it is not", async () => {
    const broken = { ...structuredClone(document), paths: { "/v1/tools": { get: { responses: 1 } } } };
    expect((await new Validator().validate(broken as unknown as Record<string, unknown>)).valid).toBe(false);
  });

  it("has schemas that can be compiled, and references that lead somewhere", () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: "named", $defs: JSON.parse(toLocal(document.components.schemas)) });
    const texts = new Set(toSchemas(document.paths).map(toLocal));
    expect(texts.size).toBeGreaterThan(50);
    for (const text of texts) expect(() => ajv.compile(JSON.parse(text))).not.toThrow();
  });

  it("has every route once", () => {
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    expect(told.toSorted()).toEqual(ROUTES.map(({ method, path, id }) => `${method} ${path} ${id}`).toSorted());
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  });

  it("has no two paths that a request could mean both", () => {
    const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{\w+\}/g, "{}"));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it("describes every part of a path", () => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const { parameters = [] } of Object.values(methods))
        expect(parameters.filter((one) => one.in === "path").map(({ name }) => `{${name}}`)).toEqual(
          path.match(/\{\w+\}/g) ?? [],
        );
  });

  it("says what each group is about", () => {
    expect(document.tags.map(({ name }) => name)).toEqual(Object.keys(TAGS));
  });

  it("is the same text every time", () => {
    expect(JSON.stringify(toOpenapi(ROUTES, { version: "1.2.3" }))).toBe(JSON.stringify(document));
  });

  it("asks for what is sent, not for what it becomes", () => {
    expect(parameterOf("callTool", "dryRun")).toMatchObject({
      schema: { type: "string", enum: ["true", "false"] },
      required: false,
    });
    expect(parameterOf("callTool", "Idempotency-Key")).toMatchObject({ in: "header" });
    expect(parameterOf("listTools", "limit")).toMatchObject({
      required: false,
      schema: { type: "integer", minimum: 1, maximum: 1_000, default: 100 },
    });
    expect(parameterOf("explainAccess", "principal")).toMatchObject({ in: "query", required: true });
  });

  it("takes any JSON where the body is a tool's arguments, and says where none has to be", () => {
    expect(find("callTool").requestBody).toMatchObject({
      required: false,
      content: { "application/json": { schema: {} } },
    });
    expect(find("createKey").requestBody?.required).toBe(true);
    expect(find("rotateKey").requestBody?.required).toBe(false);
  });

  it("answers calls with JSON or events, and pages as pages", () => {
    expect(Object.keys(find("callTool").responses["200"]?.content ?? {})).toEqual([
      "application/json",
      "text/event-stream",
    ]);
    expect(find("callTool").responses["200"]?.content?.["application/json"]?.schema).toEqual({
      $ref: "#/components/schemas/Outcome",
    });
    expect(Object.keys(find("getDocs").responses["200"]?.content ?? {})).toEqual(["text/html"]);
    expect(find("createKey").responses["201"]).toBeDefined();
    expect(find("removeGrant").responses["204"]?.content).toBeUndefined();
  });

  it("lists the codes that lead to a status", () => {
    expect(find("callTool").responses["429"]?.["x-toolyard-codes"]).toEqual(["QUOTA_EXCEEDED", "RATE_LIMITED"]);
    expect(find("callTool").responses["202"]?.["x-toolyard-codes"]).toEqual(["APPROVAL_PENDING"]);
    expect(find("listKeys").responses["403"]?.["x-toolyard-codes"]).toEqual(["FORBIDDEN", "ORIGIN_REFUSED"]);
    expect(find("listTools").responses["415"]).toBeUndefined();
    expect(find("getOpenapi").responses["401"]).toBeUndefined();
    expect(Object.keys(find("getLiveness").responses)).toEqual(["200", "500", "default"]);
  });

  it("says who may ask, and with what", () => {
    expect(find("getDocs")).toMatchObject({ security: [], "x-toolyard-access": "public" });
    expect(find("publishTools")).toMatchObject({
      security: [{ bearer: [] }, { apiKey: [] }],
      "x-toolyard-access": "operator",
    });
  });
});

it("keeps what is sent and what comes apart when both have one id", () => {
  const both = z.strictObject({ at: z.coerce.number() }).meta({ id: "Moment" });
  const route: Route<never> = defineRoute({
    ...{ id: "x", method: "POST", path: "/x", access: "public", tag: "t", summary: "." },
    ...{ body: z.strictObject({ moment: both }), answer: z.strictObject({ moment: both }) },
    handle: () => ({}),
  });
  expect(Object.keys(toOpenapi([route], { version: "1" }).components.schemas)).toEqual([
    ...["Moment", "MomentInput", "ProblemDetails"],
  ]);
});

it("has every member of problem details", () => {
  const members: Record<keyof ProblemDetails, true> = {
    ...{ type: true, title: true, status: true, detail: true, code: true, requestId: true, callId: true, effect: true },
    ...{ retryable: true, retryAfterMs: true, problems: true, issues: true, toolCode: true, suggestions: true },
    ...{ details: true, continuation: true, "violated-policies": true, meta: true },
  };
  expectTypeOf(members).toEqualTypeOf<Record<keyof ProblemDetails, true>>();
  expect(Object.keys(PROBLEM_DETAILS.shape).toSorted()).toEqual(Object.keys(members).toSorted());
});

function toSchemas(value: unknown): readonly object[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === "schema" ? [inner as object] : toSchemas(inner)));
}

function toLocal(schema: object): string {
  return JSON.stringify(schema).replaceAll("#/components/schemas/", "named#/$defs/");
}
