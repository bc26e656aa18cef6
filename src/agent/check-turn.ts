// Whether the parts of a state fit one another: a turn that goes on is one that could have come this far. A model's API
// refuses a conversation in which a call has no result, or a result no call.
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { ChatState, OpenCallState } from "./chat-state.ts";
import type { AssistantMessage, Message } from "./message.ts";
import { refuse } from "./refuse-state.ts";

/** Throws INVALID_OPTION with the first place that does not fit. */
export function checkTurn(state: ChatState): void {
  const { messages, turn, calls, open } = state;
  const [first, ...rest] = messages;
  if (first?.role !== "user") throw refuse("state.messages[0].role", first?.role, '"user"');
  if (first.turn !== turn) throw refuse("state.messages[0].turn", first.turn, JSON.stringify(turn));
  const answers = readAnswers(rest);
  const ids = answers.flatMap((answer) => toIds(answer.calls));
  if (new Set(ids).size !== ids.length) throw refuse("state.messages", messages, "an id of its own for every call");
  if (state.steps !== answers.length) throw refuse("state.steps", state.steps, `${answers.length}, as many as answers`);
  const waiting = checkOpen(state, answers);
  checkIds("state.calls", calls, toOthers(ids, waiting));
  checkCalls(state, answers);
  for (const [index, call] of open.entries()) checkShown(call, `state.open[${index}]`);
}

/** After the user: answers that call something, each followed by its results but for the last one. */
function readAnswers(messages: readonly Message[]): readonly AssistantMessage[] {
  const answers: AssistantMessage[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `state.messages[${index + 1}]`;
    const role = index % 2 === 0 ? "assistant" : "tool";
    if (message.role !== role) throw refuse(`${path}.role`, message.role, JSON.stringify(role));
    if (message.role === "tool") {
      checkIds(`${path}.results`, message.results, toIds(answers.at(-1)?.calls ?? []));
    } else if (message.role === "assistant") {
      if (message.calls.length === 0) throw refuse(`${path}.calls`, "none", "calls");
      answers.push(message);
    }
  }
  return answers;
}

/** Ids of the calls that are open: of the last message, whose calls they and the results share between them. */
function checkOpen({ messages, open, results }: ChatState, answers: readonly AssistantMessage[]): ReadonlySet<string> {
  const last = messages.at(-1)?.role === "assistant" ? toIds(answers.at(-1)?.calls ?? []) : [];
  const waiting = new Set(toIds(open));
  const [received] = toIds(open);
  checkIds("state.open", open, toOthers(last, new Set(toOthers(last, waiting))));
  if (last.length > 0 && received === undefined) throw refuse("state.open", "none", "the calls that have no result");
  checkIds("state.results", results, toOthers(last, waiting));
  return waiting;
}

/** What was called is said in the messages; an outcome of another tool would be a lie. */
function checkCalls({ calls }: ChatState, answers: readonly AssistantMessage[]): void {
  const tools = new Map(answers.flatMap((answer) => answer.calls.map(({ id, tool }) => [id, tool])));
  for (const [index, { id, tool }] of calls.entries()) {
    if (tool !== tools.get(id)) throw refuse(`state.calls[${index}].tool`, tool, JSON.stringify(tools.get(id)));
  }
}

function checkShown({ version, digest }: OpenCallState, path: string): void {
  if ((version === null) !== (digest === null)) throw refuse(`${path}.digest`, digest, "one exactly with a version");
}

function checkIds(path: string, items: readonly { readonly id: string }[], expected: readonly string[]): void {
  const ids = toIds(items);
  if (ids.length === expected.length && ids.every((id, index) => id === expected[index])) return;
  const message = `received the ids ${JSON.stringify(ids)}, expected ${JSON.stringify(expected)}`;
  throw new ToolyardError("INVALID_OPTION", `resume: ${path}: ${message.slice(0, 1_000)}`);
}

function toOthers(ids: readonly string[], without: ReadonlySet<string>): readonly string[] {
  return ids.filter((id) => !without.has(id));
}

function toIds(items: readonly { readonly id: string }[]): readonly string[] {
  return items.map(({ id }) => id);
}
