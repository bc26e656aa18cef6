// Responses: the request for a turn, and the answer from its stream. The items of an answer go back as they came, so
// that a model that reasons finds its reasoning before the calls that followed from it.
import type { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject, type JsonValue } from "../../kernel/json.ts";
import { decodeResponses } from "../../providers/openai/decode-responses.ts";
import { convertTool } from "../../providers/openai/to-openai-tool.ts";
import type { ResponsesTool } from "../../providers/openai/wire.ts";
import type { Message } from "../message.ts";
import type { ModelEvent, ModelTurn } from "../model.ts";
import type { ResponsesItemParam, ResponsesRequest } from "./client.ts";
import { createModelFailure, redact } from "./failure.ts";
import { toArgumentsText, type WireNames } from "./names.ts";

/** The request for `turn`. */
export function toResponsesRequest(model: string, turn: ModelTurn, names: WireNames): ResponsesRequest {
  const offered = turn.tools.map(
    (tool) => convertTool(tool, "responses", "off", names.ofTool(tool)).wire as ResponsesTool,
  );
  return {
    model,
    input: turn.messages.flatMap((message) => toItems(message, model, names)),
    ...(turn.instructions !== "" && { instructions: turn.instructions }),
    ...(offered.length > 0 && { tools: offered }),
    stream: true,
  };
}

function toItems(message: Message, model: string, names: WireNames): ResponsesItemParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return message.results.map(({ id, text }) => ({ type: "function_call_output", call_id: id, output: text }));
    case "assistant": {
      if (message.echo !== null && message.echo.model === model)
        return message.echo.items as unknown as ResponsesItemParam[];
      const said: ResponsesItemParam[] = message.text === "" ? [] : [{ role: "assistant", content: message.text }];
      const calls = message.calls.map(({ id, tool, input }): ResponsesItemParam => {
        return { type: "function_call", call_id: id, name: names.ofCall(tool), arguments: toArgumentsText(input) };
      });
      return [...said, ...calls];
    }
  }
}

const ENDS: ReadonlySet<unknown> = new Set(["response.completed", "response.incomplete"]);
const ACCEPTED_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

type Item = Record<string, unknown>;

export interface ResponsesReading {
  readonly model: string;
  readonly names: WireNames;
  /** Whether the API keeps what it answers. When it does not, reasoning that is not encrypted cannot be sent back. */
  readonly stored: boolean;
}

/** The events of a stream. Throws MODEL_FAILED when the API says so, or the stream ends before the answer does. */
export async function* readResponsesStream(
  events: AsyncIterable<unknown>,
  reading: ResponsesReading,
): AsyncGenerator<ModelEvent> {
  const items = new Map<number, unknown>();
  let response: unknown = null;
  let spoke = false;
  for await (const event of events) {
    if (!isObject(event)) continue;
    const text = readText(event);
    if (text !== "") {
      spoke = true;
      yield { type: "text", text };
    }
    if (event["type"] === "response.output_item.done") items.set(Number(event["output_index"]), event["item"]);
    if (ENDS.has(event["type"])) response = event["response"];
    const failure = findFailure(event);
    if (failure !== undefined) throw toBrokenOff(reading.model, failure);
  }
  if (!isObject(response)) throw createModelFailure(reading.model, "its answer ended before it was whole.", true);
  yield* toEvents(response, items, spoke, reading);
}

function readText({ type, delta }: Record<string, unknown>): string {
  const isText = type === "response.output_text.delta" || type === "response.refusal.delta";
  return isText && typeof delta === "string" ? delta : "";
}

/** What an event says that went wrong; undefined when nothing did. */
function findFailure(event: Record<string, unknown>): unknown {
  if (event["type"] === "error") return event;
  if (event["type"] !== "response.failed") return undefined;
  return isObject(event["response"]) ? event["response"]["error"] : null;
}

function toBrokenOff(model: string, error: unknown): ToolyardError {
  return createModelFailure(model, `its API broke off the answer: ${toReason(error)}`, true);
}

function* toEvents(
  response: Record<string, unknown>,
  done: ReadonlyMap<number, unknown>,
  spoke: boolean,
  { model, names, stored }: ResponsesReading,
): Generator<ModelEvent> {
  const { usage, output } = response;
  if (isObject(usage))
    yield { type: "usage", inputTokens: toCount(usage["input_tokens"]), outputTokens: toCount(usage["output_tokens"]) };
  const streamed = [...done].sort(([a], [b]) => a - b).map(([, item]) => item);
  const items = (streamed.length > 0 ? streamed : Array.isArray(output) ? output : []).filter(isObject);
  const calls = decodeResponses(items as { type: string }[]);
  if (!spoke && calls.length === 0 && response["status"] === "incomplete") {
    const details = response["incomplete_details"];
    throw createModelFailure(model, `it was stopped before it said anything (${toReason(details)}).`);
  }
  for (const { id, name, input } of calls) yield { type: "call", id, tool: names.toTool(name), input };
  // An answer to a call that is no function call would have to be of its kind, too; as text and calls it goes anywhere.
  if (items.some(({ type }) => type === "custom_tool_call")) return;
  yield {
    type: "echo",
    items: toEchoed(items, stored).map((item) => toAcceptedItem(item, names)) as readonly JsonValue[],
  };
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
function toAcceptedItem(item: Item, names: WireNames): Item {
  const { type, name } = item;
  if (type !== "function_call" || typeof name !== "string" || ACCEPTED_NAME.test(name)) return item;
  return { ...item, name: names.ofCall(name) };
}

function toReason(source: unknown): string {
  if (!isObject(source)) return "it gave no reason";
  const reason = source["message"] ?? source["reason"] ?? source["code"];
  return typeof reason === "string" ? redact(reason) : "it gave no reason";
}

function toCount(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
