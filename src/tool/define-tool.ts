// `defineTool` declares a tool and gives it its types. It does nothing else: no check, no compilation, no registration.
import { deepFreeze } from "../kernel/freeze.ts";
import type { HandlerOutput, Tool, ToolDefinition } from "./definition.ts";
import type { JsonSchema, SchemaInput, SchemaOutput, ToolSchema } from "./schema/schema.ts";

/** What callers get: the output schema's output, or what the handler returned when there is none. */
export type CallerOutput<O, R> = O extends ToolSchema ? SchemaOutput<O> : R;

/** `defineTool` for handlers whose `context.app` is an `App`. */
export type DefineTool<App> = <
  I extends ToolSchema = JsonSchema,
  O extends ToolSchema | undefined = undefined,
  R extends HandlerOutput<O> = HandlerOutput<O>,
>(
  definition: ToolDefinition<I, O, R, App>,
) => Tool<SchemaInput<I>, CallerOutput<O, R>, App>;

function define(
  definition: ToolDefinition<ToolSchema, ToolSchema | undefined, unknown, never>,
): Tool<never, unknown, never> {
  const copy = { ...definition };
  for (const [key, value] of Object.entries(copy)) {
    // Schemas of libraries are live objects with caches of their own; freezing those breaks them.
    if (key !== "input" && key !== "output") deepFreeze(value);
  }
  return Object.freeze({
    name: definition.name,
    version: definition.version,
    definition: Object.freeze(copy) as Tool["definition"],
  });
}

/**
 * Declares a tool: one frozen value with a name, a version, schemas, policies and a handler, to be given to
 * `createRegistry` or `registry.register`, and to `registry.execute` for a typed call.
 */
export const defineTool: DefineTool<unknown> = define as unknown as DefineTool<unknown>;

export interface Toolkit<App> {
  readonly defineTool: DefineTool<App>;
}

/** `defineTool` with the type of `context.app` given once. */
export function createToolkit<App>(): Toolkit<App> {
  return { defineTool: define as unknown as DefineTool<App> };
}
