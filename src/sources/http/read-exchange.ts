// The field `http` of a definition: every part by itself, and then what the parts say together.
import type { FieldReader } from "../../tool/publishing/field-reader.ts";
import type { Effect } from "../../tool/effect.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import { createNameClaims, type NameClaims } from "./name-claims.ts";
import type { HttpExchange, HttpMethod } from "./http-tool-definition.ts";
import type { InputMembers } from "./input-members.ts";
import { toPresent } from "./present-members.ts";
import { readErrors, readResponse } from "./read-answer-rules.ts";
import { readAuth } from "./read-auth.ts";
import { readHeaders, readKeyHeader } from "./read-headers.ts";
import { readParameters } from "./read-parameters.ts";
import { parseUrlTemplate, type UrlTemplate } from "./url-template.ts";

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;
const BODIES = ["json", "form"] as const;
const KEYS = ["method", "url", "parameters", "body", "headers", "auth", "idempotencyKeyHeader", "response", "errors"];
const EXAMPLE = '{ method: "GET", url: "https://api.example.org/v1/orders/{id}" }';
const MAX_URL = 2_048;

/**
 * Reads the field `http` of `fields` for a tool with these arguments, this effect and secrets of `schemes`; null
 * when there is none.
 */
export function readExchange(
  reader: FieldReader,
  fields: Readonly<Record<string, unknown>>,
  members: InputMembers,
  { effect, schemes }: { readonly effect: Effect; readonly schemes: readonly string[] },
): HttpExchange | null {
  const raw = isSchema(fields["http"]) ? fields["http"] : {};
  if (!reader.has("http")) reader.report("http", `is missing, expected an object, such as ${EXAMPLE}`);
  const http = reader.record("http", KEYS, EXAMPLE);
  if (http === undefined) return null;
  for (const field of ["method", "url"]) if (!http.has(field)) http.report(field, "is missing");
  const method = http.choice("method", METHODS) ?? "POST";
  const url = http.text("url", MAX_URL) ?? "";
  const template = url === "" ? null : readTemplate(http, url);
  const claims = createNameClaims();
  claimFixed(template, claims);
  const headers = readHeaders(http, raw["headers"], claims);
  const auth = readAuth(http, raw, template, { claims, schemes });
  const idempotencyKeyHeader = readKeyHeader(http, effect, claims);
  const body = readBody(http, method);
  const places = template === null ? null : template.places;
  const parameters = readParameters(http, raw["parameters"], { members, method, places, body, claims });
  const hasBody = Object.values(parameters).some((parameter) => parameter.in === "body");
  return toPresent({
    method,
    url,
    parameters,
    body: body ?? (hasBody ? "json" : undefined),
    headers,
    auth,
    idempotencyKeyHeader,
    response: readResponse(http),
    errors: readErrors(http, raw["errors"]),
  });
}

function readTemplate(http: FieldReader, url: string): UrlTemplate | null {
  const parsed = parseUrlTemplate(url);
  if (parsed.ok) return parsed.template;
  for (const problem of parsed.problems) http.report("url", problem);
  return null;
}

function claimFixed(template: UrlTemplate | null, claims: NameClaims): void {
  for (const name of template?.queryNames ?? []) claims.claim("query", name, "the query of url");
}

function readBody(http: FieldReader, method: HttpMethod): HttpExchange["body"] {
  const body = http.choice("body", BODIES);
  if (body !== undefined && (method === "GET" || method === "HEAD"))
    http.report("body", `is set, but ${method} has no body; leave it out`);
  return body;
}
