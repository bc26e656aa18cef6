// A model without a language model: it matches words to tools, deterministically and without network, and says so. What
// it emits are real calls; what it repairs, it repairs from the text any model would get.
import type { Model, ModelEvent, ModelTurn } from "../model.ts";
import { toAnswer, toIntroduction } from "./answer.ts";
import { planCalls, type PlannedCall } from "./plan.ts";
import { repairInput } from "./repair.ts";
import { createIds, getPrevious, getQuestion, getThreads, type Thread, toRepairId } from "./threads.ts";

const MAX_REPAIRS = 3;

/**
 * The offline model: it finds the tools that a text asks for by their names, descriptions, parameters and examples, takes
 * the arguments from the text, calls them in parallel, repairs a refused call up to three times from the error it gets,
 * and reads the results out. It considers 4,096 characters of a message and answers the same to the same.
 */
export function offlineModel(): Model {
  return Object.freeze({ name: "offline", respond });
}

async function* respond(turn: ModelTurn): AsyncGenerator<ModelEvent> {
  const { messages, tools, signal } = turn;
  signal.throwIfAborted();
  const threads = getThreads(messages);
  const plan = planCalls(getQuestion(messages), tools, findPrevious(turn));
  if (threads.length === 0) {
    const toId = createIds(messages);
    for (const { tool, input } of plan.calls) yield { type: "call", id: toId(), tool: tool.name, input };
    if (plan.calls.length === 0) yield* say(toIntroduction(plan.leftovers, tools));
    return;
  }
  const repairs = threads.flatMap((thread) => repair(thread, turn));
  yield* repairs;
  if (repairs.length === 0) yield* say(toAnswer(threads, plan.leftovers, tools));
}

function findPrevious({ messages, tools }: ModelTurn): PlannedCall | null {
  const previous = getPrevious(messages);
  const tool = previous === null ? undefined : tools.find(({ name }) => name === previous.tool);
  // A thing that was changed is not changed again because of an "and …?".
  return previous === null || tool === undefined || tool.effect !== "read" ? null : { tool, input: previous.input };
}

/** The next attempt at a call that was refused; none when it went well or nothing leads on. */
function repair(thread: Thread, { tools }: ModelTurn): readonly ModelEvent[] {
  const { attempts } = thread;
  const last = attempts.at(-1);
  const tool = tools.find(({ name }) => name === thread.tool);
  if (last === undefined || last.ok || tool === undefined || attempts.length > MAX_REPAIRS) return [];
  const input = repairInput(tool, last.input, last.text, attempts[0]?.input);
  const tried = JSON.stringify(input);
  if (input === null || attempts.some((attempt) => JSON.stringify(attempt.input) === tried)) return [];
  return [{ type: "call", id: toRepairId(thread), tool: tool.name, input }];
}

/** A line at a time, as a model that streams. */
function* say(text: string): Generator<ModelEvent> {
  for (const line of text.split(/(?<=\n)/)) yield { type: "text", text: line };
}
