// One turn of a chat: the model answers, its calls are executed, it sees the results, until it calls nothing more. The
// conversation gets the turn at its end and whole, so that two chats at once cannot tear each other's messages apart.
import type { Outcome } from "../call/outcome.ts";
import type { PrincipalInput } from "../call/principal.ts";
import type { Registry } from "../core/registry.ts";
import { READER_NAME } from "../core/results/reader.ts";
import { deepFreeze } from "../kernel/freeze.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import { splitMedia } from "../providers/split-media.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import type { ApprovalDecision, Approve } from "./approval.ts";
import { addUsage, askModel, type RetryBudget } from "./ask-model.ts";
import { toState, type Turn } from "./chat-state.ts";
import { type Conversation, type MemoryBounds, trimMessages, withoutTurn } from "./conversation.ts";
import type { ChatCall, ChatEvent, ChatResult, ChatUsage } from "./events.ts";
import { keepMedia } from "./media-in-messages.ts";
import type { CallInMessage, Message, ResultInMessage } from "./message.ts";
import type { Model } from "./model.ts";
import { type OpenCall, runCalls } from "./run-calls.ts";
import { withUniqueIds } from "./unique-ids.ts";
import { waitFor } from "./wait-for.ts";

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
  readonly maxTokens: number;
  readonly concurrency: number;
  readonly maxResultBytes: number | undefined;
  readonly neutralise: boolean | undefined;
  readonly callIdsAsKeys: boolean;
  readonly approve: Approve | null;
  readonly decisions: ReadonlyMap<string, ApprovalDecision>;
  readonly retries: RetryBudget;
  readonly memory: MemoryBounds;
  readonly conversation: Conversation;
  readonly principal: PrincipalInput | undefined;
  readonly signal: AbortSignal;
}

/** Gets the events; what it returns for a checkpoint is waited for. */
export type Tell = (event: ChatEvent) => MaybePromise<void>;

/** For a chat that nobody listens to: what it stands for is not even put together. */
export const tellNobody: Tell = () => {};

type Ending = Pick<ChatResult, "text" | "stopped" | "error" | "pending">;

/** A turn on its way: what it has used before counts for its sums, and not for its limits. */
interface Run {
  readonly setup: TurnSetup;
  readonly turn: Turn;
  readonly tell: Tell;
  /** The conversation without the turn. */
  readonly before: readonly Message[];
  readonly stepsBefore: number;
  readonly tokensBefore: number;
  /** What an answer that was cut off had said. */
  cutOff: Message | null;
}

/** Runs the turn, or goes on with it; `tell` gets its events, the result as the last. Never rejects. */
export async function runTurn(setup: TurnSetup, turn: Turn, tell: Tell): Promise<ChatResult> {
  const before = withoutTurn(setup.conversation.messages, turn.id);
  const run: Run = {
    setup,
    turn,
    tell,
    before,
    stepsBefore: turn.steps,
    tokensBefore: countTokens(turn.usage),
    cutOff: null,
  };
  let ending = turn.open.length === 0 ? null : await goOn(run);
  while (ending === null) ending = await takeStep(run);

  // While calls are open it has not ended, and no model would take the conversation.
  if (turn.open.length === 0) remember(run);
  const { steps, calls, ended, usage } = turn;
  const result: ChatResult = {
    ...ending,
    steps,
    calls: [...calls, ...ended],
    ...(usage && { usage }),
    ...(ending.stopped !== "answered" && { state: toState(turn) }),
  };
  void tell({ type: "done", result });
  return result;
}

/** A turn that came to nothing is forgotten: asked again, the question would stand there twice. */
function remember({ setup: { conversation, memory }, turn, cutOff }: Run): void {
  // An image would take the place of all that was said before it.
  const messages = keepMedia(cutOff === null ? turn.added : [...turn.added, cutOff], undefined);
  if (messages.length === 1) return;
  conversation.messages = trimMessages([...withoutTurn(conversation.messages, turn.id), ...messages], memory);
}

/** A turn that is resumed: its calls wait as they did when nobody waits for them. */
async function goOn(run: Run): Promise<Ending | null> {
  return run.setup.signal.aborted ? toCancelled("") : answerCalls(run);
}

async function takeStep(run: Run): Promise<Ending | null> {
  const { setup, turn, before, tell } = run;
  const { model, instructions, principal, signal } = setup;
  const messages = [...before, ...keepMedia(turn.added, model.takes?.bind(model))];
  const tools = toTools(run);
  const asked = { messages, tools, instructions, signal, ...(principal && { principal }) };
  const read = await askModel(model, asked, setup.retries, (event) => void tell(event));
  turn.usage = addUsage(turn.usage, read.usage);
  if (read.kind === "failed") return { text: read.error.message, stopped: "model_failed", error: read.error };
  if (read.kind === "cancelled") {
    // What the user has seen of the answer is remembered.
    if (read.text !== "") run.cutOff = deepFreeze({ role: "assistant", text: read.text, calls: [], echo: null });
    return toCancelled(read.text);
  }
  const { answer } = read;
  turn.steps++;
  const calls = withUniqueIds(answer.calls, messages);
  const echo = answer.echo === null || calls !== answer.calls ? null : { model: model.name, items: answer.echo };
  turn.added.push(deepFreeze({ role: "assistant", text: answer.text, calls, echo }));
  if (calls.length === 0) return { text: answer.text, stopped: "answered" };
  const offered = new Map(tools.map((tool) => [tool.name, tool]));
  turn.open = calls.map((call) => ({ call, tool: offered.get(call.tool) ?? null, asked: false }));
  return answerCalls(run);
}

