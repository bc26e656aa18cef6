// One answer of a model. The API may pause a long turn of its own tools; the answer then goes on in the next response, to a
// request that ends with what has come so far.
import { isObject, type JsonValue } from "../../kernel/json.ts";
import { type AssembledMessage, createMessageAssembler } from "../../providers/anthropic/assemble.ts";
import { decodeMessage } from "../../providers/anthropic/decode.ts";
import { toTurnBlocks } from "../../providers/anthropic/turn.ts";
import { createModelFailure } from "../../providers/model-failure.ts";
import type { ModelEvent } from "../model.ts";
import type { TurnTools } from "../models/turn-tools.ts";
import { toUsage } from "../models/usage.ts";
import type { AnthropicMessageParam } from "./client.ts";
import { canGoBack, checkStop } from "./stop.ts";

/** How often one answer may pause. */
const MAX_PAUSES = 8;
const INPUT_TOKENS = ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"];
const ACCEPTED_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

export interface Answering {
  readonly model: string;
  readonly tools: TurnTools<unknown>;
  /** The events of the response to a request that ends with `said`. */
  ask(said: readonly AnthropicMessageParam[]): PromiseLike<AsyncIterable<unknown>>;
}

type Usage = Extract<ModelEvent, { type: "usage" }>;

/** The events of an answer. Throws MODEL_FAILED when the API says so, or a stream ends before its response does. */
export async function* readAnswer({ model, tools, ask }: Answering): AsyncGenerator<ModelEvent> {
  const blocks: unknown[] = [];
  const said: AnthropicMessageParam[] = [];
  let spoke = false;
  let usage: Usage | null = null;
  for (let pauses = 0; ; pauses++) {
    const assembler = createMessageAssembler(model);
    for await (const event of await ask([...said])) {
      const text = assembler.add(event);
      if (text === "") continue;
      spoke = true;
      yield { type: "text", text };
    }
    const message = assembler.end();
    usage = addUsage(usage, message);
    yield usage;
    const content = toTurnBlocks(message.content).map((block) => toAcceptedBlock(block, tools));
    blocks.push(...content);
    if (message.stop_reason !== "pause_turn" || message.content.some(isCall)) {
      yield* toEnd(message, { model, tools, spoke, blocks });
      return;
    }
    if (pauses === MAX_PAUSES) throw createModelFailure(model, `it paused ${pauses + 1} times (pause_turn).`);
    // Sent back as it came, a message for each response: the API goes on where the last one ended.
    if (content.length > 0) said.push({ role: "assistant", content } as unknown as AnthropicMessageParam);
  }
}

function isCall({ type }: { readonly type: string }): boolean {
  return type === "tool_use";
}

function addUsage(before: Usage | null, { usage }: AssembledMessage): Usage {
  const { type, inputTokens, outputTokens } = toUsage(usage, INPUT_TOKENS, "output_tokens");
  return {
    type,
    inputTokens: inputTokens + (before?.inputTokens ?? 0),
    outputTokens: outputTokens + (before?.outputTokens ?? 0),
  };
}

interface Ending {
  readonly model: string;
  readonly tools: TurnTools<unknown>;
  readonly spoke: boolean;
  /** Of all responses of the answer. */
  readonly blocks: readonly unknown[];
}

function* toEnd(message: AssembledMessage, { model, tools, spoke, blocks }: Ending): Generator<ModelEvent> {
  const calls = decodeMessage(message);
  checkStop(model, message, spoke, calls.length);
  const foreign = calls.find(({ problem }) => problem !== null);
  if (foreign !== undefined) {
    throw createModelFailure(model, `it called what an agent does not execute. ${String(foreign.problem)}`);
  }
  for (const call of calls) yield tools.toEvent(call);
  if (canGoBack(message)) yield { type: "echo", items: blocks as readonly JsonValue[] };
}

/** The model writes names that the API does not take back. */
function toAcceptedBlock(block: unknown, tools: TurnTools<unknown>): unknown {
  if (!isObject(block) || block["type"] !== "tool_use") return block;
  const name = typeof block["name"] === "string" ? block["name"] : "";
  return ACCEPTED_NAME.test(name) ? block : { ...block, name: tools.toWireName(name) };
}
