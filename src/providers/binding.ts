// A registry seen through one model provider: what to send, how to read the calls that come back, how to answer them.
// Generic over the provider's wire types; each provider's folder makes its own.
import type { Outcome } from "../call/outcome.ts";
import type { Registry } from "../core/registry.ts";
import type { ToolDescription } from "../tool/tool-version.ts";

/** What a binding needs of a registry. */
export type BindableRegistry = Pick<Registry, "list" | "get" | "executeAll" | "results">;

/** The types of a provider's format. */
export interface Wire {
  /** What goes into a request as its tools. */
  readonly tools: unknown;
  /** What goes beside them, to narrow what may be called. */
  readonly choice: unknown;
  /** A response, or the part of one that holds calls. */
  readonly source: unknown;
  /** One call. */
  readonly call: unknown;
  /** The answer to one call. */
  readonly result: unknown;
  /** How answers stand in a conversation. */
  readonly message: unknown;
}

/**
 * The model's own turn in a response, as it stands in a conversation. (Two
 * kinds of items that OpenAI's types allow in a response and not in a request are never the model's.)
 */
export type Echo<Source> = Source extends { readonly responseMessages: readonly (infer Message)[] }
  ? Message
  : Source extends { readonly output: readonly (infer Item)[] }
    ? Exclude<Item, { readonly type: "additional_tools" | "computer_call_output" }>
    : Source extends { readonly choices: readonly { readonly message: infer Message }[] }
      ? Message
      : Source extends { readonly candidates?: readonly { readonly content?: infer Content }[] }
        ? NonNullable<Content>
        : Source extends { readonly role: "assistant"; readonly content: infer Content }
          ? { role: "assistant"; content: Content }
          : Source extends readonly (infer Item)[]
            ? Exclude<Item, { readonly type: "tool-call" }>
            : Source;

/** How one tool was converted. */
export interface ToolReport {
  readonly tool: string;
  readonly version: string;
  /** The name the model sees. */
  readonly wireName: string;
  /** Whether the provider guarantees arguments that fit the schema. The registry validates them either way. */
  readonly strict: boolean;
  /** Why the tool is not strict; null when it is, or when nobody asked. */
  readonly reason: string | null;
  /** What the schema lost or changed on its way, with the place, for a person; the registry still enforces all of it. */
  readonly changes: readonly string[];
  /** Whether the model has to search for it before it sees its parameters. */
  readonly deferred: boolean;
}

/** A call as the model wrote it. */
export interface ModelCall<WireCall = unknown> {
  /** Pairs the answer with the call. Made up by the model: unique in its response, and no idempotency key. */
  readonly id: string;
  /** Whether the model gave none: the id is then one for this response alone, and never an idempotency key. */
  readonly isIdMadeUp?: boolean;
  /** The name as it came. */
  readonly wireName: string;
  /** The version the model was shown under that name; null when it was shown none, and the call will be refused. */
  readonly tool: ToolDescription | null;
  /**
   * The arguments, as the tool's schema has them: JSON text or data, as it came but for what the format asked of the model
   * (null in place of what is left out, other names of properties).
   */
  readonly input: unknown;
  /** Why the call can only be refused, when the name is not the reason. */
  readonly problem: string | null;
  /** Further calls that came under the same id and are not executed, because an id can be answered only once. */
  readonly repeats: number;
  /** What the model looks for, when it searches the deferred tools; null for any other call. */
  readonly search: string | null;
  /** The calls that this one wraps; each is executed, and their results are one answer. Empty for any other call. */
  readonly inner: readonly ModelCall<WireCall>[];
  /** The item itself, for what has to be echoed. */
  readonly wire: WireCall;
}

export interface RunOptions {
  /** Cancels the calls; each is still answered. */
  readonly signal?: AbortSignal;
}

export interface Binding<W extends Wire> {
  /**
   * For the request, by name of the tool: the same tools are the same text, so that a provider's cache hits. A fresh
   * array each time, whose members are frozen and shared. What is added later stands at the end: tools that a search has
   * found, where the provider cannot load them itself, and `toolyard.read_result`, once a result was too long.
   */
  readonly tools: W["tools"];
  /** What narrows the request to `select.allowed`; undefined when nothing does, or the provider has no such thing. */
  readonly toolChoice: W["choice"] | undefined;
  /** One row for each tool, in the same order. */
  readonly report: readonly ToolReport[];
  /**
   * The calls in a response, in order, each id once. Throws INVALID_OPTION when `response` is nothing that can hold calls.
   */
  decode(response: W["source"]): readonly ModelCall<W["call"]>[];
  /**
   * The answer to one call. `text` is what the model reads: what `registry.results.toModelText` made, as `run` does.
   * Images and files of the outcome go beside it where the provider takes them.
   * @param text what `toModelText` makes of the outcome, whole and as it is, when left out
   */
  encode(call: ModelCall<W["call"]>, outcome: Outcome, text?: string): W["result"];
  /**
   * Executes every call of a response in parallel, as the binding's principal, pinned to the versions that were shown.
   * Exactly one answer for each call id, in order, whatever happens. Throws only what `decode` throws.
   */
  run(response: W["source"], options?: RunOptions): Promise<W["result"][]>;
  /**
   * What to add to the conversation: the model's own turn as it came (with its reasoning, signatures and namespaces), and
   * `results` in the form that the provider insists on.
   */
  toMessages<Source extends W["source"]>(
    response: Source,
    results: readonly W["result"][],
  ): (Echo<Source> | W["message"])[];
  /**
   * The whole response out of the events of a stream, as the official client gives them. `onText` gets the pieces of what
   * the model says. Rejects with MODEL_FAILED when the stream ends before the response does, and with what the stream
   * throws.
   */
  collect(events: AsyncIterable<unknown>, onText?: (text: string) => void): Promise<W["source"]>;
}
