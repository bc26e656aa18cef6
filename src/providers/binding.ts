// A registry seen through one model provider: what to send, how to read the calls that come back, how to answer them.
// Generic over the provider's wire types; each provider's folder makes its own.
import type { Outcome } from "../call/outcome.ts";
import type { Registry } from "../core/registry.ts";
import type { ToolDescription } from "../tool/tool-version.ts";

/** What a binding needs of a registry. */
export type BindableRegistry = Pick<Registry, "list" | "get" | "executeAll" | "results">;

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
}

/** A call as the model wrote it. */
export interface ModelCall<WireCall = unknown> {
  /** Pairs the answer with the call. Made up by the model: unique in its response, and no idempotency key. */
  readonly id: string;
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
  /** The item itself, for what has to be echoed. */
  readonly wire: WireCall;
}

export interface RunOptions {
  /** Cancels the calls; each is still answered. */
  readonly signal?: AbortSignal;
}

export interface Binding<WireTool, WireSource, WireCall, WireResult> {
  /**
   * For the request, by name of the tool. The array is yours; the tools are frozen and shared. When a result was too long
   * for a model, `toolyard.read_result` is added at the end.
   */
  readonly tools: WireTool[];
  /** One row for each tool, in the same order. */
  readonly report: readonly ToolReport[];
  /**
   * The calls in a response, in order, each id once. Throws INVALID_OPTION when `response` is nothing that can hold calls.
   */
  decode(response: WireSource): readonly ModelCall<WireCall>[];
  /**
   * The answer to one call. `text` is what the model reads: what `registry.results.toModelText` made, as `run` does.
   * @param text what `toModelText` makes of the outcome, whole and as it is, when left out
   */
  encode(call: ModelCall<WireCall>, outcome: Outcome, text?: string): WireResult;
  /**
   * Executes every call of a response in parallel, as the binding's principal, pinned to the versions that were shown.
   * Exactly one answer for each call id, in order, whatever happens. Throws only what `decode` throws.
   */
  run(response: WireSource, options?: RunOptions): Promise<WireResult[]>;
}