/** The open calls, made or left waiting; ends the turn when one waits or a limit is reached. */
async function answerCalls(run: Run): Promise<Ending | null> {
  const { setup, turn, tell } = run;
  const { signal } = setup;
  for (const { call } of turn.open) void tell({ type: "call", ...call });
  await checkpoint(run);
  const { ended, waiting } = await runCalls(
    turn.open,
    toContext(run),
    (call) => void tell({ type: "result", ...call }),
  );
  const results = await Promise.all(ended.map((call) => toResult(call, setup)));
  const { calls } = toLastCalls(turn);
  turn.ended = inOrder(calls, [...turn.ended, ...ended]);
  turn.results = inOrder(calls, [...turn.results, ...results]);
  turn.open = waiting;
  if (waiting.length === 0) {
    turn.added.push(deepFreeze({ role: "tool", results: turn.results }));
    turn.calls.push(...turn.ended);
    turn.ended = [];
    turn.results = [];
  }
  await checkpoint(run);
  return waiting.length > 0 ? toWaiting(waiting) : signal.aborted ? toCancelled("") : toLimit(run);
}

function toContext(run: Run) {
  const { registry, principal, signal, concurrency, callIdsAsKeys, approve, decisions } = run.setup;
  return {
    registry,
    offered: toTools(run).map(({ name }) => name),
    options: { ...(principal && { principal }), signal },
    concurrency,
    turn: callIdsAsKeys ? null : run.turn.id,
    approve,
    decisions,
  };
}

/** A state is told so that it can be stored before its calls have an effect. */
async function checkpoint({ turn, tell, setup: { signal } }: Run): Promise<void> {
  if (tell === tellNobody) return;
  const told = tell({ type: "checkpoint", state: toState(turn) });
  if (told !== undefined) await waitFor(told, signal);
}

function toLastCalls({ added }: Turn): { readonly calls: readonly CallInMessage[] } {
  const last = added.at(-1);
  return last?.role === "assistant" ? last : { calls: [] };
}

function inOrder<T extends { readonly id: string }>(
  calls: readonly CallInMessage[],
  items: readonly T[],
): readonly T[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return calls.flatMap(({ id }) => byId.get(id) ?? []);
}

async function toResult({ id, outcome }: ChatCall, setup: TurnSetup): Promise<ResultInMessage> {
  const { registry, model, principal, maxResultBytes, neutralise } = setup;
  const write = (shown: Outcome): Promise<string> =>
    registry.results.toModelText(shown, {
      ...(principal && { principal }),
      ...(maxResultBytes !== undefined && { maxBytes: maxResultBytes }),
      ...(neutralise !== undefined && { neutralise }),
    });
  const text = await write(outcome);
  const split = splitMedia(outcome, model.takes?.bind(model));
  if (split.parts.length === 0) return { id, ok: outcome.ok, text };
  return { id, ok: outcome.ok, text, media: { parts: split.parts, text: await write(split.text) } };
}

/** What the model is shown: with the tool that reads on, once the registry has it. */
function toTools({ setup: { registry, tools, principal }, turn }: Run): readonly ToolDescription[] {
  if (turn.steps === 0 || tools.some(({ name }) => name === READER_NAME)) return tools;
  const reader = registry.get(READER_NAME, principal === undefined ? {} : { principal });
  return reader === undefined ? tools : [...tools, reader];
}

function toWaiting(waiting: readonly OpenCall[]): Ending {
  const names = waiting.map(({ call }) => call.tool).join(", ");
  const text = `Waiting for approval of ${waiting.length === 1 ? "a call" : `${waiting.length} calls`}: ${names}.`;
  const pending = waiting.map(({ call: { id, tool, input } }) => Object.freeze({ id, tool, input }));
  return { text, stopped: "approval_pending", pending: Object.freeze(pending) };
}

function toCancelled(text: string): Ending {
  return { text: text === "" ? "The chat was cancelled." : text, stopped: "cancelled" };
}

function toLimit({ setup: { maxSteps, maxTokens }, turn, stepsBefore, tokensBefore }: Run): Ending | null {
  const went = "without an answer: the model kept calling tools.";
  if (turn.steps - stepsBefore >= maxSteps) {
    return { text: `Stopped after ${maxSteps} ${maxSteps === 1 ? "step" : "steps"} ${went}`, stopped: "step_limit" };
  }
  const tokens = countTokens(turn.usage) - tokensBefore;
  return tokens < maxTokens ? null : { text: `Stopped after ${tokens} tokens ${went}`, stopped: "token_limit" };
}

function countTokens(usage: ChatUsage | null): number {
  return usage === null ? 0 : usage.inputTokens + usage.outputTokens;
}
