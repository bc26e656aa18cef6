// A result out of the parts of `streamText`'s stream, for a loop that executes the calls itself: one step. What a provider
// wants back (signatures, reasoning) stands in `providerMetadata`, and the last one of a block counts.
import { isObject } from "../../kernel/json.ts";
import type { Assembler } from "../assembler.ts";
import { createModelFailure, toBrokenOff } from "../model-failure.ts";
import { toText } from "../raw-call.ts";
import { toCallPart } from "./messages.ts";
import type { AiSdkPart, AiSdkResponse, AiSdkToolCall } from "./wire.ts";

/** What is known of a result once its stream has ended. */
export interface AiSdkCollected extends AiSdkResponse {
  readonly text: string;
  readonly content: readonly AiSdkPart[];
  readonly finishReason: string;
  readonly usage: Readonly<Record<string, unknown>> | null;
}

interface Block {
  readonly type: "text" | "reasoning";
  text: string;
  providerMetadata?: unknown;
}

interface State {
  /** In the order they began. */
  readonly content: (Block | AiSdkPart)[];
  readonly blocks: Map<string, Block>;
  finish: Record<string, unknown> | null;
}

/** An assembler for one stream. `model` is for errors. */
export function createAiSdkAssembler(model: string): Assembler<AiSdkCollected> {
  const state: State = { content: [], blocks: new Map(), finish: null };
  return {
    add(part) {
      if (!isObject(part)) return "";
      const { type } = part;
      if (type === "error") throw toBrokenOff(model, toReason(part["error"]));
      if (type === "abort") throw createModelFailure(model, "its answer was aborted.");
      if (type === "finish") state.finish = part;
      const [kind, step] = toText(type).split("-");
      if ((kind === "text" || kind === "reasoning") && step !== "file") return addToBlock(state, kind, part);
      if (KEPT.has(type)) state.content.push(part as unknown as AiSdkPart);
      return "";
    },
    end() {
      const { content, finish } = state;
      if (finish === null) throw createModelFailure(model, "its answer ended before it was whole.", true);
      return toCollected(content, finish);
    },
  };
}

const KEPT: ReadonlySet<unknown> = new Set([
  "tool-call",
  "tool-result",
  "tool-error",
  "tool-approval-request",
  "tool-approval-response",
  "file",
  "reasoning-file",
  "custom",
]);

function addToBlock(state: State, kind: Block["type"], part: Record<string, unknown>): string {
  const key = `${kind} ${toText(part["id"])}`;
  let block = state.blocks.get(key);
  if (block === undefined || part["type"] === `${kind}-start`) {
    block = { type: kind, text: "" };
    state.blocks.set(key, block);
    state.content.push(block);
  }
  if (part["providerMetadata"] !== undefined) block.providerMetadata = part["providerMetadata"];
  const text = toText(part["text"]);
  block.text += text;
  return kind === "text" ? text : "";
}

/** An error of the AI SDK is an instance with a message; the same as data is what `toBrokenOff` reads. */
function toReason(error: unknown): unknown {
  return error instanceof Error ? { message: error.message } : error;
}

function toCollected(parts: readonly (Block | AiSdkPart)[], finish: Record<string, unknown>): AiSdkCollected {
  const content = parts.filter((part) => !("text" in part) || part.text !== "" || "providerMetadata" in part);
  const said = content.flatMap(toMessagePart);
  return {
    text: content.flatMap((part) => (part.type === "text" && "text" in part ? [part.text] : [])).join(""),
    content,
    toolCalls: content.filter((part) => part.type === "tool-call") as readonly AiSdkToolCall[],
    responseMessages: said.length === 0 ? [] : [{ role: "assistant", content: said }],
    finishReason: toText(finish["finishReason"]),
    usage: isObject(finish["totalUsage"]) ? finish["totalUsage"] : null,
  };
}

/** A part as it stands in an assistant message; none for what stands in a tool message. */
function toMessagePart(part: Block | AiSdkPart): readonly unknown[] {
  const { type, ...rest } = part as Record<string, unknown>;
  if (type === "tool-call") return toCallPart(part);
  const { providerMetadata, file, text, kind } = rest;
  const options = providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
  if (type === "text" || type === "reasoning") return [{ type, text, ...options }];
  if (type === "custom") return [{ type, kind, ...options }];
  if (!isObject(file)) return [];
  // A generated file is an instance whose data is made when it is read.
  const { base64, mediaType } = file;
  return [{ type, data: base64, mediaType, ...options }];
}
