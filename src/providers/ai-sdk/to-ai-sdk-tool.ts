// One tool in the AI SDK's form. The AI SDK passes a schema and its `strict` on as they are, so the schema has to be the
// one that the provider behind it takes.
import type { JSONSchema7, Schema } from "ai";
import { createBudgetedConvert } from "../anthropic/strict-budget.ts";
import { type Converter, createConverter, toConvert } from "../converter.ts";
import type { Convert } from "../offer.ts";
import { ANTHROPIC } from "../schema/anthropic-rules.ts";
import { GEMINI } from "../schema/gemini-rules.ts";
import { OPENAI } from "../schema/openai-rules.ts";
import type { ProviderRules } from "../schema/rules.ts";
import type { StrictOption } from "../strict-mode.ts";
import type { AiSdkDefinition } from "./wire.ts";

/** Whose models the AI SDK calls. */
export type AiSdkProvider = "openai" | "anthropic" | "gemini" | "other";

const RULES: Readonly<Record<AiSdkProvider, ProviderRules>> = {
  openai: OPENAI,
  anthropic: ANTHROPIC,
  gemini: GEMINI,
  // Most have copied OpenAI's API, and what OpenAI takes the others take.
  other: OPENAI,
};

// Made once for the rules, because a conversion keeps what it made.
const CONVERTERS: ReadonlyMap<ProviderRules, Converter<AiSdkDefinition>> = new Map(
  Object.values(RULES).map((rules) => [
    rules,
    createConverter(rules, ({ tool, schema, strict }) => toDefinition(tool.description, schema, strict)),
  ]),
);

/** The conversion for a provider. `what` is for errors. */
export function createConvert(what: string, provider: AiSdkProvider, strict: StrictOption): Convert<AiSdkDefinition> {
  const converter = CONVERTERS.get(RULES[provider]);
  if (converter === undefined) throw new Error(`no conversion for ${provider}`);
  return (provider === "anthropic" ? createBudgetedConvert : toConvert)(what, converter, strict);
}

/** A tool as a model is told of it. */
export function toDefinition(description: string, schema: Record<string, unknown>, strict: boolean): AiSdkDefinition {
  return { type: "dynamic", description, inputSchema: toSchema(schema), ...(strict && { strict }) };
}

// What `jsonSchema()` of the AI SDK marks its own with; registered, so that several copies of the package agree.
const MARK = Symbol.for("vercel.ai.schema");

/** A schema that takes everything: the registry validates, after it has restored what the model was asked to change. */
function toSchema(schema: Record<string, unknown>): Schema<unknown> {
  const made = {
    [MARK]: true,
    _type: undefined,
    jsonSchema: schema as JSONSchema7,
    validate: (value: unknown) => ({ success: true as const, value }),
  };
  // The mark's type cannot be written without the package.
  return made as unknown as Schema<unknown>;
}
