// HTTP tools as a source of tools for a registry: what is published as data is a tool again after a restart, without any code.
import type { ToolSource } from "../../tool/source.ts";
import { parseHttpTool, type ParseHttpToolOptions } from "./parse-http-tool.ts";
import { type HttpToolOptions, toHttpTool } from "./to-http-tool.ts";

export interface HttpSourceOptions extends HttpToolOptions, ParseHttpToolOptions {}

/**
 * For `sources: { http: createHttpSource({ egress, secrets, permitSecret }) }` of a registry. Whoever may publish names both a secret and
 * the address it is sent to: give `permitSecret` unless that is the operator alone. The source throws as `parseHttpTool` and
 * `toHttpTool` do.
 */
export function createHttpSource({ secretSchemes = [], ...options }: HttpSourceOptions): ToolSource<unknown> {
  return (definition) => toHttpTool(parseHttpTool(definition, { secretSchemes }), options);
}
