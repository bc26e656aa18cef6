// What an agent remembers: bounded, plain data. Forgetting goes by whole turns, oldest first, so that no call is ever
// parted from its result.
// INVARIANT: "every call in memory is followed by its results" in conversation.test.ts.
import type { Message } from "./message.ts";

/** Plain data: keep it, or store it as JSON. An agent adds a turn at its end, whole. */
export interface Conversation {
  messages: readonly Message[];
}

export interface MemoryOptions {
  /** Messages kept, 0 or more; 0 remembers nothing. @default 64 */
  readonly maxMessages?: number;
  /** Characters of texts, arguments and results kept, 0 or more. @default 128,000 */
  readonly maxCharacters?: number;
  /** Default conversations kept, one for each principal; the least recently used goes first. 1 or more. @default 1,000 */
  readonly maxConversations?: number;
}

export interface MemoryBounds {
  readonly maxMessages: number;
  readonly maxCharacters: number;
}

/** An empty conversation. */
export function createConversation(): Conversation {
  return { messages: [] };
}

/** The messages without those of the turn of this name. */
export function withoutTurn(messages: readonly Message[], turn: string): readonly Message[] {
  let within = false;
  return messages.filter((message) => {
    if (message.role === "user") within = message.turn === turn;
    return !within;
  });
}

/**
 * The newest whole turns of `messages` that fit. When not even the last turn does, its user's message and the end of it
 * are kept, without the calls between; when those do not fit either, nothing is.
 */
export function trimMessages(messages: readonly Message[], bounds: MemoryBounds): readonly Message[] {
  if (fits(messages, bounds)) return messages;
  const turns = toTurns(messages);
  let from = 0;
  while (from < turns.length - 1 && !fits(turns.slice(from).flat(), bounds)) from++;
  const kept = turns.slice(from).flat();
  if (fits(kept, bounds)) return kept;
  return shortenTurn(kept, bounds);
}

function shortenTurn(turn: readonly Message[], bounds: MemoryBounds): readonly Message[] {
  const [first, ...rest] = turn;
  if (first === undefined) return [];
  let steps = toSteps(rest);
  while (steps.length > 0) {
    const shorter = [first, ...steps.flat()];
    if (fits(shorter, bounds)) return shorter;
    steps = steps.slice(1);
  }
  return [];
}

/** Runs of messages that begin with the user's. What stands before the first of them belongs to none. */
function toTurns(messages: readonly Message[]): readonly (readonly Message[])[] {
  const turns: Message[][] = [];
  for (const message of messages) {
    if (message.role === "user") turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  return turns;
}

/** An answer, with the results of its calls. */
function toSteps(messages: readonly Message[]): readonly (readonly Message[])[] {
  const steps: Message[][] = [];
  for (const message of messages) {
    if (message.role === "tool") steps.at(-1)?.push(message);
    else steps.push([message]);
  }
  return steps;
}

function fits(messages: readonly Message[], { maxMessages, maxCharacters }: MemoryBounds): boolean {
  if (messages.length > maxMessages) return false;
  let characters = 0;
  for (const message of messages) {
    characters += countCharacters(message);
    if (characters > maxCharacters) return false;
  }
  return true;
}

function countCharacters(message: Message): number {
  switch (message.role) {
    case "user":
      return message.text.length;
    case "assistant": {
      const calls = message.calls.reduce(
        (sum, { id, tool, input }) => sum + id.length + tool.length + countInput(input),
        0,
      );
      return message.text.length + calls + (message.echo === null ? 0 : countInput(message.echo.items));
    }
    case "tool":
      return message.results.reduce((sum, { id, text }) => sum + id.length + text.length, 0);
  }
}

function countInput(input: unknown): number {
  if (typeof input === "string") return input.length;
  try {
    return (JSON.stringify(input) ?? "").length;
  } catch {
    // A model of one's own may give what JSON cannot hold. The registry refuses it; the turn goes on.
    return 0;
  }
}
