// Anthropic's Messages format, as a binding needs it.
import { collect } from "../assembler.ts";
import type { Echo } from "../binding.ts";
import type { Format } from "../create-binding.ts";
import type { Shown } from "../shown.ts";
import type { StrictOption } from "../strict-mode.ts";
import { SEARCH_DESCRIPTION, SEARCH_PARAMETERS } from "../tool-search.ts";
import { createMessageAssembler } from "./assemble.ts";
import { decodeMessage, findBlocks } from "./decode.ts";
import { encodeResult, encodeSearch } from "./encode.ts";
import { takesMedia } from "./media.ts";
import { createBudgetedConvert } from "./strict-budget.ts";
import { convertForMessages } from "./to-anthropic-tool.ts";
import { toTurnBlocks } from "./turn.ts";
import type { AnthropicEntry, AnthropicSearchWire, AnthropicTool } from "./wire.ts";

const NAME = "anthropic";

/** The format of one binding: the limits of its requests are kept in it. */
export function createMessagesFormat(strict: StrictOption): Format<AnthropicTool, AnthropicSearchWire> {
  return {
    name: NAME,
    convert: createBudgetedConvert(NAME, convertForMessages, strict),
    hasSearch: true,
    toTools: toEntries,
    toChoice: () => undefined,
    decode: decodeMessage,
    takes: takesMedia,
    encode: encodeResult,
    encodeSearch,
    toMessages: (response, results) => {
      // What only a response has (its id, its usage) is refused in a request, and so is a message without content.
      const content = toTurnBlocks(findBlocks(response));
      return [
        ...(content.length === 0 ? [] : [{ role: "assistant", content } as unknown as Echo<typeof response>]),
        ...(results.length === 0 ? [] : [{ role: "user" as const, content: [...results] }]),
      ];
    },
    collect: (events, onText) => collect(events, createMessageAssembler(NAME), onText),
  };
}

/** What the model sees first comes first; what is added later comes last. At least the search is not deferred. */
function toEntries({ loaded, deferred, search }: Shown<AnthropicTool>): AnthropicEntry[] {
  const tools = [...deferred, ...loaded].map(({ converted }) => converted.wire);
  if (search === null) return tools;
  return search.by === "provider"
    ? [{ type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" }, ...tools]
    : [toSearchTool(search.wireName), ...tools];
}

function toSearchTool(name: string): AnthropicTool {
  return { name, description: SEARCH_DESCRIPTION, input_schema: { ...SEARCH_PARAMETERS, type: "object" } };
}
