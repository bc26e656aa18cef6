// What has become of the current turn: each call with its repairs, told apart by the ids this model gave them. The
// messages are the only memory it has.
import { isObject } from "../../kernel/json.ts";
import type { CallInMessage, Message, ResultInMessage } from "../message.ts";

/** A call and its repairs, oldest first. */
export interface Thread {
  readonly id: string;
  readonly tool: string;
  readonly attempts: readonly Attempt[];
}

export interface Attempt {
  readonly input: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  readonly text: string;
}

const PREFIX = "offline-";
const REPAIR = /^(offline-\d+)-r\d+$/;

/** The user's last message; "" when there is none. */
export function getQuestion(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === "user");
  return last?.role === "user" ? last.text : "";
}

/** The calls since the user's last message. */
export function getThreads(messages: readonly Message[]): readonly Thread[] {
  const from = messages.findLastIndex(({ role }) => role === "user");
  return collectThreads(messages.slice(from + 1));
}

/** The last call before the user's last message that went well. */
export function getPrevious(
  messages: readonly Message[],
): { tool: string; input: Readonly<Record<string, unknown>> } | null {
  const until = messages.findLastIndex(({ role }) => role === "user");
  const thread = collectThreads(messages.slice(0, Math.max(0, until))).findLast(
    ({ attempts }) => attempts.at(-1)?.ok === true,
  );
  const last = thread?.attempts.at(-1);
  return thread === undefined || last === undefined ? null : { tool: thread.tool, input: last.input };
}

function collectThreads(messages: readonly Message[]): readonly Thread[] {
  const threads = new Map<string, { id: string; tool: string; attempts: Attempt[] }>();
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    const next = messages[index + 1];
    const results = new Map<string, ResultInMessage>(
      next?.role === "tool" ? next.results.map((result) => [result.id, result]) : [],
    );
    for (const call of message.calls) {
      const result = results.get(call.id);
      const id = REPAIR.exec(call.id)?.[1] ?? call.id;
      const thread = threads.get(id) ?? { id, tool: call.tool, attempts: [] };
      if (result !== undefined) thread.attempts.push({ input: toData(call), ok: result.ok, text: result.text });
      threads.set(id, thread);
    }
  }
  return [...threads.values()];
}

function toData({ input }: CallInMessage): Readonly<Record<string, unknown>> {
  if (isObject(input)) return input;
  try {
    const parsed: unknown = typeof input === "string" ? JSON.parse(input) : null;
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** Ids for new calls: numbered on from the highest in the conversation. */
export function createIds(messages: readonly Message[]): () => string {
  let highest = 0;
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    for (const { id } of message.calls) {
      const number = Number(/^offline-(\d{1,9})(?:-r\d+)?$/.exec(id)?.[1] ?? 0);
      highest = Math.max(highest, number);
    }
  }
  return () => `${PREFIX}${++highest}`;
}

/** The id of the repair of a call after so many attempts. */
export function toRepairId({ id, attempts }: Thread): string {
  return `${id}-r${attempts.length}`;
}
