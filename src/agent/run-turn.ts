// One turn of a chat: the model answers, its calls are executed, it sees the results, until it calls nothing more. The
// conversation gets the turn at its end and whole, so that two chats at once cannot tear each other's messages apart.
import type { PrincipalInput } from "../call/principal.ts";
import type { Registry } from "../core/registry.ts";
import { READER_NAME } from "../core/results/reader.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import { type Conversation, type MemoryBounds, trimMessages } from "./conversation.ts";
import type { ChatCall, ChatEvent, ChatResult, ChatUsage } from "./events.ts";
import type { CallInMessage, Message, ResultInMessage } from "./message.ts";
import type { Model } from "./model.ts";
import { type Answer, readAnswer } from "./read-answer.ts";
import { runCalls } from "./run-calls.ts";

export interface TurnSetup {
  readonly registry: Pick<Registry, "execute" | "get" | "results">;
  readonly model: Model;
  /**
   * Fixed for the turn: what the model was shown at its beginning is what it may call until its end, and what it needs to
   * read on in a result that was too long.
   */
  readonly tools: readonly ToolDescription[];
  readonly instructions: string;
  readonly maxSteps: number;
  readonly concurrency: number;
  readonly maxResultBytes: number | undefined;
  readonly neutralise: boolean | undefined;
  /** Names the turn in its calls' keys; null: their ids are their keys. */
  readonly turn: string | null;
  readonly memory: MemoryBounds;
  readonly conversation: Conversation;
  readonly principal: PrincipalInput | undefined;
  readonly signal: AbortSignal;
}

interface Turn {
  tools: readonly ToolDescription[];
  readonly added: Message[];
  readonly calls: ChatCall[];
  steps: number;
  usage: ChatUsage | null;
}

type Ending = Pick<ChatResult, "text" | "stopped" | "error">;

/** Runs the turn; `tell` gets its events, the result as the last. Never rejects. */
export async function runTurn(setup: TurnSetup, text: string, tell: (event: ChatEvent) => void): Promise<ChatResult> {
  const turn: Turn = { tools: setup.tools, added: [{ role: "user", text }], calls: [], steps: 0, usage: null };
  const before = setup.conversation.messages;
  let ending: Ending | null = null;
  while (ending === null) ending = await takeStep(setup, turn, before, tell);

  // A turn that came to nothing is forgotten: asked again, the question would stand there twice.
  if (turn.added.length > 1) {
    const { conversation, memory } = setup;
    conversation.messages = trimMessages([...conversation.messages, ...turn.added], memory);
  }
  const { steps, calls, usage } = turn;
  const result: ChatResult = { ...ending, steps, calls, ...(usage && { usage }) };
  tell({ type: "done", result });
  return result;
}

async function takeStep(
  setup: TurnSetup,
  turn: Turn,
  before: readonly Message[],
  tell: (event: ChatEvent) => void,
): Promise<Ending | null> {
  const { model, instructions, principal, signal, maxSteps } = setup;
  const { tools } = turn;
  const messages = [...before, ...turn.added];
  const asked = { messages, tools, instructions, signal, ...(principal && { principal }) };
  const read = await readAnswer(model, asked, (piece) => tell({ type: "text", text: piece }));
  if (read.kind === "failed") return { text: read.error.message, stopped: "model_failed", error: read.error };
  if (read.kind === "cancelled") {
    // What the user has seen of the answer is remembered.
    if (read.text !== "") turn.added.push({ role: "assistant", text: read.text, calls: [], echo: null });
    return toCancelled(read.text);
  }
  const { answer } = read;
  turn.steps++;
  turn.usage = addUsage(turn.usage, answer.usage);
  const calls = withUniqueIds(answer.calls, messages);
  const echo = answer.echo === null || calls !== answer.calls ? null : { model: model.name, items: answer.echo };
  turn.added.push({ role: "assistant", text: answer.text, calls, echo });
  if (calls.length === 0) return { text: answer.text, stopped: "answered" };

  for (const call of calls) tell({ type: "call", ...call });
  const ended = await runCalls(calls, { ...setup, tools }, (call) => tell({ type: "result", ...call }));
  turn.calls.push(...ended);
  turn.added.push({ role: "tool", results: await Promise.all(ended.map((call) => toResult(call, setup))) });
  turn.tools = withReader(tools, setup);
  if (signal.aborted) return toCancelled("");
  if (turn.steps < maxSteps) return null;
  const text = `Stopped after ${maxSteps} ${maxSteps === 1 ? "step" : "steps"} without an answer: the model kept calling tools.`;
  return { text, stopped: "step_limit" };
}

async function toResult({ id, outcome }: ChatCall, setup: TurnSetup): Promise<ResultInMessage> {
  const { registry, principal, maxResultBytes, neutralise } = setup;
  const text = await registry.results.toModelText(outcome, {
    ...(principal && { principal }),
    ...(maxResultBytes !== undefined && { maxBytes: maxResultBytes }),
    ...(neutralise !== undefined && { neutralise }),
  });
  return { id, ok: outcome.ok, text };
}

/** The tools, with the one that reads on, once the registry has it. */
function withReader(tools: readonly ToolDescription[], { registry, principal }: TurnSetup): readonly ToolDescription[] {
  if (tools.some(({ name }) => name === READER_NAME)) return tools;
  const reader = registry.get(READER_NAME, principal === undefined ? {} : { principal });
  return reader === undefined ? tools : [...tools, reader];
}

function toCancelled(text: string): Ending {
  return { text: text === "" ? "The chat was cancelled." : text, stopped: "cancelled" };
}

function addUsage(sum: ChatUsage | null, usage: Answer["usage"]): ChatUsage | null {
  if (sum === null || usage === null) return sum ?? usage;
  return { inputTokens: sum.inputTokens + usage.inputTokens, outputTokens: sum.outputTokens + usage.outputTokens };
}

/** The calls with ids that are unique in the conversation; the same array when they were. */
function withUniqueIds(calls: readonly CallInMessage[], messages: readonly Message[]): readonly CallInMessage[] {
  if (calls.length === 0) return calls;
  const used = new Set(
    messages.flatMap((message) => (message.role === "assistant" ? message.calls.map(({ id }) => id) : [])),
  );
  // Where the search goes on for an id that came before: a model that repeats one must not make it quadratic.
  const next = new Map<string, number>();
  let changed = false;
  const unique = calls.map((call) => {
    let id = call.id;
    let count = next.get(call.id) ?? 2;
    for (; id === "" || used.has(id); count++) id = `${call.id === "" ? "call" : call.id}_${count}`;
    next.set(call.id, count);
    used.add(id);
    changed ||= id !== call.id;
    return id === call.id ? call : { ...call, id };
  });
  return changed ? unique : calls;
}
