// The registry as Gemini's models see it. A binding holds the versions it was made from: what is published or granted
// later shows in the next one, and a call of a version that has changed is refused.
import type { BindableRegistry, Binding } from "../binding.ts";
import { type BindingOptions, checkBindingOptions } from "../binding-options.ts";
import { createBinding } from "../create-binding.ts";
import { createGeminiFormat, NAME } from "./format.ts";
import type { GeminiWire } from "./wire.ts";

export interface GeminiOptions extends BindingOptions {
  /**
   * Whether images and files of results are sent: only to models of Gemini 3 and later, earlier ones refuse the request.
   * Without it the model is told what it was not shown.
   * @default false
   */
  readonly multimodalResults?: boolean;
}

export type GeminiBinding = Binding<GeminiWire>;

/**
 * The tools of `registry` that the principal may see, for Gemini's generateContent, with the way back.
 * Throws INVALID_OPTION for an option that is not accepted, NOT_PUBLISHED when `select` refers to nothing, and
 * CONVERSION_REFUSED for more than 512 declarations, and where `strict` is `require`: Gemini has no strict tools. With
 * `prefer`, `toolChoice` constrains all calls to the declarations instead.
 */
export function gemini(registry: BindableRegistry, options: GeminiOptions = {}): GeminiBinding {
  checkBindingOptions(NAME, options, { multimodalResults: "flag" });
  const { multimodalResults = false, strict = "off", ...shared } = options;
  return createBinding(registry, shared, createGeminiFormat(strict, multimodalResults));
}
