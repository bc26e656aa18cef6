// One route as an operation.
import type { z } from "zod";
import type { Access, Route } from "../http/index.ts";
import { toAnswers } from "./answers.ts";
import type { Operation, Parameter, RequestBody, Schema } from "./document.ts";
import type { SchemaBook } from "./schema-book.ts";

export function toOperation(route: Route<never>, book: SchemaBook): Operation {
  const { id, tag, summary, access, headers } = route;
  const parameters = [
    ...toParameters("path", book.toInput(route.params)),
    ...toParameters("query", book.toInput(route.query)),
    ...Object.entries(headers).map(([name, description]): Parameter => {
      return { name, in: "header", description, required: false, schema: { type: "string" } };
    }),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body !== null && { requestBody: toRequestBody(route.body, book) }),
    responses: toAnswers(route, book),
    security: toSecurity(access),
    "x-toolyard-access": access,
  };
}

function toParameters(place: "path" | "query", { properties = {}, required = [] }: Schema): readonly Parameter[] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    ...(description !== undefined && { description }),
    required: place === "path" || required.includes(name),
    schema,
  }));
}

function toRequestBody(body: z.ZodType | "raw", book: SchemaBook): RequestBody {
  if (body === "raw")
    return {
      description: "The arguments, as the tool's input schema has them. Nothing is the same as `{}`.",
      required: false,
      content: { "application/json": { schema: {} } },
    };
  // An absent body is read as `{}`.
  const isOptional = body.safeParse({}).success;
  return { required: !isOptional, content: { "application/json": { schema: book.toInput(body) } } };
}

function toSecurity(access: Access): Operation["security"] {
  return access === "public" ? [] : [{ bearer: [] }, { apiKey: [] }];
}
