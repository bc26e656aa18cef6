// The registry as LangChain's tools, for `bindTools`, `ToolNode` and `createAgent`, and the way back for a loop of one's own.
import { AIMessage, type AIMessageChunk, ToolMessage } from "@langchain/core/messages";
import type { BindableRegistry, Binding } from "../binding.ts";
import { type BindingOptions, checkBindingOptions } from "../binding-options.ts";
import { createConverter, toConvert } from "../converter.ts";
import { createBinding } from "../create-binding.ts";
import { createModelFailure } from "../model-failure.ts";
import { toText } from "../raw-call.ts";
import { ANTHROPIC } from "../schema/anthropic-rules.ts";
import { GEMINI } from "../schema/gemini-rules.ts";
import { OPENAI } from "../schema/openai-rules.ts";
import type { ProviderRules } from "../schema/rules.ts";
import { decode } from "./decode.ts";
import { type AnswerCall, createToolList, type LangChainDefinition } from "./tools.ts";
import type { LangChainWire } from "./wire.ts";

/** Whose models LangChain calls. */
export type LangChainProvider = "openai" | "anthropic" | "gemini" | "other";

export interface LangChainOptions extends BindingOptions {
  /** Whose models are called: decides the form of the schemas. `other`: as OpenAI takes them. @default "other" */
  readonly provider?: LangChainProvider;
}

/**
 * `tools` is one array for the whole of the binding, and grows in place: give it as it is to `ToolNode`, and to
 * `bindTools` before each turn. `toolChoice` is always undefined: LangChain has none for several tools.
 */
export type LangChainBinding = Binding<LangChainWire>;

const NAME = "langchain";

const toConverter = (rules: ProviderRules): ReturnType<typeof createConverter<LangChainDefinition>> =>
  createConverter(rules, ({ tool: { description }, schema }): LangChainDefinition => ({ description, schema }));
// Made once for the rules, because a conversion keeps what it made.
const LIKE_OPENAI = toConverter(OPENAI);
const CONVERTERS = { openai: LIKE_OPENAI, anthropic: toConverter(ANTHROPIC), gemini: toConverter(GEMINI) };

/**
 * The tools of `registry` that the principal may see, for LangChain, with the way back.
 * Throws INVALID_OPTION for an option that is not accepted, NOT_PUBLISHED when `select` refers to nothing, and
 * CONVERSION_REFUSED that lists every tool that cannot be strict and for which `strict` is `require`.
 */
export function langchain(registry: BindableRegistry, options: LangChainOptions = {}): LangChainBinding {
  checkBindingOptions(NAME, options, { provider: [...Object.keys(CONVERTERS), "other"] });
  const { provider = "other", strict = "off", ...shared } = options;
  const answer: AnswerCall = async (call, signal) => {
    const message = new AIMessage({ content: "", tool_calls: [call] });
    const [result] = await binding.run(message, signal === undefined ? {} : { signal });
    // Brings the array that LangChain holds up to date.
    void binding.tools;
    return result;
  };
  const binding: LangChainBinding = createBinding<LangChainDefinition, LangChainWire>(registry, shared, {
    name: NAME,
    convert: toConvert(NAME, provider === "other" ? LIKE_OPENAI : CONVERTERS[provider], strict),
    hasSearch: false,
    toTools: createToolList(answer),
    toChoice: () => undefined,
    decode,
    encode: ({ id, wireName }, { ok, text }) =>
      new ToolMessage({ content: text, tool_call_id: id, name: wireName, status: ok ? "success" : "error" }),
    toMessages: ((source, results) => [...[source].flat(), ...results]) as LangChainBinding["toMessages"],
    collect,
  });
  return binding;
}

async function collect(
  events: AsyncIterable<unknown>,
  onText: (text: string) => void = () => {},
): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | null = null;
  for await (const chunk of events as AsyncIterable<AIMessageChunk>) {
    const text = toText(chunk.text);
    if (text !== "") onText(text);
    whole = whole === null ? chunk : whole.concat(chunk);
  }
  if (whole === null) throw createModelFailure(NAME, "its answer ended before it began.", true);
  return whole;
}
