// A Message out of the events of its stream. The pieces of a block are put together by `index`. Arguments that are no JSON
// object, such as those of a call cut short, stay text: the registry says what is wrong with them, and the call is answered.
import { isObject } from "../../kernel/json.ts";
import { parseJson } from "../../kernel/parse-json.ts";
import type { Assembler } from "../assembler.ts";
import { createModelFailure, toBrokenOff } from "../model-failure.ts";
import { toText } from "../raw-call.ts";
import type { AnthropicBlock } from "./wire.ts";

/** What is known of a Message once its stream has ended. */
export interface AssembledMessage {
  readonly role: "assistant";
  readonly content: readonly AnthropicBlock[];
  readonly stop_reason: string | null;
  readonly usage: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

interface PartialBlock {
  block: Record<string, unknown>;
  /** Pieces of the input; null before the first. */
  json: string | null;
}

interface State {
  message: Record<string, unknown> | null;
  usage: Record<string, unknown>;
  readonly blocks: Map<number, PartialBlock>;
  isWhole: boolean;
}

type Event = Readonly<Record<string, unknown>>;

/** An assembler for one stream. `model` is for errors. */
export function createMessageAssembler(model: string): Assembler<AssembledMessage> {
  const state: State = { message: null, usage: {}, blocks: new Map(), isWhole: false };
  return {
    add(event) {
      if (!isObject(event)) return "";
      if (event["type"] === "error") throw toBrokenOff(model, event["error"]);
      return addEvent(state, event);
    },
    end() {
      const { message, usage, blocks, isWhole } = state;
      if (message === null || !isWhole) throw createModelFailure(model, "its answer ended before it was whole.", true);
      const content = [...blocks].sort(([a], [b]) => a - b).map(([, partial]) => toBlock(partial));
      const stopReason = message["stop_reason"];
      return {
        ...message,
        role: "assistant",
        content: content as unknown as readonly AnthropicBlock[],
        stop_reason: typeof stopReason === "string" ? stopReason : null,
        usage,
      };
    },
  };
}

/** What the model says in `event`. */
function addEvent(state: State, event: Event): string {
  switch (event["type"]) {
    case "message_start":
      if (isObject(event["message"])) begin(state, event["message"]);
      return "";
    case "content_block_start":
      return addBlock(state, event);
    case "content_block_delta":
      return addDelta(state, event);
    case "message_delta":
      if (state.message !== null && isObject(event["delta"])) Object.assign(state.message, given(event["delta"]));
      if (isObject(event["usage"])) Object.assign(state.usage, given(event["usage"]));
      return "";
    case "message_stop":
      state.isWhole = true;
      return "";
    default:
      return "";
  }
}

function begin(state: State, message: Event): void {
  state.message = { ...message };
  if (isObject(message["usage"])) state.usage = { ...message["usage"] };
}

/** Without what is null: it does not apply, and takes the place of nothing. */
function given(fields: Event): Event {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

function addBlock({ blocks }: State, { index, content_block: block }: Event): string {
  if (typeof index !== "number" || !isObject(block)) return "";
  blocks.set(index, { block: { ...block }, json: null });
  return block["type"] === "text" ? toText(block["text"]) : "";
}

function addDelta({ blocks }: State, { index, delta }: Event): string {
  const partial = typeof index === "number" ? blocks.get(index) : undefined;
  if (partial === undefined || !isObject(delta)) return "";
  const { block } = partial;
  switch (delta["type"]) {
    case "text_delta": {
      const text = toText(delta["text"]);
      block["text"] = toText(block["text"]) + text;
      return text;
    }
    case "input_json_delta":
      partial.json = (partial.json ?? "") + toText(delta["partial_json"]);
      return "";
    case "thinking_delta":
      block["thinking"] = toText(block["thinking"]) + toText(delta["thinking"]);
      return "";
    case "signature_delta":
      // Whole each time: one that comes again takes the place of the former.
      block["signature"] = delta["signature"];
      return "";
    case "citations_delta": {
      const { citations } = block;
      block["citations"] = [...(Array.isArray(citations) ? (citations as unknown[]) : []), delta["citation"]];
      return "";
    }
    default:
      return "";
  }
}

function toBlock({ block, json }: PartialBlock): Record<string, unknown> {
  // A call without arguments may bring no piece that says anything.
  if (json === null || json === "") return block;
  const parsed = parseJson(json);
  return { ...block, input: parsed.ok && isObject(parsed.value) ? parsed.value : json };
}
