// An agent: a model, the tools of a registry, and a memory. Who asks is said with every message, and everything the
// model does is done as them. `Agent` is what users hold; what a turn does is in `run-turn.ts`.
import { createPrincipal, type PrincipalInput } from "../call/principal.ts";
import { checkKeys } from "../core/options.ts";
import type { Registry } from "../core/registry.ts";
import { tellListener } from "../core/tell-listener.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { createIdSource } from "../kernel/ids.ts";
import { createBoundedMap } from "../kernel/bounded-map.ts";
import { isPromiseLike } from "../kernel/maybe-promise.ts";
import { type Random, systemRandom } from "../kernel/random.ts";
import { selectTools, type ToolSelection } from "../providers/select-tools.ts";
import type { ApprovalDecision, Approve } from "./approval.ts";
import { type ChatState, createTurn, toOwner } from "./chat-state.ts";
import { checkAgentOptions } from "./check-options.ts";
import { type Conversation, createConversation, type MemoryOptions } from "./conversation.ts";
import type { ChatEvent, ChatResult } from "./events.ts";
import type { Model } from "./model.ts";
import { readState } from "./read-state.ts";
import { checkOwner, readDecisions, toResumedTurn } from "./resumed-turn.ts";
import { runTurn, type Tell, tellNobody, type TurnSetup } from "./run-turn.ts";
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
  /**
   * Tokens of one chat, input and output of all its answers together, 1 or more; looked at after each answer, so that the
   * last one may go beyond. Holds for models that tell their usage. @default none
   */
  readonly maxTokens?: number;
  /**
   * How often one chat asks the model again when its API failed with an error that is `retryable`, 0 to 10. Between
   * attempts it waits up to 0.5, 1, 2 … seconds, drawn at random, or as long as the error's `details.retryAfterMs` says;
   * a minute at the most.
   * @default 2
   */
  readonly modelRetries?: number;
  /**
   * Asked before every call that the registry would make: valid arguments, permitted, within its quotas. Only what it
   * approves is executed, exactly as it was shown.
   * @default every call is made
   */
  readonly approve?: Approve;
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
  /** Time and chance of the waits between attempts; for tests. @default the system's */
  readonly clock?: Clock;
  readonly random?: Random;
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
  /**
   * Gets every event as it happens. An exception in it becomes a process warning. A promise that it returns for a
   * `checkpoint` is waited for.
   */
  readonly onEvent?: (event: ChatEvent) => unknown;
}

export interface ResumeOptions extends ChatOptions, ChatListener {
  /** By the ids of calls that wait. What is not decided here `approve` is asked about. @default none */
  readonly decisions?: Readonly<Record<string, Exclude<ApprovalDecision, "later">>>;
}

export interface Agent {
  /** Asks, and resolves to what came of it. Rejects only when an option cannot be used. */
  chat(text: string, options?: ChatOptions & ChatListener): Promise<ChatResult>;
  /** The same as events; the last one is `done`. Leaving the loop cancels the chat. */
  stream(text: string, options?: ChatOptions): AsyncGenerator<ChatEvent, void, undefined>;
  /**
   * Goes on with a turn from the `state` of a result or a checkpoint, in this process or another, with its open calls
   * under the keys they had: what has had its effect does not have it again. Limits of steps, tokens and retries begin
   * anew. Rejects with INVALID_OPTION for a state that is broken, of another version or of another principal, and for
   * decisions that cannot be meant.
   */
  resume(state: ChatState, options?: ResumeOptions): Promise<ChatResult>;
  /** An empty conversation to pass to `chat`. */
  createConversation(): Conversation;
}

const DEFAULT_MAX_MESSAGES = 64;
const DEFAULT_MAX_CHARACTERS = 128_000;
const DEFAULT_MAX_CONVERSATIONS = 1_000;
const NOBODY = "";
const CHAT_KEYS: readonly (keyof ChatOptions)[] = ["principal", "conversation", "signal"];
const NO_DECISIONS: ReadonlyMap<string, ApprovalDecision> = new Map();

