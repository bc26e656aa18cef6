// The OpenAPI document, out of the routes: nobody writes it, so it cannot say anything else than what is served.
import type { Route } from "../http/index.ts";
import type { OpenapiDocument, Operation } from "./document.ts";
import { toOperation } from "./operation.ts";
import { PROBLEM_DETAILS } from "./problem-schema.ts";
import { createSchemaBook } from "./schema-book.ts";
import { TAGS } from "./tags.ts";

export interface OpenapiInfo {
  /** Of Toolyard. */
  readonly version: string;
  /** Where the server is, as URLs. @default `/`: where the document came from */
  readonly servers?: readonly string[];
}

const DESCRIPTION =
  "The tool registry for LLM agents. What is refused is answered with problem details (RFC 9457), whose `code` says why.";

/**
 * The routes as an OpenAPI 3.1 document: JSON data, the same text for the same routes. Beyond the standard it has
 * `x-toolyard-access`, who may ask, and `x-toolyard-codes`, the codes that lead to a status.
 */
export function toOpenapi(routes: readonly Route<never>[], { version, servers = ["/"] }: OpenapiInfo): OpenapiDocument {
  const book = createSchemaBook();
  book.toOutput(PROBLEM_DETAILS);
  const paths = new Map<string, Record<string, Operation>>();
  for (const route of routes) {
    const path = paths.get(route.path) ?? {};
    path[route.method.toLowerCase()] = toOperation(route, book);
    paths.set(route.path, path);
  }
  const tags = [...new Set(routes.map(({ tag }) => tag))].map((name) => {
    const description = Object.hasOwn(TAGS, name) ? TAGS[name] : undefined;
    return { name, ...(description !== undefined && { description }) };
  });
  return {
    openapi: "3.1.1",
    info: { title: "Toolyard", version, description: DESCRIPTION },
    servers: servers.map((url) => ({ url })),
    tags,
    paths: Object.fromEntries(paths),
    components: { schemas: book.components(), securitySchemes: SECURITY_SCHEMES },
  };
}

const SECURITY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", description: "An API key, or a signed token (JWT) of an issuer." },
  apiKey: { type: "apiKey", in: "header", name: "X-Api-Key", description: "An API key." },
};
