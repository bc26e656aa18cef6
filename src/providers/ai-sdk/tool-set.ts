// The record of tools that the AI SDK is given, one for each binding. The AI SDK reads it before each step of a loop, so a
// tool that a search has found, or that reads on in a long result, is there in the next step without any help.
import { ERROR_CODES } from "../../errors/codes.ts";
import type { OfferedTool } from "../offer.ts";
import type { Shown } from "../shown.ts";
import { SEARCH_DESCRIPTION, SEARCH_PARAMETERS } from "../tool-search.ts";
import { toModelOutput } from "./encode.ts";
import { toDefinition } from "./to-ai-sdk-tool.ts";
import type { AiSdkDefinition, AiSdkResult, AiSdkTool, AiSdkToolCall, AiSdkToolSet } from "./wire.ts";

/** Makes one call and answers it. */
export type AnswerCall = (call: AiSdkToolCall, signal: AbortSignal | undefined) => Promise<AiSdkResult | undefined>;

/** A function that brings the record up to date with what is shown. `answer` is null where the host makes the calls. */
export function createToolSet(answer: AnswerCall | null): (shown: Shown<AiSdkDefinition>) => AiSdkToolSet {
  // Without a prototype: a tool may be called `__proto__`.
  const tools = Object.create(null) as AiSdkToolSet;
  const add = (name: string, definition: AiSdkDefinition): void => {
    tools[name] ??= Object.freeze(toTool(name, definition, answer));
  };
  return ({ search, loaded }) => {
    if (search?.by === "binding") add(search.wireName, SEARCH);
    for (const { wireName, converted } of loaded satisfies readonly OfferedTool<AiSdkDefinition>[])
      add(wireName, converted.wire);
    return tools;
  };
}

const SEARCH = toDefinition(SEARCH_DESCRIPTION, SEARCH_PARAMETERS, false);

function toTool(toolName: string, definition: AiSdkDefinition, answer: AnswerCall | null): AiSdkTool {
  const tool = { ...definition, toModelOutput };
  if (answer === null) return tool;
  return {
    ...tool,
    async execute(input, { toolCallId, abortSignal }) {
      const result = await mask(answer({ type: "tool-call", toolCallId, toolName, input }, abortSignal));
      return result.output;
    },
  };
}

const FAILED = `INTERNAL: ${ERROR_CODES.INTERNAL.message}`;

// Nothing is thrown but by a fault of the registry itself. The AI SDK writes what is thrown to the model and to the user.
async function mask(answer: Promise<AiSdkResult | undefined>): Promise<AiSdkResult> {
  let cause: unknown = null;
  try {
    const result = await answer;
    if (result !== undefined) return result;
  } catch (error) {
    cause = error;
  }
  throw new Error(FAILED, { cause });
}
