// A scripted answer in the form of Gemini's generateContent: as a response, and as the chunks of a stream.
import type { Json } from "./scripted-server.ts";

export interface GeminiPart {
  readonly text?: string;
  /** The text is a summary of thoughts. */
  readonly thought?: true;
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args?: Json };
  readonly thoughtSignature?: string;
}

export interface GeminiReply {
  readonly parts?: readonly GeminiPart[];
  /** @default "STOP" */
  readonly finish?: string;
  /** Why the prompt was not answered: there are no candidates. */
  readonly blocked?: string;
  readonly usage?: Readonly<Record<string, number>>;
}

export function toGenerated(reply: GeminiReply, id: string, model: string): Json {
  const candidate = { ...toCandidate(reply.parts ?? []), ...toFinish(reply) };
  return {
    ...(reply.blocked === undefined ? { candidates: [candidate] } : toBlocked(reply)),
    ...toRest(reply, id, model),
  };
}

function toCandidate(parts: readonly Json[] | readonly GeminiPart[]): Json {
  return { content: parts.length === 0 ? {} : { parts, role: "model" }, index: 0 };
}

function toFinish(reply: GeminiReply): Json {
  const { parts = [], finish = "STOP" } = reply;
  const hasCalls = parts.some((part) => part.functionCall !== undefined);
  return {
    finishReason: finish,
    ...(finish === "MALFORMED_FUNCTION_CALL" && { finishMessage: "Malformed function call: call:f{" }),
    ...(hasCalls && finish === "STOP" && { finishMessage: "Model generated function call(s)." }),
  };
}

function toBlocked(reply: GeminiReply): Json {
  return { promptFeedback: { blockReason: reply.blocked } };
}

function toRest(reply: GeminiReply, id: string, model: string): Json {
  return {
    usageMetadata: {
      promptTokenCount: 11,
      candidatesTokenCount: 7,
      totalTokenCount: 18,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 11 }],
      ...reply.usage,
    },
    modelVersion: model,
    responseId: id,
  };
}

/** `pieces` cuts a text in parts. */
export function toGeneratedChunks(
  reply: GeminiReply,
  id: string,
  model: string,
  pieces: (text: string) => readonly string[],
): readonly Json[] {
  const rest = toRest(reply, id, model);
  if (reply.blocked !== undefined) return [{ ...toBlocked(reply), ...rest }];
  const groups = toGroups(reply.parts ?? [], pieces);
  // The last chunk brings the reason, beside an empty text; where nothing was said there is no part at all.
  const last = toCandidate(groups.length === 0 ? [] : [{ text: "" }]);
  return [
    ...groups.map((parts) => ({ candidates: [toCandidate(parts)], ...rest })),
    { candidates: [{ ...last, ...toFinish(reply) }], ...rest },
  ];
}

/** The parts of each chunk: a text in pieces, its signature behind it; the first of parallel calls, then the others. */
function toGroups(
  parts: readonly GeminiPart[],
  pieces: (text: string) => readonly string[],
): readonly (readonly GeminiPart[])[] {
  const groups: GeminiPart[][] = [];
  for (const [index, part] of parts.entries()) {
    const { text, thoughtSignature, ...others } = part;
    if (text === undefined) {
      const before = parts[index - 2]?.functionCall !== undefined && parts[index - 1]?.functionCall !== undefined;
      if (before) groups.at(-1)?.push(part);
      else groups.push([part]);
      continue;
    }
    groups.push(...pieces(text).map((piece) => [{ ...others, text: piece }]));
    if (thoughtSignature !== undefined) groups.push([{ ...others, text: "", thoughtSignature }]);
  }
  return groups;
}
