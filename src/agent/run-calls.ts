// The calls of one answer, executed in parallel, each result told as soon as it is there. Every call gets an outcome:
// a model's API refuses a conversation in which one is unanswered.
import type { Outcome } from "../call/outcome.ts";
import type { PrincipalInput } from "../call/principal.ts";
import type { Registry } from "../core/registry.ts";
import { toIdKey, toTurnKey } from "../providers/call-key.ts";
import { toAnswer, toCallRequest } from "../providers/offered-call.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import type { ChatCall } from "./events.ts";
import type { CallInMessage } from "./message.ts";

export interface CallContext {
  readonly registry: Pick<Registry, "execute">;
  readonly tools: readonly ToolDescription[];
  readonly principal: PrincipalInput | undefined;
  readonly signal: AbortSignal;
  readonly concurrency: number;
  /** Names the turn in its calls' keys; null: their ids are their keys. */
  readonly turn: string | null;
}

/** The calls with their outcomes, in the order of the calls. */
export async function runCalls(
  calls: readonly CallInMessage[],
  { registry, tools, principal, signal, concurrency, turn }: CallContext,
  onResult: (call: ChatCall) => void,
): Promise<readonly ChatCall[]> {
  const offered = new Map(tools.map((tool) => [tool.name, tool]));
  const options = { ...(principal && { principal }), signal };
  const done: ChatCall[] = new Array<ChatCall>(calls.length);
  let next = 0;

  const executeOne = async ({ id, tool, input }: CallInMessage): Promise<ChatCall> => {
    const call = { name: tool, tool: offered.get(tool) ?? null, input, problem: null };
    const request = toCallRequest(call, toKey(call.tool, turn, id, input));
    const { tool: ref, input: given, ...own } = request;
    const outcome: Outcome = await registry.execute(ref, given, { ...options, ...own });
    return { id, tool, input, outcome: toAnswer(call, outcome, offered.keys()) };
  };
  const runner = async (): Promise<void> => {
    for (let index = next++; index < calls.length; index = next++) {
      const call = calls[index];
      if (call === undefined) continue;
      const ended = await executeOne(call);
      done[index] = ended;
      onResult(ended);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, calls.length) }, runner));
  return done;
}

function toKey(tool: ToolDescription | null, turn: string | null, id: string, input: unknown): string | null {
  if (tool === null) return null;
  return turn === null ? toIdKey(tool, id) : toTurnKey(tool, turn, id, input);
}
