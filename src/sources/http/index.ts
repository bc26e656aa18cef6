// HTTP tools as data: from what a file or a client sends to a tool like any other.
export { createHttpSource, type HttpSourceOptions } from "./create-http-source.ts";
export { parseHttpTool, type ParseHttpToolOptions } from "./parse-http-tool.ts";
export { type HttpToolFailure, type HttpToolOptions, toHttpTool } from "./to-http-tool.ts";
export type {
  HttpAuth,
  HttpErrorRule,
  HttpExchange,
  HttpMethod,
  HttpParameter,
  HttpResponse,
  HttpToolDefinition,
} from "./http-tool-definition.ts";
// The way out that such tools need.
export {
  createEgress,
  type Egress,
  type EgressCode,
  EgressError,
  type EgressOptions,
  type EgressRequest,
  type EgressResponse,
  type EgressStats,
  type Resolver,
} from "../../net/index.ts";
