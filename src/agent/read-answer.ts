// One answer of a model, read to its end, to its failure, or to the moment nobody waits for it any more. A model that
// ignores the signal cannot hold a chat: the wait is a race.
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { CallInMessage } from "./message.ts";
import type { Model, ModelEvent, ModelTurn } from "./model.ts";

export interface Answer {
  readonly text: string;
  readonly calls: readonly CallInMessage[];
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
  readonly echo: readonly JsonValue[] | null;
}

export type ReadAnswer =
  | { readonly kind: "whole"; readonly answer: Answer }
  /** Calls that had come are not executed: an answer cut short may have meant something else. */
  | { readonly kind: "cancelled"; readonly text: string }
  | { readonly kind: "failed"; readonly error: ToolyardError };

const ABORTED = Symbol("aborted");

/** Reads one answer; `onText` gets its pieces. Never rejects. */
export async function readAnswer(model: Model, turn: ModelTurn, onText: (text: string) => void): Promise<ReadAnswer> {
  const parts = {
    text: "",
    calls: [] as CallInMessage[],
    usage: null as Answer["usage"],
    echo: null as Answer["echo"],
  };
  const { signal } = turn;
  if (signal.aborted) return { kind: "cancelled", text: "" };
  const { promise: aborted, resolve } = Promise.withResolvers<typeof ABORTED>();
  const onAbort = (): void => resolve(ABORTED);
  signal.addEventListener("abort", onAbort, { once: true });
  let iterator: AsyncIterator<ModelEvent> | null = null;
  try {
    iterator = model.respond(turn)[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === ABORTED) {
        // Not awaited: a generator that is stuck in an await of its own cannot return.
        void iterator.return?.().then(undefined, () => {});
        return { kind: "cancelled", text: parts.text };
      }
      if (next.done === true) return { kind: "whole", answer: parts };
      const event = next.value;
      if (event.type === "text") {
        parts.text += event.text;
        if (event.text !== "") onText(event.text);
      } else if (event.type === "call") {
        parts.calls.push({ id: event.id, tool: event.tool, input: event.input });
      } else if (event.type === "usage") {
        parts.usage = { inputTokens: event.inputTokens, outputTokens: event.outputTokens };
      } else {
        parts.echo = event.items;
      }
    }
  } catch (error) {
    if (signal.aborted) return { kind: "cancelled", text: parts.text };
    return { kind: "failed", error: toModelFailure(model, error) };
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The error itself when it is meant for people; otherwise one that holds it as its cause and says nothing of it. */
function toModelFailure(model: Model, error: unknown): ToolyardError {
  if (error instanceof ToolyardError && error.code === "MODEL_FAILED") return error;
  return new ToolyardError("MODEL_FAILED", `The model ${JSON.stringify(model.name)} failed.`, { cause: error });
}
