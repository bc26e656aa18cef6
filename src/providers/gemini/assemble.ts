// A response out of the chunks of its stream. Pieces of a text become one part; a part with a signature stays as it came,
// because the API looks for the signature on that very part.
import { isObject } from "../../kernel/json.ts";
import type { Assembler } from "../assembler.ts";
import { createModelFailure, toBrokenOff } from "../model-failure.ts";
import { toText } from "../raw-call.ts";
import { isPiece } from "./decode.ts";
import type { GeminiPart } from "./wire.ts";

/** What is known of a response once its stream has ended. */
export interface AssembledGemini {
  readonly candidates: readonly [
    {
      readonly index: 0;
      readonly content: { readonly role: "model"; readonly parts: readonly GeminiPart[] };
      readonly finishReason: string;
    },
  ];
  readonly usageMetadata: Readonly<Record<string, unknown>> | null;
}

interface State {
  readonly parts: GeminiPart[];
  finish: string | null;
  usage: Record<string, unknown> | null;
}

/** An assembler for one stream. `model` is for errors. */
export function createGeminiAssembler(model: string): Assembler<AssembledGemini> {
  const state: State = { parts: [], finish: null, usage: null };
  return {
    add(chunk) {
      if (!isObject(chunk)) return "";
      if (isObject(chunk["error"])) throw toBrokenOff(model, chunk["error"]);
      checkPrompt(model, chunk["promptFeedback"]);
      return addChunk(model, state, chunk);
    },
    end() {
      const { parts, finish, usage } = state;
      if (finish === null || finish === "CONTINUATION") {
        throw createModelFailure(model, "its answer ended before it was whole.", true);
      }
      return {
        candidates: [{ index: 0, content: { role: "model", parts }, finishReason: finish }],
        usageMetadata: usage,
      };
    },
  };
}

function checkPrompt(model: string, feedback: unknown): void {
  if (!isObject(feedback) || feedback["blockReason"] === undefined) return;
  throw createModelFailure(model, `its API blocked the prompt (${toReasonName(feedback["blockReason"])}).`);
}

/** The name of a reason; what a server may have put in its place is not shown. */
export function toReasonName(reason: unknown): string {
  return typeof reason === "string" && /^[A-Z_]{1,64}$/.test(reason) ? reason : "it gave no reason";
}

function addChunk(model: string, state: State, { usageMetadata, candidates }: Record<string, unknown>): string {
  if (isObject(usageMetadata)) state.usage = usageMetadata;
  // Of several candidates the first is the answer.
  const listed: readonly unknown[] = Array.isArray(candidates) ? candidates : [];
  const candidate = listed.filter(isObject).find(({ index }) => (index ?? 0) === 0);
  if (candidate === undefined) return "";
  const { content, finishReason } = candidate;
  if (typeof finishReason === "string") state.finish = finishReason;
  const parts: unknown = isObject(content) ? content["parts"] : undefined;
  const added: readonly GeminiPart[] = Array.isArray(parts) ? parts.filter(isObject) : [];
  for (const part of added) addPart(model, state.parts, part);
  return added.map((part) => (part.thought === true ? "" : toText(part.text))).join("");
}

function addPart(model: string, parts: GeminiPart[], part: GeminiPart): void {
  if (isObject(part.functionCall) && isPiece(part.functionCall)) {
    throw createModelFailure(model, "it sent arguments in pieces; leave out streamFunctionCallArguments.");
  }
  if (!isPlainText(part)) {
    parts.push(part);
    return;
  }
  // It says nothing, and a part that says nothing is refused in a request.
  if (part.text === "") return;
  const last = parts.at(-1);
  const isThought = part.thought === true;
  if (last !== undefined && isPlainText(last) && (last.thought === true) === isThought) {
    parts[parts.length - 1] = { text: last.text + part.text, ...(isThought && { thought: true }) };
  } else parts.push(part);
}

/** Whether there is nothing to the part but text, so that it can grow. */
function isPlainText(part: GeminiPart): part is GeminiPart & { readonly text: string } {
  return typeof part.text === "string" && Object.keys(part).every((key) => key === "text" || key === "thought");
}
