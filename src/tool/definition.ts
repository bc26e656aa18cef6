// What a user writes to define a tool, as types. Everything is checked at registration (`publish.ts`), so that one bad
// tool among many is reported together with the others.
import type { HandlerResult, ToolContext } from "../call/context.ts";
import type { Access } from "./access.ts";
import type { Effect } from "./effect.ts";
import type { ConcurrencyLimit, Cost, Limit } from "./limit.ts";
import type { SchemaInput, SchemaOutput, ToolSchema } from "./schema/schema.ts";

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
  /** How numbers arrive that a double cannot hold: as BigInt, or as the text that was sent. @default refused */
  readonly exactNumbers?: "bigint" | "text";
}

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
  readonly handler: (input: NoInfer<SchemaOutput<I>>, context: ToolContext<App>) => HandlerResult<R>;
}

/** A definition whose schemas the type checker does not know. */
export interface AnyDefinition extends ToolProperties {
  readonly input?: ToolSchema;
  readonly output?: ToolSchema;
  readonly examples?: readonly unknown[];
  readonly cost?: Cost<never>;
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
