// Responses: the request for a turn, and the answer from its stream. The items of an answer go back as they came, so
// that a model that reasons finds its reasoning before the calls that followed from it.
import { isObject, type JsonValue } from "../../kernel/json.ts";
import { createResponsesAssembler, type AssembledResponse } from "../../providers/openai/assemble-responses.ts";
import { decodeResponses } from "../../providers/openai/decode-responses.ts";
import { toResponsesOutput } from "../../providers/openai/media.ts";
import type { ResponsesTool } from "../../providers/openai/wire.ts";
import { createModelFailure, toGivenReason } from "../../providers/model-failure.ts";
import type { Message } from "../message.ts";
import type { ModelEvent, ModelTurn } from "../model.ts";
import { toArgumentsText, type TurnTools } from "../models/turn-tools.ts";
import { toUsage } from "../models/usage.ts";
import type { ResponsesItemParam, ResponsesRequest } from "./client.ts";
import { unwrapCalls } from "./unwrap-calls.ts";

/** The request for `turn`. */
export function toResponsesRequest(
  model: string,
  { instructions, messages }: Pick<ModelTurn, "instructions" | "messages">,
  tools: TurnTools<ResponsesTool>,
): ResponsesRequest {
  return {
    model,
    input: messages.flatMap((message) => toItems(message, model, tools)),
    ...(instructions !== "" && { instructions }),
    ...(tools.wires.length > 0 && { tools: [...tools.wires] }),
    stream: true,
  };
}

function toItems(message: Message, model: string, tools: TurnTools<unknown>): ResponsesItemParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return message.results.map(({ id, text, media }) => ({
        type: "function_call_output",
        call_id: id,
        output: media === undefined ? text : toResponsesOutput(media.text, media.parts),
      }));
    case "assistant": {
      if (message.echo !== null && message.echo.model === model)
        return message.echo.items as unknown as ResponsesItemParam[];
      const said: ResponsesItemParam[] = message.text === "" ? [] : [{ role: "assistant", content: message.text }];
      const calls = message.calls.map(({ id, tool, input }): ResponsesItemParam => {
        return { type: "function_call", call_id: id, name: tools.toWireName(tool), arguments: toArgumentsText(input) };
      });
      return [...said, ...calls];
    }
  }
}

const ACCEPTED_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

type Item = Record<string, unknown>;

export interface ResponsesReading {
  readonly model: string;
  readonly tools: TurnTools<unknown>;
  /** Whether the API keeps what it answers. When it does not, reasoning that is not encrypted cannot be sent back. */
  readonly stored: boolean;
}

/** The events of a stream. Throws MODEL_FAILED when the API says so, or the stream ends before the answer does. */
export async function* readResponsesStream(
  events: AsyncIterable<unknown>,
  reading: ResponsesReading,
): AsyncGenerator<ModelEvent> {
  const assembler = createResponsesAssembler(reading.model);
  let spoke = false;
  for await (const event of events) {
    const text = assembler.add(event);
    if (text === "") continue;
    spoke = true;
    yield { type: "text", text };
  }
  yield* toEvents(assembler.end(), spoke, reading);
}

function* toEvents(
  response: AssembledResponse,
  spoke: boolean,
  { model, tools, stored }: ResponsesReading,
): Generator<ModelEvent> {
  const { usage, output, status } = response;
  if (isObject(usage)) yield toUsage(usage, "input_tokens", "output_tokens");
  const { calls, changed } = unwrapCalls(decodeResponses(output));
  if (status === "incomplete") checkCut(model, response, spoke, calls.length);
  for (const call of calls) yield tools.toEvent(call);
  // An answer to a call that is no function call would have to be of its kind, too; as text and calls it goes anywhere.
  if (changed || output.some(({ type }) => type === "custom_tool_call" || type === "tool_search_call")) return;
  const items = toEchoed(output as unknown as readonly Item[], stored);
  yield { type: "echo", items: items.map((item) => toAcceptedItem(item, tools)) as readonly JsonValue[] };
}

/** Throws MODEL_FAILED for an answer that says nothing, or was cut where it called tools. */
function checkCut(model: string, response: AssembledResponse, spoke: boolean, calls: number): void {
  const reason = toGivenReason(response["incomplete_details"]);
  if (calls > 0) throw createModelFailure(model, `it was stopped while it called tools (${reason}).`);
  if (!spoke) throw createModelFailure(model, `it was stopped before it said anything (${reason}).`);
}

/** What can be sent back. An item that has lost its reasoning has to lose its id, too: the API looks for both. */
function toEchoed(items: readonly Item[], stored: boolean): readonly Item[] {
  const kept = items.filter(
    (item) => stored || item["type"] !== "reasoning" || typeof item["encrypted_content"] === "string",
  );
  return kept.length === items.length ? kept : kept.map(withoutId);
}

function withoutId(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([key]) => key !== "id"));
}

/** The API writes names that it does not take back. */
function toAcceptedItem(item: Item, tools: TurnTools<unknown>): Item {
  const { type, name } = item;
  if (type !== "function_call" || typeof name !== "string" || ACCEPTED_NAME.test(name)) return item;
  return { ...item, name: tools.toWireName(name) };
}
