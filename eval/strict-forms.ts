// Every registered schema in the form of each provider: how many are strict, why the rest is not, and whether those who know
// better agree: the judge of what can be expressed, the published subsets, and OpenAI's own converter.
import { isDeepStrictEqual } from "node:util";
import { toStrictJsonSchema } from "openai/lib/transform";
import type { ToolDescription } from "../src/index.ts";
import { ANTHROPIC } from "../src/providers/schema/anthropic-rules.ts";
import { compileSchema } from "../src/providers/schema/compile-schema.ts";
import type { CompiledSchema } from "../src/providers/schema/compiled-schema.ts";
import { GEMINI } from "../src/providers/schema/gemini-rules.ts";
import { OPENAI } from "../src/providers/schema/openai-rules.ts";
import type { ProviderRules } from "../src/providers/schema/rules.ts";
import { findAnthropicProblem, findOpenAiProblem } from "../test/providers/strict-subsets.ts";
import { findInexpressible, type Inexpressible } from "./expressible.ts";
import type { Registered } from "./register.ts";

export type ProviderName = "OpenAI" | "Anthropic" | "Gemini";

export const PROVIDERS: readonly ProviderName[] = ["OpenAI", "Anthropic", "Gemini"];

const RULES: Readonly<Record<ProviderName, ProviderRules>> = { OpenAI: OPENAI, Anthropic: ANTHROPIC, Gemini: GEMINI };

/** Whether a provider's own view of a strict schema agrees; null when it has nothing to say against it. */
const OBJECTIONS: Readonly<Record<ProviderName, (schema: Readonly<Record<string, unknown>>) => string | null>> = {
  OpenAI: findOpenAiProblem,
  Anthropic: findAnthropicProblem,
  Gemini: () => null,
};

/** One tool in the form of one provider. */
export interface Form {
  readonly tool: ToolDescription;
  readonly compiled: CompiledSchema;
  /** Why no strict form can exist; null when one can. */
  readonly inexpressible: Inexpressible | null;
  /** Why a strict schema is not in the provider's published subset; null when it is, or is not strict. */
  readonly objection: string | null;
}

export interface ProviderForms {
  readonly provider: ProviderName;
  readonly hasStrict: boolean;
  readonly forms: readonly Form[];
  readonly byTool: ReadonlyMap<ToolDescription, CompiledSchema>;
}

export function compileForms(provider: ProviderName, registered: readonly Registered[]): ProviderForms {
  const rules = RULES[provider];
  const forms = registered.map(({ tool }): Form => {
    const compiled = compileSchema(tool.inputSchema, rules, true);
    return {
      tool,
      compiled,
      inexpressible: findInexpressible(tool.inputSchema),
      objection: compiled.strict ? OBJECTIONS[provider](compiled.schema) : null,
    };
  });
  return {
    provider,
    hasStrict: rules.strict !== null,
    forms,
    byTool: new Map(forms.map(({ tool, compiled }) => [tool, compiled])),
  };
}

/** The strict ones that OpenAI's own converter would have changed, or does not take. */
export function findConverted({ forms }: ProviderForms): readonly Form[] {
  return forms.filter(({ compiled }) => compiled.strict && !isKept(compiled.schema));
}

function isKept(schema: object): boolean {
  try {
    return isDeepStrictEqual(toStrictJsonSchema(structuredClone(schema)), schema);
  } catch {
    return false;
  }
}
