// A conversation as contents of generateContent. The roles take turns, all answers to the calls of one content stand in
// the next, and what this model said goes back as it came: newer models refuse calls that have lost their signature.
import { findCalls } from "../../providers/gemini/decode.ts";
import { encodeGemini } from "../../providers/gemini/encode.ts";
import type { GeminiCall, GeminiPart } from "../../providers/gemini/wire.ts";
import type { AssistantMessage, Message, ResultInMessage } from "../message.ts";
import { toArgumentsObject, type TurnTools } from "../models/turn-tools.ts";
import type { GeminiContentParam } from "./client.ts";

/**
 * The signature for calls that no Gemini model made:
 * https://ai.google.dev/gemini-api/docs/thought-signatures (FAQ). Only the first of parallel calls has one.
 */
const FOREIGN_SIGNATURE = "skip_thought_signature_validator";

// Earlier models sign nothing that they insist on.
const UNSIGNED_MODELS = /(?:^|\/)(?:gemini-[12][.-]|gemma)/;

/** The contents for `messages`, of which none is empty and no two of one role follow each other. */
export function toContents(
  messages: readonly Message[],
  model: string,
  tools: TurnTools<unknown>,
): GeminiContentParam[] {
  const contents: GeminiContentParam[] = [];
  let asked: readonly GeminiCall[] = [];
  for (const message of messages) {
    const { role, parts } = toContent(message, asked, model, tools);
    asked = message.role === "assistant" ? findCalls(parts as readonly GeminiPart[]) : [];
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) contents.push({ role, parts: [...parts] });
  }
  return contents;
}

function toContent(
  message: Message,
  asked: readonly GeminiCall[],
  model: string,
  tools: TurnTools<unknown>,
): GeminiContentParam {
  switch (message.role) {
    case "user":
      return { role: "user", parts: [{ text: message.text }] };
    case "tool":
      return { role: "user", parts: message.results.map((result, index) => toAnswer(result, asked[index])) };
    case "assistant":
      return { role: "model", parts: findEcho(message, model) ?? toParts(message, model, tools) };
  }
}

/** Results stand in the order of their calls; that and the name is what pairs them where there is no id. */
function toAnswer({ ok, text, media }: ResultInMessage, call: GeminiCall = {}): GeminiContentParam["parts"][number] {
  const shown = media ?? { text, parts: [] };
  return encodeGemini({ wire: call, wireName: call.name ?? "unknown" }, { ok, ...shown });
}

/** What the model said as it came, as long as it has the calls that are answered. */
function findEcho({ echo, calls }: AssistantMessage, model: string): GeminiPart[] | null {
  if (echo === null || echo.model !== model) return null;
  const parts = echo.items as readonly GeminiPart[];
  return findCalls(parts).length === calls.length ? [...parts] : null;
}

/** What another model said: its ids were its own, and so were its signatures. */
function toParts({ text, calls }: AssistantMessage, model: string, tools: TurnTools<unknown>): GeminiPart[] {
  const isSigned = !UNSIGNED_MODELS.test(model);
  const made = calls.map(({ tool, input }, index): GeminiPart => {
    const functionCall = { name: tools.toWireName(tool), args: toArgumentsObject(input) };
    return { functionCall, ...(isSigned && index === 0 && { thoughtSignature: FOREIGN_SIGNATURE }) };
  });
  return text === "" ? made : [{ text }, ...made];
}
