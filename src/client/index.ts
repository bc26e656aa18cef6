// A client of a Toolyard server, for programs: no packages, no state but its options.
export { ToolyardClientError } from "./client-error.ts";
export type { ClientOptions } from "./client-options.ts";
export { type Client, createClient, type RequestSettings, type ToolEvent } from "./create-client.ts";
export type { Operations, Outcome, ProblemDetails } from "./operations.ts";