/**
 * An agent without memories. Throws INVALID_OPTION that lists every option that is unknown or cannot be used.
 */
export function createAgent(options: AgentOptions): Agent {
  checkAgentOptions(options);
  const { registry, select = {} } = options;
  const nextTurn = createIdSource("turn");
  const shared = toShared(options);
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

  const toSetup = (what: string, chat: ChatOptions): TurnSetup => {
    // A misspelt `principal` would make the chat one of trusted code.
    checkKeys(what, chat, CHAT_KEYS);
    const { principal, conversation, signal } = chat;
    return {
      ...shared,
      tools: selectTools(registry, select, principal),
      decisions: NO_DECISIONS,
      retries: toBudget(options),
      conversation: conversation ?? toOwnConversation(principal),
      principal,
      signal: signal ?? new AbortController().signal,
    };
  };
  const begin = (text: unknown, { principal }: ChatOptions) => createTurn(nextTurn(), whose(principal), toText(text));

  return Object.freeze({
    async chat(text, { onEvent, ...chat } = {}) {
      const setup = toSetup("chat", chat);
      return runTurn(setup, begin(text, chat), toCarefulListener(onEvent));
    },
    async *stream(text, chat = {}) {
      const setup = toSetup("chat", chat);
      yield* streamTurn(setup, begin(text, chat));
    },
    async resume(given, { onEvent, decisions, ...chat } = {}) {
      const setup = toSetup("resume", chat);
      const state = readState(given);
      checkOwner(state, whose(chat.principal));
      const decided = readDecisions(decisions, state);
      return runTurn({ ...setup, decisions: decided }, toResumedTurn(state, setup), toCarefulListener(onEvent));
    },
    createConversation,
  } satisfies Agent);
}

/** What is the same in every chat of an agent. */
function toShared(options: AgentOptions) {
  const { registry, model, instructions = "", maxSteps = 8, concurrency = 8, callIdsAsKeys = false } = options;
  const { maxResultBytes, neutralise, approve = null, maxTokens = Number.POSITIVE_INFINITY } = options;
  const { maxMessages = DEFAULT_MAX_MESSAGES, maxCharacters = DEFAULT_MAX_CHARACTERS } = options.memory ?? {};
  const memory = { maxMessages, maxCharacters };
  const limits = { maxSteps, maxTokens, concurrency, maxResultBytes };
  return { registry, model, instructions, ...limits, neutralise, callIdsAsKeys, approve, memory };
}

function toBudget({
  modelRetries = 2,
  clock = systemClock,
  random = systemRandom,
}: AgentOptions): TurnSetup["retries"] {
  return { max: modelRetries, used: 0, clock, random };
}

function toText(text: unknown): string {
  if (typeof text === "string") return text;
  const received = text === null ? "null" : typeof text;
  throw new ToolyardError("INVALID_OPTION", `chat: text: received ${received}, expected a string`);
}

function whose(principal: PrincipalInput | undefined): ChatState["principal"] {
  return toOwner(principal === undefined ? null : createPrincipal(principal));
}

function toKey(principal: PrincipalInput): string {
  const { tenant, id } = createPrincipal(principal);
  return `${tenant}\0${id}`;
}

/** A listener that throws must not leave calls unanswered. */
function toCarefulListener(listener: ChatListener["onEvent"]): Tell {
  if (listener === undefined) return tellNobody;
  return (event) => {
    let answer: unknown;
    const tell = (told: ChatEvent): unknown => (answer = listener(told));
    tellListener(`onEvent at ${JSON.stringify(event.type)}`, tell, event);
    // What it rejects with is a warning by now.
    return isPromiseLike(answer) ? answer.then(ignore, ignore) : undefined;
  };
}

function ignore(): void {}
