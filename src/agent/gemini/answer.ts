// The answer of a model from its stream. A part goes back as it came, signature and all; only a name that no request
// takes is another one there.
import { isObject, type JsonValue } from "../../kernel/json.ts";
import { createGeminiAssembler, toReasonName } from "../../providers/gemini/assemble.ts";
import { toRawCalls, toUnusedId } from "../../providers/gemini/decode.ts";
import type { GeminiPart } from "../../providers/gemini/wire.ts";
import { createModelFailure } from "../../providers/model-failure.ts";
import type { Message } from "../message.ts";
import type { ModelEvent } from "../model.ts";
import type { TurnTools, WireCall } from "../models/turn-tools.ts";
import { toUsage } from "../models/usage.ts";

export interface GeminiReading {
  readonly model: string;
  readonly tools: TurnTools<unknown>;
  /** The conversation, in which the ids of the calls are to be new. */
  readonly messages: readonly Message[];
}

const INPUT = ["promptTokenCount", "toolUsePromptTokenCount"];
const OUTPUT = ["candidatesTokenCount", "thoughtsTokenCount"];
const ACCEPTED_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/;
/** What the model may do better when it is asked again. */
const SLIPS: ReadonlySet<string> = new Set(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE"]);

/** The events of a stream's chunks. Throws MODEL_FAILED for every answer that is not whole. */
export async function* readGeminiStream(
  chunks: AsyncIterable<unknown>,
  { model, tools, messages }: GeminiReading,
): AsyncGenerator<ModelEvent> {
  const assembler = createGeminiAssembler(model);
  let spoke = false;
  for await (const chunk of chunks) {
    const text = assembler.add(chunk);
    if (text === "") continue;
    spoke = true;
    yield { type: "text", text };
  }
  const { candidates, usageMetadata } = assembler.end();
  const [{ content, finishReason }] = candidates;
  if (isObject(usageMetadata)) yield toUsage(usageMetadata, INPUT, OUTPUT);
  const calls = toRawCalls(content.parts);
  checkEnd(model, finishReason, spoke, calls.length);
  for (const call of withNewIds(calls, messages)) yield tools.toEvent(call);
  const items = content.parts.map((part) => toAcceptedPart(part, tools));
  yield { type: "echo", items: items as unknown as readonly JsonValue[] };
}

function checkEnd(model: string, finished: string, spoke: boolean, calls: number): void {
  if (finished === "STOP") {
    if (spoke || calls > 0) return;
    // It happens now and then, and the next time there is an answer.
    throw createModelFailure(model, "it gave an empty answer.", true);
  }
  const reason = toReasonName(finished);
  if (finished !== "MAX_TOKENS") {
    const isSlip = SLIPS.has(finished);
    const what = isSlip ? "it did not write a call that its API could read" : "its API stopped the answer";
    throw createModelFailure(model, `${what} (${reason}).`, isSlip);
  }
  // Cut off between calls, it may have been going to make more of them.
  if (calls > 0) throw createModelFailure(model, `it was stopped while it called tools (${reason}).`);
  if (!spoke) throw createModelFailure(model, `it was stopped before it said anything (${reason}).`);
}

/**
 * The calls under ids that are new in the conversation, so that what the model wants to see again need not be given up for
 * its ids: results are paired by their order.
 */
function withNewIds(calls: readonly WireCall[], messages: readonly Message[]): readonly WireCall[] {
  const used = new Set(
    messages.flatMap((message) => (message.role === "assistant" ? message.calls.map(({ id }) => id) : [])),
  );
  return calls.map((call) => {
    const id = toUnusedId(call.id, used);
    used.add(id);
    return { ...call, id };
  });
}

function toAcceptedPart(part: GeminiPart, tools: TurnTools<unknown>): GeminiPart {
  const { functionCall } = part;
  if (!isObject(functionCall) || ACCEPTED_NAME.test(String(functionCall["name"]))) return part;
  return { ...part, functionCall: { ...functionCall, name: tools.toWireName(String(functionCall["name"])) } };
}
