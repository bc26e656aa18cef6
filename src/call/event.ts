// What a running call tells its caller before the outcome.
import type { Outcome } from "./outcome.ts";

/** How far a handler is. */
export interface ProgressEvent {
  readonly type: "progress";
  /** 0 to 1. */
  readonly fraction?: number;
  readonly message?: string;
}

/** A piece of the result, as soon as it exists. After one was delivered, nothing is retried. */
export interface PartialEvent {
  readonly type: "partial";
  readonly value: unknown;
}

/** What a generator handler yields. */
export type HandlerEvent = ProgressEvent | PartialEvent;

/** What `registry.stream` yields; the last one is the outcome. */
export type CallEvent<T = unknown> = HandlerEvent | { readonly type: "outcome"; readonly outcome: Outcome<T> };
