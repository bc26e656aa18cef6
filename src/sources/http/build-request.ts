// From arguments, which the tool's schema has accepted, to what is sent: the same for the same arguments. What cannot be sent
// safely is refused here, before anything is, so the effect of every refusal is none.
import { ToolError } from "../../errors/tool-error.ts";
import { getOwn } from "../../kernel/own.ts";
import { quote } from "../../tool/schema/describe-value.ts";
import { toExactJson, toScalarText } from "./argument-text.ts";
import { buildUrl, encodeComponent, findSegmentProblem, findTextProblem, MAX_URL_LENGTH } from "./build-url.ts";
import type { CompiledExchange } from "./compile-exchange.ts";
import { findHeaderValueProblem } from "./header-rules.ts";
import type { HttpParameter } from "./http-tool-definition.ts";

export interface BuiltRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

type Input = Readonly<Record<string, unknown>>;
type Pair = readonly [string, string];

/**
 * Builds the request for `input`; `secretQuery` is the name and value that the credential adds to the query. Throws a
 * ToolError INVALID_ARGUMENT.
 */
export function buildRequest(compiled: CompiledExchange, input: Input, secretQuery: Pair | null): BuiltRequest {
  const { exchange, parameters } = compiled;
  const isForm = exchange.body === "form";
  const accepts = exchange.response.text === true ? "text/*, application/json" : "application/json";
  const headers: [string, string][] = Object.entries(exchange.headers ?? {});
  if (!headers.some(([name]) => name.toLowerCase() === "accept")) headers.push(["accept", accepts]);
  headers.push(...toHeaders(parameters.header, input));
  if (exchange.body !== undefined)
    headers.push(["content-type", isForm ? "application/x-www-form-urlencoded" : "application/json"]);
  return {
    url: toUrl(compiled, input, secretQuery),
    headers: Object.fromEntries(headers),
    body: toBody(compiled, input),
  };
}

function toUrl(compiled: CompiledExchange, input: Input, secretQuery: Pair | null): string {
  const { template, parameters, memberOf } = compiled;
  const values = new Map<string, string>();
  for (const [member, { name }] of parameters.path) values.set(name, toText(member, getOwn(input, member)));
  const valueOf = (place: string): string => values.get(place) ?? "";
  for (const parts of template.segments) {
    const places = parts.flatMap((part) => ("place" in part ? [part.place] : []));
    const problem = places.length === 0 ? null : findSegmentProblem(parts, valueOf);
    if (problem !== null) throw refuseArgument(memberOf.get(places[0] ?? "") ?? "", problem);
  }
  const query = toPairs(parameters.query, input);
  if (secretQuery !== null) query.push([secretQuery[0], encodeComponent(secretQuery[1])]);
  const url = buildUrl(template, valueOf, query);
  if (url !== null) return url;
  throw new ToolError(
    "INVALID_ARGUMENT",
    `The arguments make a URL of more than ${MAX_URL_LENGTH} characters; shorten them.`,
    {
      effect: "none",
    },
  );
}

function toHeaders(parameters: CompiledExchange["parameters"]["header"], input: Input): readonly [string, string][] {
  return parameters.flatMap(([member, { name }]): [string, string][] => {
    const value = getOwn(input, member);
    if (value === undefined || value === null) return [];
    const text = toText(member, value);
    const problem = findHeaderValueProblem(text);
    if (problem !== null) throw refuseArgument(member, problem);
    return [[name, text]];
  });
}

function toBody({ exchange, parameters }: CompiledExchange, input: Input): string | null {
  if (exchange.body === undefined) return null;
  if (exchange.body === "form") {
    const pairs = toPairs(parameters.body, input);
    return pairs.map(([name, value]) => `${encodeComponent(name)}=${value}`).join("&");
  }
  const members = parameters.body.flatMap(([member, { name }]): [string, unknown][] => {
    const value = getOwn(input, member);
    return value === undefined ? [] : [[name, value]];
  });
  return toExactJson(Object.fromEntries(members));
}

/** Names with encoded values, arrays in their style; what is null is left out. */
function toPairs(parameters: readonly (readonly [string, HttpParameter])[], input: Input): Pair[] {
  return parameters.flatMap(([member, { name, style }]): Pair[] => {
    const value = getOwn(input, member);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return [[name, toEncoded(member, value)]];
    if (style !== "comma") return value.map((item): Pair => [name, toEncoded(member, item)]);
    // One item that holds a comma would be two to whoever decodes before splitting.
    if (value.some((item) => typeof item === "string" && item.includes(",")))
      throw refuseArgument(member, "has an item with a comma, which would be two items to the upstream");
    return value.length === 0 ? [] : [[name, value.map((item) => toEncoded(member, item)).join(",")]];
  });
}

function toEncoded(member: string, value: unknown): string {
  const text = toText(member, value);
  const problem = findTextProblem(text);
  if (problem !== null) throw refuseArgument(member, problem);
  return encodeComponent(text);
}

function toText(member: string, value: unknown): string {
  const text = toScalarText(value);
  if (text !== null) return text;
  throw refuseArgument(member, "is, or holds, an object, an array or null where text, a number or a boolean is sent");
}

/** The value is not repeated: who sent it knows it, and it may be long or strange. */
function refuseArgument(member: string, problem: string): ToolError {
  const message = `The argument ${quote(member)} ${problem}. Nothing was sent.`;
  return new ToolError("INVALID_ARGUMENT", message, { effect: "none", details: { argument: member } });
}
