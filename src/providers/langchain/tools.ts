// The tools that LangChain is given: one array for each binding, which grows in place, because a `ToolNode` looks a call's
// name up in the array it was made with.
import type { AIMessage, ToolMessage } from "@langchain/core/messages";
import { DynamicStructuredTool } from "@langchain/core/tools";
import { ERROR_CODES } from "../../errors/codes.ts";
import { isObject } from "../../kernel/json.ts";
import type { Shown } from "../shown.ts";
import { SEARCH_DESCRIPTION, SEARCH_PARAMETERS } from "../tool-search.ts";
import type { LangChainTool } from "./wire.ts";

/** What of a tool goes to a model. */
export interface LangChainDefinition {
  readonly description: string;
  readonly schema: Record<string, unknown>;
}

type Call = NonNullable<AIMessage["tool_calls"]>[number];

/** Makes one call and answers it. */
export type AnswerCall = (call: Call, signal: AbortSignal | undefined) => Promise<ToolMessage | undefined>;

/** A function that brings the array up to date with what is shown. */
export function createToolList(answer: AnswerCall): (shown: Shown<LangChainDefinition>) => LangChainTool[] {
  const tools: LangChainTool[] = [];
  const names = new Set<string>();
  const add = (name: string, definition: LangChainDefinition): void => {
    if (!names.has(name)) tools.push(toTool(name, definition, answer));
    names.add(name);
  };
  return ({ search, loaded }) => {
    if (search?.by === "binding") add(search.wireName, { description: SEARCH_DESCRIPTION, schema: SEARCH_PARAMETERS });
    for (const { wireName, converted } of loaded) add(wireName, converted.wire);
    return tools;
  };
}

function toTool(name: string, { description, schema }: LangChainDefinition, answer: AnswerCall): LangChainTool {
  const tool = new DynamicStructuredTool({
    name,
    description,
    // A copy: LangChain's packages may write into it.
    schema: structuredClone(schema),
    async func(input: unknown, _run, config) {
      const toolCall: unknown = (config as { toolCall?: unknown } | undefined)?.toolCall;
      const id = isObject(toolCall) && typeof toolCall["id"] === "string" ? toolCall["id"] : undefined;
      const call = { type: "tool_call", name, args: input, id } as Call;
      const message = await mask(answer(call, config?.signal));
      // Without a call there is nothing that a message could answer.
      return id === undefined ? message.content : message;
    },
  });
  // LangChain would refuse arguments by its own reading of the schema, before they are restored, counted and audited. The
  // models read the schema of `tool`; `call`, which validates, sees one that takes everything.
  const lenient = Object.create(tool, { schema: { value: true } }) as LangChainTool;
  return Object.defineProperty(tool, "call", { value: tool.call.bind(lenient) });
}

// Nothing is thrown but by a fault of the registry itself: a `ToolNode` writes what is thrown to the model.
async function mask(answer: Promise<ToolMessage | undefined>): Promise<ToolMessage> {
  let cause: unknown = null;
  try {
    const message = await answer;
    if (message !== undefined) return message;
  } catch (error) {
    cause = error;
  }
  throw new Error(`INTERNAL: ${ERROR_CODES.INTERNAL.message}`, { cause });
}
