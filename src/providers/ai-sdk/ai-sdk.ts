// The registry as the AI SDK's tools. Each is a tool of the AI SDK whose `execute` is a call of the registry, so that
// `generateText`, `streamText` and `ToolLoopAgent` can keep their loop.
import type { BindableRegistry, Binding } from "../binding.ts";
import { type BindingOptions, checkBindingOptions } from "../binding-options.ts";
import { createBinding } from "../create-binding.ts";
import { createAiSdkFormat } from "./format.ts";
import type { AiSdkProvider } from "./to-ai-sdk-tool.ts";
import type { AnswerCall } from "./tool-set.ts";
import type { AiSdkWire } from "./wire.ts";

export interface AiSdkOptions extends BindingOptions {
  /**
   * Whose models are called: decides the form of the schemas, and whether images and files go beside results. `other`: as
   * OpenAI takes them, and no images.
   * @default "other"
   */
  readonly provider?: AiSdkProvider;
  /** Whether the AI SDK makes the calls; otherwise you do, with `run`. @default true */
  readonly execute?: boolean;
}

/**
 * `tools` is one record for the whole of the binding, and grows in place: give it as it is to the AI SDK, which reads it
 * before each step. A copy of it has what it had.
 */
export type AiSdkBinding = Binding<AiSdkWire>;

const PROVIDERS = ["openai", "anthropic", "gemini", "other"] as const satisfies readonly AiSdkProvider[];
const OWN = { provider: PROVIDERS, execute: "flag" } as const;

/**
 * The tools of `registry` that the principal may see, for the AI SDK, with the way back.
 * Throws INVALID_OPTION for an option that is not accepted, NOT_PUBLISHED when `select` refers to nothing, and
 * CONVERSION_REFUSED that lists every tool that cannot be strict and for which `strict` is `require`.
 */
export function aiSdk(registry: BindableRegistry, options: AiSdkOptions = {}): AiSdkBinding {
  checkBindingOptions("aiSdk", options, OWN);
  const { provider = "other", execute = true, strict = "off", ...shared } = options;
  const answer: AnswerCall = async (call, signal) => {
    const [result] = await binding.run([call], signal === undefined ? {} : { signal });
    // Brings the record that the AI SDK holds up to date.
    void binding.tools;
    return result;
  };
  const format = createAiSdkFormat({ provider, strict, answer: execute ? answer : null });
  const binding: AiSdkBinding = createBinding(registry, shared, format);
  return binding;
}
