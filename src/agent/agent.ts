// An agent: a model, the tools of a registry, and a memory. Who asks is said with every message, and everything the
// model does is done as them.
import { createPrincipal, type PrincipalInput } from "../call/principal.ts";
import { checkKeys } from "../core/options.ts";
import type { Registry } from "../core/registry.ts";
import { tellListener } from "../core/tell-listener.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { createIdSource } from "../kernel/ids.ts";
import { createBoundedMap } from "../kernel/bounded-map.ts";
import { selectTools, type ToolSelection } from "../providers/select-tools.ts";
import { checkAgentOptions } from "./check-options.ts";
import { type Conversation, createConversation, type MemoryOptions } from "./conversation.ts";
import type { ChatEvent, ChatResult } from "./events.ts";
import type { Model } from "./model.ts";
import { runTurn, type TurnSetup } from "./run-turn.ts";
import { streamTurn } from "./stream-turn.ts";

/** What an agent needs of a registry. */
export type AgentRegistry = Pick<Registry, "list" | "get" | "execute" | "results">;

export interface AgentOptions {
  readonly registry: AgentRegistry;
  readonly model: Model;
  /** Above what the user says. @default none */
  readonly instructions?: string;
  /** Answers of the model in one chat, those that only call tools among them, 1 to 1,000. @default 8 */
  readonly maxSteps?: number;
  /** Calls of one answer that run at the same time, 1 to 1,024. @default 8 */
  readonly concurrency?: number;
  /**
   * Whether an id that the model gives a call is its idempotency key: only for models whose ids are unique for ever. Either
   * way calls of tools that write have a key of their own, made from the turn, the id and the arguments.
   * @default false
   */
  readonly callIdsAsKeys?: boolean;
  /** Most bytes of UTF-8 of one result, 1,024 to 16,777,216; a tool's own limit holds too. @default the registry's (262,144) */
  readonly maxResultBytes?: number;
  /** Whether control, bidirectional and ANSI characters in results become visible marks. @default false */
  readonly neutralise?: boolean;
  /** @default 64 messages and 128,000 characters of each conversation */
  readonly memory?: MemoryOptions;
  /** Which of the tools that the principal may see are shown. @default all */
  readonly select?: ToolSelection;
}

export interface ChatOptions {
  /** Who asks; the tools are listed and called as them. @default trusted code of this process */
  readonly principal?: PrincipalInput;
  /** Where the turn is remembered. Its messages are shown to whoever it is passed for. @default one per principal */
  readonly conversation?: Conversation;
  /** Stops the model and its calls. */
  readonly signal?: AbortSignal;
}

export interface ChatListener {
  /** Gets every event as it happens. An exception in it becomes a process warning. */
  readonly onEvent?: (event: ChatEvent) => void;
}

export interface Agent {
  /** Asks, and resolves to what came of it. Rejects only when an option cannot be used. */
  chat(text: string, options?: ChatOptions & ChatListener): Promise<ChatResult>;
  /** The same as events; the last one is `done`. Leaving the loop cancels the chat. */
  stream(text: string, options?: ChatOptions): AsyncGenerator<ChatEvent, void, undefined>;
  /** An empty conversation to pass to `chat`. */
  createConversation(): Conversation;
}

const DEFAULT_MAX_MESSAGES = 64;
const DEFAULT_MAX_CHARACTERS = 128_000;
const DEFAULT_MAX_CONVERSATIONS = 1_000;
const NOBODY = "";
const CHAT_KEYS: readonly (keyof ChatOptions)[] = ["principal", "conversation", "signal"];

/**
 * An agent without memories. Throws INVALID_OPTION that lists every option that is unknown or cannot be used.
 */
export function createAgent(options: AgentOptions): Agent {
  checkAgentOptions(options);
  const { registry, model, instructions = "", maxSteps = 8, concurrency = 8, select = {} } = options;
  const { callIdsAsKeys = false, maxResultBytes, neutralise } = options;
  const nextTurn = createIdSource("turn");
  const { maxMessages = DEFAULT_MAX_MESSAGES, maxCharacters = DEFAULT_MAX_CHARACTERS } = options.memory ?? {};
  const memory = { maxMessages, maxCharacters };
  const conversations = createBoundedMap<string, Conversation>(
    options.memory?.maxConversations ?? DEFAULT_MAX_CONVERSATIONS,
  );

  // INVARIANT: "two principals never share a memory" in agent.test.ts. The tenant is part of who somebody is.
  const toOwnConversation = (principal: PrincipalInput | undefined): Conversation => {
    const key = principal === undefined ? NOBODY : toKey(principal);
    const known = conversations.get(key);
    if (known !== undefined) return known;
    const conversation = createConversation();
    conversations.set(key, conversation);
    return conversation;
  };

  const toSetup = (text: unknown, chat: ChatOptions): TurnSetup => {
    // A misspelt `principal` would make the chat one of trusted code.
    checkKeys("chat", chat, CHAT_KEYS);
    const { principal, conversation, signal } = chat;
    if (typeof text !== "string") {
      throw new ToolyardError(
        "INVALID_OPTION",
        `chat: text: received ${text === null ? "null" : typeof text}, expected a string`,
      );
    }
    return {
      registry,
      model,
      tools: selectTools(registry, select, principal),
      instructions,
      maxSteps,
      concurrency,
      maxResultBytes,
      neutralise,
      turn: callIdsAsKeys ? null : nextTurn(),
      memory,
      conversation: conversation ?? toOwnConversation(principal),
      principal,
      signal: signal ?? new AbortController().signal,
    };
  };

  return Object.freeze({
    chat: async (text, { onEvent, ...chat } = {}) => runTurn(toSetup(text, chat), text, toCarefulListener(onEvent)),
    async *stream(text, chat = {}) {
      yield* streamTurn(toSetup(text, chat), text);
    },
    createConversation,
  } satisfies Agent);
}

function toKey(principal: PrincipalInput): string {
  const { tenant, id } = createPrincipal(principal);
  return `${tenant}\0${id}`;
}

/** A listener that throws must not leave calls unanswered. */
function toCarefulListener(listener: ((event: ChatEvent) => void) | undefined): (event: ChatEvent) => void {
  if (listener === undefined) return () => {};
  return (event) => {
    tellListener(`onEvent at ${JSON.stringify(event.type)}`, listener, event);
  };
}
