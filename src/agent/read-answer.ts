// One answer of a model, read to its end, to its failure, or to the moment nobody waits for it any more. What it holds is
// ours from then on: the adapter's objects are copied as they come.
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { ChatUsage } from "./events.ts";
import { toCallInput, toStored } from "./json-copy.ts";
import type { CallInMessage } from "./message.ts";
import type { Model, ModelEvent, ModelTurn } from "./model.ts";
import { waitFor } from "./wait-for.ts";

export interface Answer {
  readonly text: string;
  readonly calls: readonly CallInMessage[];
  readonly echo: readonly JsonValue[] | null;
}

/** `usage` is what it cost, as far as the model has told. */
export type ReadAnswer =
  | { readonly kind: "whole"; readonly answer: Answer; readonly usage: ChatUsage | null }
  /** Calls that had come are not executed: an answer cut short may have meant something else. */
  | { readonly kind: "cancelled"; readonly text: string; readonly usage: ChatUsage | null }
  | { readonly kind: "failed"; readonly error: ToolyardError; readonly usage: ChatUsage | null };

interface Parts {
  text: string;
  readonly calls: CallInMessage[];
  usage: ChatUsage | null;
  echo: readonly JsonValue[] | null;
}

/** Reads one answer; `onText` gets its pieces. Never rejects. */
export async function readAnswer(model: Model, turn: ModelTurn, onText: (text: string) => void): Promise<ReadAnswer> {
  const parts: Parts = { text: "", calls: [], usage: null, echo: null };
  const { signal } = turn;
  if (signal.aborted) return { kind: "cancelled", text: "", usage: null };
  try {
    const iterator = model.respond(turn)[Symbol.asyncIterator]();
    for (;;) {
      const next = await waitFor(iterator.next(), signal);
      if (next.aborted) {
        // Not awaited: a generator that is stuck in an await of its own cannot return.
        void iterator.return?.().then(undefined, () => {});
        return { kind: "cancelled", text: parts.text, usage: parts.usage };
      }
      const { done, value } = next.value;
      if (done === true) {
        const { text, calls, echo, usage } = parts;
        return { kind: "whole", answer: { text, calls, echo }, usage };
      }
      take(value, parts);
      if (value.type === "text" && value.text !== "") onText(value.text);
    }
  } catch (error) {
    if (signal.aborted) return { kind: "cancelled", text: parts.text, usage: parts.usage };
    return { kind: "failed", error: toModelFailure(model, error), usage: parts.usage };
  }
}

function take(event: ModelEvent, parts: Parts): void {
  switch (event.type) {
    case "text":
      parts.text += event.text;
      break;
    case "call":
      parts.calls.push({ id: event.id, tool: event.tool, input: toCallInput(event.input) });
      break;
    case "usage":
      parts.usage = { inputTokens: toCount(event.inputTokens), outputTokens: toCount(event.outputTokens) };
      break;
    case "echo": {
      const items = toStored(event.items);
      parts.echo = Array.isArray(items) ? items : null;
      break;
    }
  }
}

/** A sum with NaN in it would never reach a limit. */
function toCount(tokens: number): number {
  return Number.isFinite(tokens) && tokens > 0 ? tokens : 0;
}

/** The error itself when it is meant for people; otherwise one that holds it as its cause and says nothing of it. */
function toModelFailure(model: Model, error: unknown): ToolyardError {
  if (error instanceof ToolyardError && error.code === "MODEL_FAILED") return error;
  return new ToolyardError("MODEL_FAILED", `The model ${JSON.stringify(model.name)} failed.`, { cause: error });
}
