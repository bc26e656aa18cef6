// OpenAI's two formats, as a binding needs them.
import { collect } from "../assembler.ts";
import type { Echo } from "../binding.ts";
import type { WrappedCall } from "../call-reader.ts";
import { toConvert } from "../converter.ts";
import type { Format } from "../create-binding.ts";
import type { RawCall } from "../raw-call.ts";
import { SEARCH_DESCRIPTION, SEARCH_PARAMETERS } from "../tool-search.ts";
import type { StrictOption } from "../strict-mode.ts";
import type { Shown } from "../shown.ts";
import { createChatAssembler } from "./assemble-chat.ts";
import { createResponsesAssembler } from "./assemble-responses.ts";
import { decodeChat, findChatMessage } from "./decode-chat.ts";
import { decodeResponses } from "./decode-responses.ts";
import { encodeChat, encodeResponses, encodeResponsesSearch } from "./encode.ts";
import { takesMedia } from "./media.ts";
import { toNamespaces } from "./namespaces.ts";
import { unwrapParallel } from "./parallel-wrapper.ts";
import { convertForChat, convertForResponses } from "./to-openai-tool.ts";
import type { ChatTool, ChatWire, ResponsesEntry, ResponsesSearchWire, ResponsesTool } from "./wire.ts";

const NAME = "openai";

/** The Responses API. */
export function createResponsesFormat(strict: StrictOption): Format<ResponsesTool, ResponsesSearchWire> {
  return {
    name: NAME,
    convert: toConvert(NAME, convertForResponses, strict),
    hasSearch: true,
    toTools: toResponsesTools,
    toChoice(allowed, { search }) {
      // What is found later is in no list, and a list without the search would end it: the binding alone refuses then.
      if (allowed === null || search !== null) return undefined;
      if (allowed.length === 0) return "none";
      return { type: "allowed_tools", mode: "auto", tools: allowed.map((name) => ({ type: "function", name })) };
    },
    decode: decodeResponses,
    unwrap,
    takes: takesMedia,
    encode: encodeResponses,
    encodeSearch: encodeResponsesSearch,
    toMessages: (response, results) => {
      const items = Array.isArray(response) ? response : (response as { readonly output: readonly unknown[] }).output;
      return [...(items as Echo<typeof response>[]), ...results];
    },
    collect: (events, onText) => collect(events, createResponsesAssembler(NAME), onText),
  };
}

/** Chat Completions. */
export function createChatFormat(strict: StrictOption): Format<ChatTool, ChatWire> {
  return {
    name: NAME,
    convert: toConvert(NAME, convertForChat, strict),
    hasSearch: false,
    toTools: ({ loaded, search }) => [
      ...(search?.by === "binding" ? [toSearchFunction(search.wireName)] : []),
      ...loaded.map(({ converted }) => converted.wire),
    ],
    toChoice(allowed, { loaded, search }) {
      if (allowed === null) return undefined;
      const declared = loaded.map(({ wireName }) => wireName).filter((name) => allowed.includes(name));
      const names = search?.by === "binding" ? [search.wireName, ...declared] : declared;
      if (names.length === 0) return "none";
      const tools = names.map((name) => ({ type: "function" as const, function: { name } }));
      return { type: "allowed_tools", allowed_tools: { mode: "auto", tools } };
    },
    decode: decodeChat,
    unwrap,
    encode: encodeChat,
    toMessages: (response, results) => {
      const message = findChatMessage(response);
      return [...(message === null ? [] : [message as Echo<typeof response>]), ...results];
    },
    collect: (events, onText) => collect(events, createChatAssembler(NAME), onText),
  };
}

function unwrap({ name, input }: RawCall<unknown>): readonly WrappedCall[] | null {
  return unwrapParallel(name, input);
}

function toResponsesTools({ loaded, deferred, search }: Shown<ResponsesTool>): ResponsesEntry[] {
  const functions = loaded.map(({ converted }) => converted.wire);
  if (search === null) return functions;
  // What the binding searches is not sent before it is found: the model sees one line in place of all of it.
  return search.by === "provider"
    ? [{ type: "tool_search" }, ...toNamespaces(deferred), ...functions]
    : [
        {
          type: "tool_search",
          execution: "client",
          description: SEARCH_DESCRIPTION,
          parameters: SEARCH_PARAMETERS,
        },
        ...functions,
      ];
}

function toSearchFunction(name: string): ChatTool {
  return {
    type: "function",
    function: { name, description: SEARCH_DESCRIPTION, parameters: { ...SEARCH_PARAMETERS } },
  };
}
