// What a user writes to define a tool, as types. Everything is checked at registration (`publish.ts`), so that one bad
// tool among many is reported together with the others.
import type { HandlerResult, ToolContext } from "../call/context.ts";
import type { Access } from "./access.ts";
import type { Effect } from "./effect.ts";
import type { ConcurrencyLimit, Cost, Limit } from "./limit.ts";
import type {
  BreakerPolicy,
  BulkheadPolicy,
  CachePolicy,
  Fallback,
  ResultPolicy,
  RetryPolicy,
  StatusCheck,
} from "./resilience.ts";
import type { SchemaInput, SchemaOutput, ToolSchema } from "./schema/schema.ts";
import type { DefinitionSource } from "./source.ts";

/** Everything of a definition but its schemas, examples, cost and handler. */
export interface ToolProperties {
  /** Dotted name, such as `orders.refund`: letters, digits, `_`, `-`, at most 128 characters. */
  readonly name: string;
  /** Semantic version, such as `1.2.0`. */
  readonly version: string;
  /** For the model: what it does, when to use it. At most 4,096 characters. */
  readonly description: string;
  /** For people, at most 256 characters. @default the name */
  readonly title?: string;
  /** At most 64 characters. @default the name's first segment when the name has dots, otherwise "general" */
  readonly category?: string;
  /** At most 32, of 64 characters each. @default none */
  readonly tags?: readonly string[];
  /** What a call does to the world. @default "destructive" */
  readonly effect?: Effect;
  /** Repeating a call changes nothing more. @default true for `read`, false otherwise */
  readonly idempotent?: boolean;
  /** The handler passes `context.idempotencyKey` on to something that honours it. @default false */
  readonly honoursKeys?: boolean;
  /** Who may use it. @default admins only */
  readonly access?: Access;
  /** Besides the registry's own limits. @default none */
  readonly limits?: readonly Limit[];
  /** Calls running at once. @default no limit of its own */
  readonly concurrency?: readonly ConcurrencyLimit[];
  /** Deadline of a call, milliseconds, 1 to 86,400,000. @default the registry's (30,000) */
  readonly timeoutMs?: number;
  /** Deadline of one attempt, milliseconds, 1 to `timeoutMs`. @default the call's */
  readonly attemptTimeoutMs?: number;
  /** The system behind the tool, one of the registry's `upstreams`: what shares its breaker, bulkhead and retry budget. */
  readonly upstream?: string;
  /** What is repeated after a failure, where the effect permits it; false: nothing. @default the registry's (3 repeats) */
  readonly retry?: RetryPolicy | false;
  /** When a failing tool is left alone. @default never */
  readonly breaker?: BreakerPolicy;
  /** How many handlers run at once, and how many calls wait. @default no bound of its own */
  readonly bulkhead?: BulkheadPolicy;
  /** Keeps answers; for tools that read. @default none is kept */
  readonly cache?: CachePolicy;
  /** How results are shown to models. @default the registry's limit, nothing taken out */
  readonly result?: ResultPolicy;
  /** How numbers arrive that a double cannot hold: as BigInt, or as the text that was sent. @default refused */
  readonly exactNumbers?: "bigint" | "text";
  /** What the handler was made of, for a tool that is data: whoever knows the source makes the same tool again. @default code */
  readonly source?: DefinitionSource;
}

/** What a handler has to return: the output schema's input, or anything when there is no output schema. */
export type HandlerOutput<O> = O extends ToolSchema ? SchemaInput<O> : unknown;

/** A definition with an input schema `I`, an output schema `O`, and a handler that returns `R`. */
export interface ToolDefinition<I extends ToolSchema, O extends ToolSchema | undefined, R, App> extends ToolProperties {
  /** The arguments; its JSON Schema has to be an object. @default no arguments */
  readonly input?: I;
  /** What the handler returns; checked after each call. @default anything JSON can hold */
  readonly output?: O;
  /** At most 32 valid inputs, for models and for `registry.check()`. */
  readonly examples?: readonly NoInfer<SchemaInput<I>>[];
  /** What a call takes from each limit. @default 1 */
  readonly cost?: Cost<NoInfer<SchemaOutput<I>>>;
  /** What answers when the tool itself does not, and nothing has happened. @default nothing */
  readonly fallback?: Fallback<NoInfer<SchemaOutput<I>>, NoInfer<HandlerOutput<O>>, App>;
  /** Says what became of a call whose answer was lost, by its idempotency key; for tools that honour keys. @default nobody can */
  readonly status?: StatusCheck<App>;
  readonly handler: (input: NoInfer<SchemaOutput<I>>, context: ToolContext<App>) => HandlerResult<R>;
}

/** A definition whose schemas the type checker does not know. */
export interface AnyDefinition extends ToolProperties {
  readonly input?: ToolSchema;
  readonly output?: ToolSchema;
  readonly examples?: readonly unknown[];
  readonly cost?: Cost<never>;
  readonly fallback?: Fallback<never, unknown, never>;
  readonly status?: StatusCheck<never>;
  readonly handler: (input: never, context: ToolContext<never>) => HandlerResult<unknown>;
}

declare const inputType: unique symbol;
declare const outputType: unique symbol;

/**
 * A defined tool. `Input` is what callers send and `Output` what they get back. Both exist only as types: a typed call
 * costs the compiler two property reads, however many tools there are.
 */
export interface Tool<Input = unknown, Output = unknown, App = unknown> {
  readonly name: string;
  readonly version: string;
  readonly definition: AnyDefinition;
  readonly [inputType]?: (input: Input, app: App) => void;
  readonly [outputType]?: () => Output;
}

/** Any tool that a registry whose app is `App` can hold. */
export type AnyTool<App = never> = Tool<never, unknown, App>;
