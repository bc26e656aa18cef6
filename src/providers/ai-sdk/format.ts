// The AI SDK's format, as a binding needs it.
import { READER_NAME } from "../../core/results/reader.ts";
import { collect } from "../assembler.ts";
import type { Binding } from "../binding.ts";
import type { Format } from "../create-binding.ts";
import type { StrictOption } from "../strict-mode.ts";
import { SEARCH_NAME } from "../tool-search.ts";
import { toWireName } from "../wire-names.ts";
import { createAiSdkAssembler } from "./assemble.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { takesMedia } from "./media.ts";
import { toMessages } from "./messages.ts";
import { type AiSdkProvider, createConvert } from "./to-ai-sdk-tool.ts";
import { type AnswerCall, createToolSet } from "./tool-set.ts";
import type { AiSdkDefinition, AiSdkWire } from "./wire.ts";

const NAME = "aiSdk";

/** What the binding adds to a set by itself, and a model always may call. */
const OWN_NAMES: readonly string[] = [toWireName(SEARCH_NAME), toWireName(READER_NAME)];

export interface AiSdkFormatOptions {
  readonly provider: AiSdkProvider;
  readonly strict: StrictOption;
  /** null where the host makes the calls. */
  readonly answer: AnswerCall | null;
}

/** The format. */
export function createAiSdkFormat({
  provider,
  strict,
  answer,
}: AiSdkFormatOptions): Format<AiSdkDefinition, AiSdkWire> {
  return {
    name: NAME,
    convert: createConvert(NAME, provider, strict),
    hasSearch: false,
    toTools: createToolSet(answer),
    toChoice: (allowed) => (allowed === null ? undefined : { activeTools: [...allowed, ...OWN_NAMES] }),
    decode,
    takes: (part) => takesMedia(provider, part),
    encode,
    toMessages: toMessages as Binding<AiSdkWire>["toMessages"],
    collect: (events, onText) => collect(events, createAiSdkAssembler(NAME), onText),
  };
}
