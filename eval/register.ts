// The definitions of a corpus in a real registry, each by itself, so that a refusal is that definition's own. Every tool
// echoes its arguments: what comes out is what a handler would have been given.
import { createRegistry, defineTool, type Registry, type ToolDescription, ToolyardError } from "../src/index.ts";
import type { Definition } from "./corpus/definition.ts";

/** As whom models call. */
export const CALLER = { id: "evaluation", roles: ["USER"] } as const;

export interface Registered {
  readonly definition: Definition;
  readonly tool: ToolDescription;
}

export interface Registration {
  readonly registry: Registry;
  readonly registered: readonly Registered[];
  readonly byDefinition: ReadonlyMap<Definition, ToolDescription>;
  /** `reason` is empty when something else than a refusal was thrown. */
  readonly refused: readonly { readonly definition: Definition; readonly reason: string }[];
}

export async function registerAll(definitions: readonly Definition[]): Promise<Registration> {
  const registry = createRegistry({ limits: [] });
  const registered: Registered[] = [];
  const refused: { definition: Definition; reason: string }[] = [];
  for (const definition of definitions) {
    try {
      const [tool] = await registry.register(toTool(definition));
      if (tool !== undefined) registered.push({ definition, tool });
    } catch (error) {
      refused.push({ definition, reason: toReason(error) });
    }
  }
  return {
    registry,
    registered,
    byDefinition: new Map(registered.map(({ definition, tool }) => [definition, tool])),
    refused,
  };
}

function toTool({ name, version, description, parameters }: Definition): ReturnType<typeof defineTool> {
  return defineTool({
    name,
    version,
    description,
    effect: "read",
    access: { roles: [...CALLER.roles] },
    input: parameters,
    handler: (input) => input,
  });
}

function toReason(error: unknown): string {
  if (!(error instanceof ToolyardError)) return "";
  return error.problems.length === 0
    ? error.message
    : error.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
}
