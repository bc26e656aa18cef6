// The registry as OpenAI's models see it. A binding holds the versions it was made from: what is published or granted
// later shows in the next one, and a call of a version that has changed is refused.
import type { BindableRegistry, Binding } from "../binding.ts";
import { type BindingOptions, checkBindingOptions } from "../binding-options.ts";
import { createBinding } from "../create-binding.ts";
import { createChatFormat, createResponsesFormat } from "./formats.ts";
import type { OpenAiFormat } from "./to-openai-tool.ts";
import type { BindingSelection } from "../select-tools.ts";
import type { ChatWire, ResponsesSearchWire, ResponsesWire } from "./wire.ts";

export interface OpenAiOptions extends BindingOptions {
  /** `responses`: the Responses API; `chat`: Chat Completions. @default "responses" */
  readonly format?: OpenAiFormat;
}

export type ChatBinding = Binding<ChatWire>;
export type ResponsesBinding = Binding<ResponsesWire>;
/** A binding some of whose tools are deferred. */
export type ResponsesSearchBinding = Binding<ResponsesSearchWire>;

const OWN = { format: ["responses", "chat"] } as const satisfies Record<string, readonly OpenAiFormat[]>;

/**
 * The tools of `registry` that the principal may see, for OpenAI's API, with the way back.
 * Throws INVALID_OPTION for an option that is not accepted, NOT_PUBLISHED when `select` refers to nothing, and
 * CONVERSION_REFUSED that lists every tool that cannot be strict and for which `strict` is `require`.
 */
export function openai(registry: BindableRegistry, options: OpenAiOptions & { readonly format: "chat" }): ChatBinding;
export function openai(
  registry: BindableRegistry,
  options: OpenAiOptions & {
    readonly format?: "responses";
    readonly select: Required<Pick<BindingSelection, "defer">>;
  },
): ResponsesSearchBinding;
export function openai(
  registry: BindableRegistry,
  options?: OpenAiOptions & { readonly format?: "responses" },
): ResponsesBinding;
export function openai(registry: BindableRegistry, options?: OpenAiOptions): ChatBinding | ResponsesBinding;
export function openai(
  registry: BindableRegistry,
  options: OpenAiOptions = {},
): ChatBinding | ResponsesBinding | ResponsesSearchBinding {
  checkBindingOptions("openai", options, OWN);
  const { format, strict = "off", ...shared } = options;
  return format === "chat"
    ? createBinding(registry, shared, createChatFormat(strict))
    : createBinding(registry, shared, createResponsesFormat(strict));
}
