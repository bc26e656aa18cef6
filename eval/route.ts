// The way of a call through one provider: what the model is shown, and what comes back of what it writes. OpenAI's is the
// real binding; for Anthropic and Gemini it is the compiled schema with its own way back.
import type { Registry, ToolDescription } from "../src/index.ts";
import { openai, type ResponsesBinding } from "../src/providers/openai/index.ts";
import { CALLER } from "./register.ts";
import type { ProviderForms } from "./strict-forms.ts";

export interface Decoded {
  /** The version that is called; null when the name led to none. */
  readonly tool: ToolDescription | null;
  readonly input: unknown;
}

/** What was offered with one question. */
export interface Route {
  /** The schema that the model is shown for `tool`. */
  readonly schemaOf: (tool: ToolDescription) => Readonly<Record<string, unknown>>;
  /** What arrives when a model calls `tool` with the arguments `sent`. */
  readonly decode: (tool: ToolDescription, sent: unknown) => Decoded;
}

/** A route for one question with the tools that are offered with it. */
export type OpenRoute = (offered: readonly ToolDescription[]) => Route;

export function toRoutes(registry: Registry, forms: ProviderForms): OpenRoute {
  return forms.provider === "OpenAI" ? (offered) => openBinding(registry, offered) : () => openCompiled(forms);
}

function openBinding(registry: Registry, offered: readonly ToolDescription[]): Route {
  const names = offered.map(({ name, version }) => `${name}@${version}`);
  const binding = openai(registry, { principal: CALLER, strict: "prefer", select: { names } });
  const find = (tool: ToolDescription): { wireName: string; parameters: Readonly<Record<string, unknown>> } => {
    const index = binding.report.findIndex(({ tool: name }) => name === tool.name);
    const [row, wire] = [binding.report[index], binding.tools[index]];
    if (row === undefined || wire === undefined)
      throw new Error(`${tool.name} is not in the binding it was selected for`);
    return { wireName: row.wireName, parameters: wire.parameters ?? {} };
  };
  return {
    schemaOf: (tool) => find(tool).parameters,
    decode: (tool, sent) => decodeCall(binding, find(tool).wireName, sent),
  };
}

function decodeCall(binding: ResponsesBinding, name: string, sent: unknown): Decoded {
  const item = { type: "function_call", call_id: "call_1", name, arguments: JSON.stringify(sent) } as const;
  const [call] = binding.decode([item]);
  return { tool: call?.tool ?? null, input: call?.input };
}

function openCompiled({ byTool }: ProviderForms): Route {
  const find = (tool: ToolDescription): NonNullable<ReturnType<typeof byTool.get>> => {
    const compiled = byTool.get(tool);
    if (compiled === undefined) throw new Error(`${tool.name} was not compiled`);
    return compiled;
  };
  return {
    schemaOf: (tool) => find(tool).schema,
    // Both send data and no text.
    decode: (tool, sent) => ({ tool, input: find(tool).restore(sent) }),
  };
}
