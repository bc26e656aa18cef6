// A Chat Completion out of the chunks of its stream. Pieces of a call are put together by `index`; id and name come once,
// arguments in pieces. Some compatible servers send every call whole, and all under index 0: another id is another call.
import { isObject } from "../../kernel/json.ts";
import type { Assembler } from "../assembler.ts";
import { createModelFailure, toBrokenOff } from "../model-failure.ts";
import { toText } from "../raw-call.ts";
import type { ChatToolCall } from "./wire.ts";

/** What is known of a completion once its stream has ended. */
export interface AssembledChat {
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly message: {
        readonly role: "assistant";
        readonly content: string | null;
        readonly tool_calls?: ChatToolCall[];
      };
      readonly finish_reason: string;
    },
  ];
  readonly usage: Readonly<Record<string, unknown>> | null;
}

interface PartialCall {
  id: string;
  name: string;
  input: string;
  type: "function" | "custom";
}

interface State {
  /** With a refusal, which is text for whoever reads. */
  text: string;
  finish: string | null;
  usage: Record<string, unknown> | null;
  readonly calls: PartialCall[];
  readonly atIndex: Map<number, PartialCall>;
}

/** An assembler for one stream. `model` is for errors. */
export function createChatAssembler(model: string): Assembler<AssembledChat> {
  const state: State = { text: "", finish: null, usage: null, calls: [], atIndex: new Map() };
  return {
    add(chunk) {
      if (!isObject(chunk)) return "";
      // Some servers put an error into a chunk, under the status of success.
      if (isObject(chunk["error"])) throw toBrokenOff(model, chunk["error"]);
      return addChunk(state, chunk);
    },
    end() {
      const { text, finish, usage, calls } = state;
      if (finish === null) throw createModelFailure(model, "its answer ended before it was whole.", true);
      const said = text === "" && calls.length > 0 ? null : text;
      const message = { role: "assistant" as const, content: said };
      const whole = calls.length === 0 ? message : { ...message, tool_calls: calls.map(toCall) };
      return { choices: [{ index: 0, message: whole, finish_reason: finish }], usage };
    },
  };
}

function addChunk(state: State, { usage, choices }: Record<string, unknown>): string {
  if (isObject(usage)) state.usage = usage;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const { delta, finish_reason: finish } = isObject(choice) ? choice : {};
  const { content, refusal, tool_calls: pieces } = isObject(delta) ? delta : {};
  if (typeof finish === "string") state.finish = finish;
  if (Array.isArray(pieces)) for (const piece of pieces) if (isObject(piece)) addPiece(state, piece);
  const text = toText(content) + toText(refusal);
  state.text += text;
  return text;
}

function addPiece({ calls, atIndex }: State, piece: Record<string, unknown>): void {
  const index = typeof piece["index"] === "number" ? piece["index"] : calls.length;
  const id = toText(piece["id"]);
  let call = atIndex.get(index);
  if (call === undefined || (id !== "" && call.id !== "" && id !== call.id)) {
    call = { id, name: "", input: "", type: "function" };
    calls.push(call);
    atIndex.set(index, call);
  }
  if (call.id === "") call.id = id;
  const { function: called, custom } = piece;
  if (isObject(custom)) call.type = "custom";
  const part = isObject(called) ? called : isObject(custom) ? custom : {};
  if (call.name === "") call.name = toText(part["name"]);
  call.input += toText(part["arguments"] ?? part["input"]);
}

function toCall({ id, name, input, type }: PartialCall): ChatToolCall {
  return type === "custom" ? { id, type, custom: { name, input } } : { id, type, function: { name, arguments: input } };
}
