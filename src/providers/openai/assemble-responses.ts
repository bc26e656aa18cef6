// A Response out of the events of its stream. Each item is known by its `output_index`; what an item's last event says
// counts, and where a compatible server leaves that out, the pieces do.
import { isObject } from "../../kernel/json.ts";
import type { Assembler } from "../assembler.ts";
import { createModelFailure, toBrokenOff } from "../model-failure.ts";
import { toText } from "../raw-call.ts";
import type { ResponsesItem } from "./wire.ts";

/** What is known of a Response once its stream has ended. */
export interface AssembledResponse {
  readonly output: readonly ResponsesItem[];
  readonly [field: string]: unknown;
}

interface PartialItem {
  item: Record<string, unknown>;
  /** Pieces of the arguments or the input. */
  pieces: string;
  done: boolean;
}

const ENDS: ReadonlySet<unknown> = new Set(["response.completed", "response.incomplete"]);
const TEXTS: ReadonlySet<unknown> = new Set(["response.output_text.delta", "response.refusal.delta"]);
const PIECES: ReadonlySet<unknown> = new Set([
  "response.function_call_arguments.delta",
  "response.custom_tool_call_input.delta",
]);

/** An assembler for one stream. `model` is for errors. */
export function createResponsesAssembler(model: string): Assembler<AssembledResponse> {
  const items = new Map<number, PartialItem>();
  let response: Record<string, unknown> | null = null;
  return {
    add(event) {
      if (!isObject(event)) return "";
      const { type } = event;
      const failure = findFailure(event);
      if (failure !== undefined) throw toBrokenOff(model, failure);
      if (ENDS.has(type) && isObject(event["response"])) response = event["response"];
      addToItem(items, event);
      return TEXTS.has(type) ? toText(event["delta"]) : "";
    },
    end() {
      if (response === null) throw createModelFailure(model, "its answer ended before it was whole.", true);
      const streamed = [...items].sort(([a], [b]) => a - b).map(([, partial]) => toItem(partial));
      const { output } = response;
      const whole = streamed.length > 0 ? streamed : Array.isArray(output) ? output.filter(isObject) : [];
      return { ...response, output: whole as unknown as readonly ResponsesItem[] };
    },
  };
}

/** What an event says that went wrong; undefined when nothing did. */
function findFailure(event: Record<string, unknown>): unknown {
  if (event["type"] === "error") return isObject(event["error"]) ? event["error"] : event;
  if (event["type"] !== "response.failed") return undefined;
  return isObject(event["response"]) ? (event["response"]["error"] ?? null) : null;
}

function addToItem(items: Map<number, PartialItem>, event: Record<string, unknown>): void {
  const { type, output_index: index, item, delta } = event;
  if (typeof index !== "number") return;
  if (type === "response.output_item.added" && isObject(item)) items.set(index, { item, pieces: "", done: false });
  if (type === "response.output_item.done" && isObject(item)) items.set(index, { item, pieces: "", done: true });
  const known = items.get(index);
  if (known !== undefined && PIECES.has(type)) known.pieces += toText(delta);
}

function toItem({ item, pieces, done }: PartialItem): Record<string, unknown> {
  if (done || pieces === "") return item;
  return { ...item, [item["type"] === "custom_tool_call" ? "input" : "arguments"]: pieces };
}
