// An exchange made ready once for all its calls.
import { toKeys } from "../../kernel/json-pointer.ts";
import { toTemplate, type UrlTemplate } from "./url-template.ts";
import type { HttpExchange, HttpParameter } from "./http-tool-definition.ts";

export interface CompiledExchange {
  readonly exchange: HttpExchange;
  readonly template: UrlTemplate;
  /** By where they go; members in the order of the schema. */
  readonly parameters: Readonly<Record<HttpParameter["in"], readonly (readonly [string, HttpParameter])[]>>;
  /** Members of the input by the place they fill. */
  readonly memberOf: ReadonlyMap<string, string>;
  /** To the output within an answer. */
  readonly outputKeys: readonly string[];
}

/** Compiles a checked exchange. */
export function compileExchange(exchange: HttpExchange): CompiledExchange {
  const all = Object.entries(exchange.parameters);
  const of = (where: HttpParameter["in"]): readonly (readonly [string, HttpParameter])[] =>
    all.filter(([, parameter]) => parameter.in === where);
  return {
    exchange,
    template: toTemplate(exchange.url),
    parameters: { path: of("path"), query: of("query"), header: of("header"), body: of("body") },
    memberOf: new Map(of("path").map(([member, { name }]) => [name, member])),
    outputKeys: toKeys(exchange.response.pointer ?? ""),
  };
}
