// The registry as Anthropic's models see it. A binding holds the versions it was made from: what is published or granted
// later shows in the next one, and a call of a version that has changed is refused.
import type { BindableRegistry, Binding } from "../binding.ts";
import { type BindingOptions, checkBindingOptions } from "../binding-options.ts";
import { createBinding } from "../create-binding.ts";
import type { BindingSelection } from "../select-tools.ts";
import { createMessagesFormat } from "./format.ts";
import type { AnthropicResult, AnthropicSearchWire, AnthropicSource, AnthropicTurn, AnthropicWire } from "./wire.ts";

export interface AnthropicOptions extends BindingOptions {}

/** What differs from other bindings: an array of blocks stands in a conversation as the message that they make. */
interface Turns<Message> {
  /**
   * What to add to the conversation: the model's own turn as it came, and `results` in one message of the user. Nothing of
   * what the API refuses is in it (texts that say nothing, a second call under an id, an input that is no object). Of a
   * turn that paused, and so has no results, it is the turn alone: send it to go on.
   */
  toMessages<Source extends AnthropicSource>(
    response: Source,
    results: readonly AnthropicResult[],
  ): (AnthropicTurn<Source> | Message)[];
}

export interface AnthropicBinding extends Omit<Binding<AnthropicWire>, "toMessages">, Turns<AnthropicWire["message"]> {}

/** A binding some of whose tools are deferred. */
export interface AnthropicSearchBinding
  extends Omit<Binding<AnthropicSearchWire>, "toMessages">, Turns<AnthropicSearchWire["message"]> {}

/**
 * The tools of `registry` that the principal may see, for Anthropic's Messages API, with the way back.
 * Throws INVALID_OPTION for an option that is not accepted, NOT_PUBLISHED when `select` refers to nothing, and
 * CONVERSION_REFUSED that lists every tool for which `strict` is `require` and that cannot be strict, by itself or because
 * the strict tools of one request would be too many.
 */
export function anthropic(
  registry: BindableRegistry,
  options: AnthropicOptions & { readonly select: Required<Pick<BindingSelection, "defer">> },
): AnthropicSearchBinding;
export function anthropic(registry: BindableRegistry, options?: AnthropicOptions): AnthropicBinding;
export function anthropic(
  registry: BindableRegistry,
  options: AnthropicOptions = {},
): AnthropicBinding | AnthropicSearchBinding {
  checkBindingOptions("anthropic", options);
  const { strict = "off", ...shared } = options;
  return createBinding(registry, shared, createMessagesFormat(strict)) as unknown as AnthropicSearchBinding;
}
