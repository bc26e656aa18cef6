// What a handler gets beside its input.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { ContentPart } from "./content.ts";
import type { HandlerEvent, ProgressEvent } from "./event.ts";
import type { Outcome } from "./outcome.ts";
import type { Principal } from "./principal.ts";

export interface ToolContext<App = unknown> {
  /** What `createRegistry({ app })` was given. */
  readonly app: App;
  /** Aborted at the attempt's deadline and on cancellation. Pass it on to whatever waits. */
  readonly signal: AbortSignal;
  readonly principal: Principal;
  readonly callId: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** Which attempt of the call this is, from 1. */
  readonly attempt: number;
  /**
   * A key for a tool that passes it on: made from tenant, principal, tool and the caller's key, so that no two principals
   * share one. 64 hexadecimal digits; null when the caller gave none.
   */
  readonly idempotencyKey: string | null;
  /** Milliseconds until the attempt's deadline, 0 or more: what an upstream may still take. */
  remainingMs(): number;
  /** Tells the caller how far the handler is. May be dropped when the caller is slow. */
  progress(event: Omit<ProgressEvent, "type">): void;
  /** Adds a content part to the outcome. */
  attach(part: ContentPart): void;
  /**
   * Calls another tool as the same principal, through the whole walk, within the same deadline. Rejects only for a key that
   * can be none. A repeat of this call makes that one again: give it a key of its own, such as one made from
   * `idempotencyKey`, where it must not have its effect twice.
   */
  call(ref: string, input: unknown, options?: { readonly idempotencyKey?: string }): Promise<Outcome>;
}

/** A handler's answer: the output, a promise of it, or a generator that yields events and returns it. */
export type HandlerResult<Output> = MaybePromise<Output> | AsyncGenerator<HandlerEvent, Output>;
