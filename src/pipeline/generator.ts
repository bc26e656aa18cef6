// Handlers that are async generators: what they yield goes to the caller as it comes, what they return is the output.
import type { HandlerEvent } from "../call/event.ts";
import { isPromiseLike, type MaybePromise } from "../kernel/maybe-promise.ts";
import type { Scope } from "../kernel/scope.ts";
import type { Attempt } from "./attempt.ts";

/** What `drainGenerator` resolves to when it stopped the generator: not its output, which nobody will ever know. */
export const CUT_SHORT: unique symbol = Symbol("cut short");

/** Whether a handler returned a generator rather than an output. */
export function isAsyncGenerator(value: unknown): value is AsyncGenerator<HandlerEvent, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.asyncIterator in value &&
    typeof (value as { next?: unknown }).next === "function"
  );
}

/** Runs the generator to its end, delivering what it yields; stops it when the call is cancelled. */
export async function drainGenerator(
  attempt: Attempt,
  generator: AsyncGenerator<HandlerEvent, unknown>,
): Promise<unknown> {
  const { call, scope } = attempt;
  const { emit } = call.request;
  while (!scope.cancelled) {
    const step = await generator.next();
    if (step.done === true) return step.value;
    const event: unknown = step.value;
    if (!isEvent(event)) {
      // It waits at its `yield`, and nobody will ask it again: its `finally` runs all the same.
      await generator.return(undefined);
      throw toNoEvent(event);
    }
    // What nobody listens to is not delivered: the call may still be made again.
    if (event.type === "partial" && emit !== null) call.delivered = true;
    // Waiting for a slow reader is what keeps memory bounded; a reader that never comes back ends with the call.
    if (emit !== null && !scope.cancelled) await untilCancelled(scope, emit(event));
  }
  // Not one step more, and nobody waits for its answer; but its `finally` runs.
  await generator.return(undefined);
  return CUT_SHORT;
}

/** Resolves when `work` does, or when the attempt is over. */
function untilCancelled(scope: Scope, work: MaybePromise<void>): MaybePromise<void> {
  if (!isPromiseLike(work)) return work;
  return new Promise((resolve, reject) => {
    const leave = scope.onCancel(() => {
      resolve();
    });
    work.then(
      () => {
        leave();
        resolve();
      },
      (error: unknown) => {
        leave();
        reject(error);
      },
    );
  });
}

function isEvent(event: unknown): event is HandlerEvent {
  const type = typeof event === "object" && event !== null ? (event as { type?: unknown }).type : undefined;
  return type === "progress" || type === "partial";
}

function toNoEvent(event: unknown): TypeError {
  return new TypeError(
    `a generator handler yields { type: "progress", … } or { type: "partial", value }; received ${typeof event}`,
  );
}
